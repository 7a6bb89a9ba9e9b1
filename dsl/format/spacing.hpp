#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "dsl/syntax/tree.hpp"

namespace itera::dsl::layout {

/// Whether the terms behind `term` are an expression, given whether it is part of one.
bool leads_expression(syntax::Term const& term, bool in_expression);

/// What stands before `terms[i]`, i > 0, in a clause: a blank or nothing. Never nothing where the two could
/// be read as another token. Outside of expressions, where they mean nothing, `+` `-` `*` and `/` stand as
/// they are written: `new-rules` was meant to be a name.
std::string_view separator(std::span<syntax::Term const> terms, std::size_t i, bool in_expression);

/// The literal of a text at its new place: what the lines of a `"""` text have in common on their left
/// becomes `indent` blanks. Its value stays the same, since just that is no part of it (`dedent` in
/// dsl/grammar/literals.cpp).
std::string moved_text(std::string_view literal, std::size_t indent);

}  // namespace itera::dsl::layout
