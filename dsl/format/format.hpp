#pragma once
#include <string>

#include "core/base/source_map.hpp"
#include "dsl/syntax/tree.hpp"

namespace itera::dsl {

/// The text of a spec in the one layout (docs/language.md, "Layout"). Only white space, line breaks and
/// indentation change: words, numbers, texts and comments are copied as they are written and keep their
/// order, so that the result has the same meaning; formatting it again changes nothing.
///
/// Precondition: `file` is the tree of `source`, sound and without an error of syntax; a text of which
/// something was not understood is given back as it is. Errors of meaning do not matter. Takes time linear in
/// the text for nesting of bounded depth; pure, so safe to call from several threads.
std::string format(syntax::File const& file, SourceMap const& source);

}  // namespace itera::dsl
