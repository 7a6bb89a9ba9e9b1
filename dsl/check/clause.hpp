#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/check/report.hpp"
#include "dsl/syntax/tree.hpp"

namespace itera::dsl::meaning {

/// One clause: a word (or, in `traffic`, a column) and what belongs to it, up to the next word that starts
/// one.
struct Clause {
  std::span<syntax::Term const> terms;  ///< never empty; the first starts the clause
  syntax::Body const* body = nullptr;   ///< the block behind it
  syntax::Term const* next = nullptr;   ///< what starts the next clause on the same line
  bool broken = false;                  ///< a mistake was reported in it already

  /// The word that starts it; empty if something else does.
  std::string_view word() const {
    return terms.front().kind == syntax::TermKind::word ? std::string_view(terms.front().text) : "";
  }
  Span head() const { return terms.front().span; }
  Span span() const { return {terms.front().span.begin, body ? body->close.end : terms.back().span.end}; }
};

/// The clauses of a block: its sentences, cut before every word of `heads` and, if `settings`, before every
/// `name = value`.
std::vector<Clause> clauses_of(syntax::Body const& body, std::span<std::string_view const> heads,
                               bool settings);

/// Whether something in the block was reported as broken: what is missing may be just that.
bool has_broken(syntax::Body const& body);

/// "`word`", for a message.
std::string shown(Report const& report, syntax::Term const& term);

/// "did you mean `word`?", for what stands where a clause or a setting begins.
std::string meant(syntax::Term const& head, std::string_view word);

/// E202 for a clause that `where` ("an experiment", "`row`") does not have. Gives the one of `heads` that was
/// probably meant, which is then not missing.
std::optional<std::string> unknown_clause(Report& report, Clause const& clause,
                                          std::span<std::string_view const> heads, std::string_view where);
/// E204 with a label at the first.
void twice(Report& report, Span subject, std::string_view what, Span first);

std::vector<std::string> strings(std::span<std::string_view const> from);
/// "`a`, `b` and `c`".
std::string quoted(std::span<std::string const> words, std::string_view last = "and");
/// A name or a text as a message has it: cut where it is long.
std::string brief(std::string_view text);
/// Like `quoted`, of names that a spec gives: of many only the first twelve, "`a`, `b`, ..., and 88 more".
std::string listed(std::span<std::string const> names, std::string_view last = "and");

}  // namespace itera::dsl::meaning
