#include <algorithm>

#include <fmt/format.h>

#include "core/base/text.hpp"
#include "dsl/language_server/analysis.hpp"

namespace itera::dsl::language_server {
namespace {

using Kind = Declared::Kind;
using syntax::TermKind;

Symbol::Kind kind_of(Declared const& declared) {
  switch (declared.kind) {
    case Kind::metric:
    case Kind::secondary:
      return Symbol::Kind::metric;
    case Kind::category:
      return Symbol::Kind::category;
    case Kind::iteration:
      return Symbol::Kind::iteration;
    default:
      return Symbol::Kind::arm;
  }
}

// What the clause says of itself: a category its weight, an arm what it changes.
std::string detail_of(Declared const& declared) {
  auto const& terms = declared.clause.terms;
  auto const text =
      std::find_if(terms.begin(), terms.end(), [](auto const& t) { return t.kind == TermKind::text; });
  std::string out(noun(declared.kind));
  if (!declared.parent.empty() && declared.kind != Kind::iteration) out += " from " + declared.parent;
  if (declared.kind == Kind::category && terms.size() > 3) out += fmt::format(", weight {}", terms[3].text);
  if (text != terms.end()) out += ": " + squeeze(text->text);
  return out;
}

Symbol symbol(Declared const& declared) {
  return {kind_of(declared), declared.name, detail_of(declared), declared.clause.span(), declared.span, {}};
}

Symbol of_clause(Symbol::Kind kind, Clause const& clause, std::string name, std::string detail) {
  return {kind, std::move(name), std::move(detail), clause.span(), clause.head(), {}};
}

}  // namespace

std::vector<Symbol> symbols(SourceMap const& source, Outline const& outline) {
  std::vector<Symbol> out;
  for (auto const& experiment : outline.experiments) {
    Symbol one{Symbol::Kind::experiment,
               experiment.name.empty() ? "experiment" : experiment.name,
               "experiment",
               experiment.clause.span(),
               experiment.name_span,
               {}};
    for (auto const& declared : experiment.declared)
      if (declared.kind != Kind::column && declared.kind != Kind::iteration)
        one.children.push_back(symbol(declared));
    for (auto const& clause : experiment.clauses) {
      auto const found = match(Block::experiment, clause.terms);
      if (clause.word() == "ship")
        one.children.push_back(of_clause(
            Symbol::Kind::rule, clause, "ship",
            squeeze(source.slice({clause.terms.front().span.begin, clause.terms.back().span.end}))));
      if (auto const* plugin = filled(found, clause, Slot::source))
        one.children.push_back(of_clause(Symbol::Kind::source, clause, "rows", "from " + plugin->text));
      auto const* arm = clause.word() == "sprint" ? filled(found, clause, Slot::arm) : nullptr;
      if (!arm) continue;
      auto sprint = of_clause(Symbol::Kind::sprint, clause, "sprint " + arm->text, "");
      for (auto const& declared : experiment.declared)
        if (declared.kind == Kind::iteration && sprint.whole.begin <= declared.span.begin &&
            declared.span.end <= sprint.whole.end)
          sprint.children.push_back(symbol(declared));
      one.children.push_back(std::move(sprint));
    }
    std::stable_sort(one.children.begin(), one.children.end(),
                     [](auto const& a, auto const& b) { return a.whole.begin < b.whole.begin; });
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace itera::dsl::language_server
