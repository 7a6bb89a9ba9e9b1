#pragma once
#include <cstddef>
#include <string_view>
#include <vector>

#include "dsl/syntax/tree.hpp"

namespace itera::dsl::layout {

/// A comment, without its line break and the blanks before it. `text` is a part of the source.
struct Comment {
  std::string_view text;
  bool own_line = true;      ///< nothing stands before it on its line
  bool after_blank = false;  ///< a blank line stands before it
};

/// What the tree does not keep: what stands between two neighbouring tokens.
struct Gap {
  std::vector<Comment> comments;
  bool line_break = false;
  bool after_blank = false;  ///< a blank line stands before the token behind the gap
  bool comma = false;        ///< of a list
};

/// Reads `source` from `begin` to `end`, between which no literal stands.
Gap gap_between(std::string_view source, std::size_t begin, std::size_t end);

/// Behind the term's last token. (The span of an assignment may reach over the blanks behind it.)
std::size_t end_of(syntax::Term const& term);

}  // namespace itera::dsl::layout
