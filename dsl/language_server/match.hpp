#pragma once
#include <span>
#include <string_view>
#include <vector>

#include "dsl/language_server/vocabulary.hpp"
#include "dsl/syntax/tree.hpp"

namespace itera::dsl::language_server {

/// What a place in a form takes.
enum class Slot {
  word,    ///< the word `text` itself
  symbol,  ///< the symbol `text` itself
  name,
  arm,
  slice,
  slice_value,
  category,
  metric,
  column,
  stratum,
  entity,
  source,
  plugin,
  judge,
  reporter,
  value,
  text,    ///< a quoted text; `text` is an example
  number,  ///< likewise
  expression,
  condition,
};

struct Element {
  Slot slot = Slot::word;
  std::string_view text;
  Form const* form = nullptr;  ///< the row of the table that it stands in: a guard's own within the ship rule
};

/// How far the terms of a clause follow one of its forms.
struct Match {
  Form const* form = nullptr;  ///< the form that they follow furthest; null if there is none
  std::vector<Element const*>
      elements;           ///< what each term was taken for; fewer than the terms if they depart
  bool complete = false;  ///< the clause may end here
  std::vector<Element const*> expected;  ///< what may come next; empty if the terms departed
};

/// Matches the terms of a clause, the first of which begins it, against the forms that `where` has for it. A
/// word of the language wins over a name. Time linear in the terms.
Match match(Block where, std::span<syntax::Term const> terms);

}  // namespace itera::dsl::language_server
