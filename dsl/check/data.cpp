#include "dsl/check/data.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "core/base/text.hpp"
#include "dsl/check/cursor.hpp"
#include "dsl/check/expression.hpp"
#include "dsl/check/seen.hpp"
#include "dsl/syntax/words.hpp"

namespace itera::dsl::meaning {
namespace {

using syntax::TermKind;

constexpr std::span kRowHeads = syntax::words::row;

struct Parts {
  std::map<std::string_view, Clause> clauses;
  std::vector<std::string> meant;  ///< clauses that were probably meant by unknown words
  bool sound = true;
};

/// The clauses of `row` by their word; a second one of a word is reported.
Parts parts_of(Report& report, syntax::Body const& body) {
  Parts out;
  auto const all = clauses_of(body, kRowHeads, true);
  for (std::size_t i = 0; i < all.size(); ++i) {
    auto const& clause = all[i];
    auto const& head = clause.terms.front();
    out.sound = out.sound && !clause.broken;
    if (std::find(std::begin(kRowHeads), std::end(kRowHeads), clause.word()) == std::end(kRowHeads)) {
      if (!clause.broken)
        if (auto const meant = unknown_clause(report, clause, kRowHeads, "`row`"))
          out.meant.push_back(*meant);
      out.sound = false;
    } else if (auto const [it, fresh] = out.clauses.try_emplace(clause.word(), clause); !fresh) {
      // `input input` lacks a column, or its backquotes; that is reported where the column is looked for.
      bool const follows_empty = i > 0 && all[i - 1].terms.size() == 1 && all[i - 1].next == &head;
      if (!follows_empty) twice(report, clause.head(), fmt::format("`{}`", clause.word()), it->second.head());
      out.sound = false;
    }
  }
  return out;
}

bool has_block(Report& report, Clause const& clause) {
  Cursor cursor(report, clause);
  if (!cursor.at_end() || !clause.body) cursor.unexpected("`{`");
  return cursor.ok() && clause.body;
}

std::vector<spec::Name> columns(Report& report, Cursor& cursor, bool several) {
  std::vector<spec::Name> out;
  Seen seen;
  do {
    auto const column = cursor.expect_column();
    if (!column) break;
    if (auto const first = seen.met(column->value, column->span)) {
      twice(report, column->span, fmt::format("the column `{}`", column->value), *first);
      cursor.fail();
    }
    out.push_back(*column);
  } while (several && cursor.take_symbol(","));
  if (auto const* rest = cursor.peek()) {
    auto const near = did_you_mean(rest->text, strings(kRowHeads));
    cursor.unexpected(several ? "`,` or end of line" : "end of line",
                      near      ? fmt::format("did you mean `{}`?", *near)
                      : several ? std::string("columns are separated by `,`")
                                : std::string());
  }
  cursor.finish();
  return out;
}

}  // namespace

bool read_origin(Report& report, Clause const& clause, spec::Experiment& out) {
  Cursor cursor(report, clause);
  if (cursor.take("generated")) {
    out.origin = spec::Origin::generated;
    cursor.expect("from");
    if (auto const from = cursor.expect_text("a quoted text that says from what"))
      out.generated_from = from->value;
  } else if (!cursor.take("production")) {
    cursor.unexpected("`production` or `generated from \"...\"`");
  }
  cursor.finish();
  return cursor.ok();
}

bool read_row(Report& report, Clause const& clause, spec::RowMapping& out) {
  if (!has_block(report, clause)) return false;
  auto const parts = parts_of(report, *clause.body);
  auto const& clauses = parts.clauses;
  bool sound = parts.sound && !has_broken(*clause.body);
  auto const read = [&](std::string_view word, bool several) {
    auto const it = clauses.find(word);
    if (it == clauses.end()) return std::vector<spec::Name>();
    Cursor cursor(report, it->second);
    auto names = columns(report, cursor, several);
    sound = sound && cursor.ok();
    return names;
  };
  auto const one = [&](std::string_view word) -> std::optional<spec::Name> {
    auto const names = read(word, false);
    return names.empty() ? std::nullopt : std::optional(names.front());
  };
  if (auto const key = one("key")) out.key = *key;
  out.inputs = read("input", true);
  out.expected = one("expected");
  out.slices = read("slice", true);
  out.entity = one("entity");
  if (auto const it = clauses.find("severity"); it != clauses.end()) {
    Cursor cursor(report, it->second);
    out.severity = read_severity(report, cursor);
  }
  if (out.expected) {
    auto const leak = std::find_if(out.inputs.begin(), out.inputs.end(),
                                   [&](auto const& c) { return c.value == out.expected->value; });
    if (leak != out.inputs.end()) {
      report
          .error(codes::leaked_answer, leak->span,
                 fmt::format("the column `{}` is an input and the expected answer", leak->value),
                 "an arm that sees the answer tests nothing: leave it out of `input`")
          .labels.push_back({out.expected->span, "the expected answer"});
      sound = false;
    }
  }
  if (has_broken(*clause.body)) return false;
  for (auto const& [word, help] :
       {std::pair{"key", "write `key COLUMN`: the column that tells rows apart"},
        std::pair{"input", "write `input COLUMN, ...`: what the arms get to see"}}) {
    if (clauses.contains(word) ||
        std::find(parts.meant.begin(), parts.meant.end(), word) != parts.meant.end())
      continue;
    report.error(codes::missing_clause, clause.head(), fmt::format("`row` has no `{}`", word), help);
    sound = false;
  }
  return sound;
}

bool read_sample(Report& report, Clause const& clause, spec::Experiment& out) {
  Cursor cursor(report, clause);
  if (auto const n = cursor.expect_count("a number of rows", 1, 1'000'000'000)) out.sample = n->value;
  cursor.expect("rows");
  cursor.finish();
  return cursor.ok();
}

}  // namespace itera::dsl::meaning
