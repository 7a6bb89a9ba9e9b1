#pragma once
#include <string_view>

#include "dsl/syntax/tree.hpp"

namespace itera::dsl::language_server {

/// Text -> tree, for a text that somebody is typing: nothing is reported and hardly anything is dropped. For
/// a text without mistakes of syntax it is the tree of parse(). Otherwise: an assignment without a value has
/// an empty word for it, a call without an argument an empty text, a character that belongs nowhere is a
/// symbol, and where braces do not match, a block ends at the first line that is indented no further than the
/// line that opened it. Takes any bytes and linear time; blocks and lists nested over 200 deep are flattened.
syntax::File read_loosely(std::string_view text);

inline constexpr bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

}  // namespace itera::dsl::language_server
