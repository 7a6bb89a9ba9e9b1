#pragma once
#include <algorithm>
#include <iterator>
#include <span>
#include <string_view>

#include "dsl/syntax/tree.hpp"

/// The words that begin a clause, by the block that they stand in.
namespace itera::dsl::syntax::words {

inline constexpr std::string_view file[] = {"use", "experiment"};
inline constexpr std::string_view experiment[] = {
    "question",   "hypothesis", "rows",   "origin",  "row",    "sample", "split",
    "traffic",    "baseline",   "arm",    "control", "metric", "also",   "failure",
    "crosscheck", "trials",     "budget", "accept",  "ship",   "sprint", "report"};
inline constexpr std::string_view row[] = {"key", "input", "expected", "slice", "entity", "severity"};
inline constexpr std::string_view split[] = {"train", "dev", "test", "stratify", "cap", "seed"};
inline constexpr std::string_view arm[] = {"ref", "deterministic", "one"};
inline constexpr std::string_view sprint[] = {"iteration"};

/// After one of these comes a name, whatever it looks like: that it is reserved is another mistake.
inline constexpr std::string_view before_name[] = {"experiment", "baseline", "arm",       "control",
                                                   "metric",     "also",     "failure",   "from",
                                                   "every",      "sprint",   "iteration", "accept"};

}  // namespace itera::dsl::syntax::words

namespace itera::dsl::syntax {

/// Whether `terms[i]`, i > 0, of a sentence begins a new clause in a block whose clauses begin with `heads`
/// and, if `settings`, with `name = value`.
inline bool begins_clause(std::span<Term const> terms, std::size_t i, std::span<std::string_view const> heads,
                          bool settings) {
  auto const& term = terms[i];
  auto const& before = terms[i - 1];
  auto const among = [](std::span<std::string_view const> words, Term const& word) {
    return word.kind == TermKind::word && std::find(words.begin(), words.end(), word.text) != words.end();
  };
  if (term.kind == TermKind::assignment) return settings;
  if (!among(heads, term) || among(words::before_name, before)) return false;
  // `effect over traffic of tier`: what it is measured on
  if (term.text == "traffic" && is_word(before, "over")) return false;
  // `sample 4000 rows`, `5 rows using llm`, `1/3 of rows`: here `rows` says of what.
  return !(term.text == "rows" &&
           (before.kind == TermKind::number || is_word(before, "of") || is_word(before, "crosscheck")));
}

}  // namespace itera::dsl::syntax
