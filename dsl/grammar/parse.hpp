#pragma once
#include "core/base/diagnostic.hpp"
#include "core/base/source_map.hpp"
#include "dsl/syntax/tree.hpp"

namespace itera::dsl {

/// Text -> tree, without meaning. Reports every mistake that it can tell apart, goes on after each, and
/// returns what it understood. Never throws for any input; takes time linear in the text.
syntax::File parse(SourceMap const& source, Diagnostics& problems);

}  // namespace itera::dsl
