#pragma once
#include <cstddef>
#include <functional>
#include <optional>
#include <unordered_map>
#include <vector>

#include "tests/support/ebnf.hpp"

namespace itera::support::ebnf {

/// Positions, rising and each once.
using Ends = std::vector<std::size_t>;

/// Says where a sequence of anything may end that a part of a grammar describes. All ways are tried, each
/// part once at a position, so a grammar may be ambiguous; it must not be left-recursive.
class Matcher {
 public:
  /// Where a terminal, a special sequence or a reference may end that begins at the position. For a reference
  /// nothing means: as its production says.
  using Leaf = std::function<std::optional<Ends>(Node const&, std::size_t)>;

  Matcher(Grammar const& grammar, Leaf leaf) : grammar_(grammar), leaf_(std::move(leaf)) {}
  Ends const& ends(Node const& node, std::size_t at);
  bool reaches(Node const& node, std::size_t at, std::size_t end);

 private:
  Ends find(Node const& node, std::size_t at);
  Grammar const& grammar_;
  Leaf leaf_;
  std::unordered_map<std::size_t, Ends> known_;  // by part and position
};

}  // namespace itera::support::ebnf
