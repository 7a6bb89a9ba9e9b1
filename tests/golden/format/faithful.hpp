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

/// Fails the test unless `text`, which has no mistake of syntax, is formatted faithfully: the same comments,
/// the same clauses with the same terms, the same warnings and plans, if it has any; and formatting again
/// changes nothing. Gives the number of experiments that passed the checker.
std::size_t expect_faithful(std::string const& text);

}  // namespace itera::golden
