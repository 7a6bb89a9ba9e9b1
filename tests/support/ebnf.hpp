#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace itera::support::ebnf {

/// A part of a grammar, as it is written.
struct Node {
  enum class Kind {
    terminal,   ///< "rows": `text` is what stands in the quotes
    reference,  ///< `text` is the name of a production
    special,    ///< ? in words ?: `text` is the words
    sequence,   ///< `items` one after the other; none is the empty sequence
    choice,     ///< one of `items`
    optional,   ///< [ items[0] ]
    repeat,     ///< { items[0] }, any number of times
    except      ///< items[0] - items[1]
  };
  Kind kind = Kind::sequence;
  std::string text;
  std::vector<Node> items;
  std::size_t id = 0;  ///< which of all the grammar's parts it is
};

struct Grammar {
  std::map<std::string, Node, std::less<>> productions;
  std::size_t parts = 0;
  /// The production. Throws std::runtime_error if there is none of this name.
  Node const& operator[](std::string_view name) const;
};

/// The ```ebnf blocks of a Markdown page, in order.
std::vector<std::string> blocks(std::string_view markdown);

/// Adds the productions of a text in the notation of ISO 14977, where terms of a sequence need no comma.
/// Throws std::runtime_error, with the place, for what is not such a text, and for a name defined twice.
void read(Grammar& grammar, std::string_view text);

/// Throws std::runtime_error if a production is referred to that there is not.
void require_closed(Grammar const& grammar);

/// The texts of all terminals of a part, and of no production that it refers to.
std::vector<std::string> terminals(Node const& node);

/// What a part may begin with, as far as that is a terminal: `"arm" | ( "cap" number )` gives `arm` and
/// `cap`.
std::vector<std::string> first_terminals(Grammar const& grammar, Node const& node);

}  // namespace itera::support::ebnf
