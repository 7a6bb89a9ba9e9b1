#pragma once
#include <optional>

#include "core/spec/expression.hpp"
#include "dsl/check/cursor.hpp"

namespace itera::dsl::meaning {

/// What an expression may speak of beside the columns of a row.
enum class Scope {
  row,     ///< nothing
  answer,  ///< `output`, what the arm answered, and `expected`
};

/// A number, read from the cursor to the end of its clause; nothing after a mistake, which is reported. It
/// must be bounded above: one huge row must not decide.
std::optional<spec::Expression> read_severity(Report& report, Cursor& cursor);

/// A condition, likewise.
std::optional<spec::Expression> read_condition(Report& report, Cursor& cursor, Scope scope);

}  // namespace itera::dsl::meaning
