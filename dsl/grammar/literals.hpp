#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/diagnostic.hpp"

namespace itera::dsl::grammar {

/// Where a literal ends: `end` is the offset after it; an unclosed one ends with its line, an unclosed `"""`
/// with the file.
struct Extent {
  std::size_t end = 0;
  bool closed = true;
  bool block = false;  ///< opened by `"""`
};

/// Precondition: text[at] is `"`.
Extent end_of_text(std::string_view text, std::size_t at);
/// Precondition: text[at] is a backquote.
Extent end_of_column(std::string_view text, std::size_t at);

/// The text that a literal stands for: escapes resolved and, for `"""`, the common indentation removed.
/// `bad_escapes` gets the ranges (relative to `literal`) of the escapes that the language does not have.
std::string text_of(std::string_view literal, Extent extent, std::vector<Span>& bad_escapes);

}  // namespace itera::dsl::grammar
