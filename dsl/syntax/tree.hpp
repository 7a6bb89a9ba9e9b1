#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/base/diagnostic.hpp"

namespace itera::dsl::syntax {

enum class TermKind {
  word,        ///< `accuracy`
  column,      ///< a name in backquotes; `text` is without them
  text,        ///< a quoted text; `text` has the escapes resolved
  number,      ///< `text` is as written, sign and unit included
  symbol,      ///< `,` `>=` `(` ...
  call,        ///< `env("X")`: `text` is `env`, `items` the one argument
  list,        ///< `items` are the elements
  assignment,  ///< `name = value`: `items` are the name and the value
};

/// One word or value of a sentence. No meaning yet: `five` may be a name, a clause or a mistake.
struct Term {
  TermKind kind = TermKind::word;
  Span span;
  std::string text;
  std::vector<Term> items;
};

struct Item;

/// What stands between `{` and `}`, or the whole file.
struct Body {
  std::vector<Item> items;
  Span open;   ///< the `{`
  Span close;  ///< the `}`; empty if it is missing
};

/// A sentence with the block that may follow it. Several clauses may share one line, so a sentence is not yet
/// a clause: the checker knows the words and cuts.
struct Item {
  std::vector<Term> terms;
  std::optional<Body> body;
  bool broken = false;  ///< a mistake was reported in it; `terms` are those before the mistake
};

/// A spec's text as a tree. Partial if there were mistakes.
struct File {
  Body body;
  /// False if the blocks or texts do not close (or the text is no text at all): what stands where is then a
  /// guess, and looking for meaning would only add noise.
  bool sound = true;
};

inline bool is_word(Term const& term, std::string_view text) {
  return term.kind == TermKind::word && term.text == text;
}
inline bool is_symbol(Term const& term, std::string_view text) {
  return term.kind == TermKind::symbol && term.text == text;
}

}  // namespace itera::dsl::syntax
