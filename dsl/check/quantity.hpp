#pragma once
#include <optional>
#include <string_view>

#include "core/spec/value.hpp"
#include "dsl/check/report.hpp"
#include "dsl/syntax/tree.hpp"

namespace itera::dsl::meaning {

/// The number of a term as written; E112 if it is none.
std::optional<spec::Quantity> quantity(Report& report, syntax::Term const& term);

/// "pp", "%", ... as written.
std::string_view unit_text(spec::Unit unit);

/// Whether the number has at most four decimals: exact arithmetic on thresholds and shares needs a bound.
inline bool is_plain(Rational value) {
  return 10'000 % value.den == 0;
}

}  // namespace itera::dsl::meaning
