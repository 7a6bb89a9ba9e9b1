#include "dsl/check/clause.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/base/text.hpp"
#include "dsl/syntax/words.hpp"

namespace itera::dsl::meaning {

using syntax::Term;
using syntax::TermKind;

std::vector<Clause> clauses_of(syntax::Body const& body, std::span<std::string_view const> heads,
                               bool settings) {
  std::vector<Clause> out;
  for (auto const& item : body.items) {
    std::span<Term const> const terms = item.terms;
    std::size_t begin = 0;
    for (std::size_t i = 1; i <= terms.size(); ++i) {
      if (i < terms.size() && !syntax::begins_clause(terms, i, heads, settings)) continue;
      bool const last = i == terms.size();
      out.push_back({terms.subspan(begin, i - begin), last && item.body ? &*item.body : nullptr,
                     last ? nullptr : &terms[i], last && item.broken});
      begin = i;
    }
  }
  return out;
}

bool has_broken(syntax::Body const& body) {
  return std::any_of(body.items.begin(), body.items.end(), [](auto const& item) { return item.broken; });
}

std::string shown(Report const& report, Term const& term) {
  constexpr std::size_t limit = 40;
  auto text = report.source.slice(term.span);
  auto const line = text.substr(0, text.find('\n'));
  if (line.size() == text.size() && text.size() <= limit)
    return term.kind == TermKind::column ? fmt::format("the name {}", text) : fmt::format("`{}`", text);
  auto end = std::min(line.size(), limit);
  while (end < line.size() && (static_cast<unsigned char>(line[end]) & 0xC0U) == 0x80U) --end;
  return fmt::format("`{}...`", line.substr(0, end));
}

std::vector<std::string> strings(std::span<std::string_view const> from) {
  return {from.begin(), from.end()};
}

std::string quoted(std::span<std::string const> words, std::string_view last) {
  std::vector<std::string> out;
  for (auto const& word : words) out.push_back(fmt::format("`{}`", word));
  return join_words(out, last);
}

std::string brief(std::string_view text) {
  constexpr std::size_t limit = 60;
  if (text.size() <= limit) return std::string(text);
  auto end = limit;
  while ((static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return fmt::format("{}...", text.substr(0, end));
}

std::string listed(std::span<std::string const> names, std::string_view last) {
  constexpr std::size_t most = 12;
  std::vector<std::string> first;
  for (auto const& name : names.first(std::min(most, names.size()))) first.push_back(brief(name));
  auto const more = names.size() - first.size();
  return quoted(first, last) + (more > 0 ? fmt::format(", and {} more", more) : std::string());
}

std::string meant(Term const& head, std::string_view word) {
  return head.kind == TermKind::column && head.text == word
             ? fmt::format("words of the language have no backquotes: `{}`", word)
             : fmt::format("did you mean `{}`?", word);
}

std::optional<std::string> unknown_clause(Report& report, Clause const& clause,
                                          std::span<std::string_view const> heads, std::string_view where) {
  auto const names = strings(heads);
  auto const& head = clause.terms.front();
  if (head.kind == TermKind::assignment) {
    auto const& name = head.items.front();
    auto const known = std::find(names.begin(), names.end(), name.text) != names.end();
    report.error(codes::unknown_clause, name.span, fmt::format("{} has no setting `{}`", where, name.text),
                 known
                     ? fmt::format("`{0}` is a clause, written without `=`: `{0} ...`", name.text)
                     : std::string("settings stand in the block of a plugin: `using NAME { name = value }`"));
    return known ? std::optional(name.text) : std::nullopt;
  }
  auto near = did_you_mean(head.text, names);
  report.error(codes::unknown_clause, clause.head(),
               head.kind == TermKind::column ? fmt::format("expected a clause, found {}", shown(report, head))
                                             : fmt::format("{} has no clause {}", where, shown(report, head)),
               near ? meant(head, *near) : fmt::format("its clauses are {}", quoted(names)));
  return near;
}

void twice(Report& report, Span subject, std::string_view what, Span first) {
  report.error(codes::twice, subject, fmt::format("{} is written twice", what))
      .labels.push_back({first, "first written here"});
}

}  // namespace itera::dsl::meaning
