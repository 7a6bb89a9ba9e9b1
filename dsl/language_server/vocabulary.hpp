#pragma once
#include <span>
#include <string_view>
#include <vector>

namespace itera::dsl::language_server {

/// What a block holds.
enum class Block {
  none,  ///< the clause has no block
  file,
  experiment,
  settings,  ///< of a plugin
  arm,       ///< settings of an arm's plugin, and clauses
  row,
  split,
  traffic,
  sprint,
  guard,  ///< no block: the conditions of the ship rule, of which each begins like a clause
};

enum class Presence { required, optional, several, one_or_more };

/// A clause of the language, in one of its forms. What the editors know of the language is made of this
/// table.
///
/// A form is read from left to right: lower-case words and symbols stand for themselves, what is quoted for a
/// text, a number for a number; `[ ]` may be left out, `( a | b )` is one of several, `, ...` repeats what
/// stands before it, `...` the bracket before it; `{ ... }` is a block. A word in capitals is a place to
/// fill:
///
///   NAME                        a name of its own
///   ARM                         an arm, a control or the baseline
///   SLICE CATEGORY METRIC       what the ship rule speaks of; SLICE=VALUE one value of a slice
///   COLUMN STRATUM ENTITY       a column of the source; one of those that split and traffic know; the entity
///   SOURCE PLUGIN JUDGE REPORTER  a plugin; PLUGIN is that of an arm
///   VALUE                       a value of a column
///   EXPRESSION CONDITION        the rest of the clause
///   GUARD                       a condition of the ship rule
struct Form {
  Block where;
  std::string_view word;
  std::string_view form;
  Block body;
  Presence presence;
  std::string_view fallback;  ///< what holds where the clause is not written; empty: nothing
  std::string_view rule;      ///< of the method, that the clause is there for; may be empty
  std::string_view means;
};
std::span<Form const> forms();

/// Another word of the language, and what it means in the clause `in`; empty: everywhere.
struct Word {
  std::string_view word;
  std::string_view in;
  std::string_view means;
};
std::span<Word const> words();

/// `pp`, `%`, ... and what they mean.
struct Unit {
  std::string_view unit;
  std::string_view means;
};
std::span<Unit const> units();

/// The words that begin a clause in a block, in the order of the table, each once.
std::span<std::string_view const> heads(Block where);
/// The forms of a clause; empty if `where` has no such.
std::vector<Form const*> forms_of(Block where, std::string_view word);
/// The meaning of a word within a clause that begins with `head`; null if it has none.
Word const* word_in(std::string_view head, std::string_view word);

/// Words by how an editor colours them.
enum class Group {
  clause,    ///< begins a clause
  rule,      ///< stands inside a clause
  value,     ///< is one of the words that a clause offers: `production`, `interval`, `true`
  function,  ///< `min`, `file`
};
/// Sorted, each word in one group.
std::vector<std::string_view> words_of(Group group);

}  // namespace itera::dsl::language_server
