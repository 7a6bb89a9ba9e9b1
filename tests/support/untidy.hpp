#pragma once
#include <string>
#include <vector>

#include "tests/support/dice.hpp"

namespace itera::support {

/// The words and signs of one clause, with its block.
using Words = std::vector<std::string>;

/// Writes words with whatever may stand between them: blanks, tabs, line breaks, comments.
class Untidy {
 public:
  explicit Untidy(Dice& dice) : dice_(dice), breaks_(2 + dice.below(6)), comments_(2 + dice.below(8)) {}

  /// A clause. It may share the line of the one before, unless `own_line`.
  void clause(Words const& words, bool own_line = false);
  void open();
  void close();
  /// Everything so far, at most once.
  std::string take();

 private:
  std::string blanks(std::size_t least);
  std::string line_breaks();
  /// What may stand between two words of a sentence.
  std::string between(std::string const& before, std::string const& word, bool in_list);
  void put(std::string const& space, std::string const& word);

  Dice& dice_;
  std::size_t breaks_;    // one break in so many places that may have one
  std::size_t comments_;  // one comment in so many breaks
  std::string out_;
  bool first_ = true;  // in its block
  bool after_block_ = false;
};

}  // namespace itera::support
