#pragma once
#include <optional>
#include <string>
#include <vector>

namespace itera::golden {

/// The text in the one layout; nothing if it has a mistake of syntax.
std::optional<std::string> formatted(std::string const& text);

/// The comments of a text, in their order.
std::vector<std::string> comments_of(std::string const& text);

/// A text without its comments and without what stands in quotes or backquotes.
std::string bare(std::string const& text);

/// The tree without places: kind and text of each term, clause by clause, block in block.
std::string tree_of(std::string const& text);

/// All that is made of a text: what the checker reports, and each experiment with its plan.
std::string meaning_of(std::string const& text);

/// Fails the test unless `text`, which has no mistake of syntax, is formatted faithfully: the same comments,
/// tree and meaning, in lines without blanks at their ends and with at most one blank line in a row, and
/// formatting again changes nothing.
void expect_faithful(std::string const& text);

}  // namespace itera::golden
