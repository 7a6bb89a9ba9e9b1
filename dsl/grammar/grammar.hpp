#pragma once
#include <string_view>

#include "core/base/diagnostic.hpp"
#include "dsl/syntax/tree.hpp"

namespace itera::dsl::grammar {

/// Applies the grammar to a text that `is_parsable`.
syntax::File read(std::string_view text, Diagnostics& problems);

}  // namespace itera::dsl::grammar
