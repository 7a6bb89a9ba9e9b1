#include "dsl/format/written.hpp"

#include "dsl/format/spacing.hpp"

namespace itera::dsl::layout {

using syntax::Term;
using syntax::TermKind;

bool Written::has_break(std::size_t begin, std::size_t end) const {
  return source_.substr(begin, end - begin).find('\n') != source_.npos;
}

Gap Written::gap_at_end(Term const& list) const {
  return gap(list.items.empty() ? list.span.begin + 1 : end_of(list.items.back()), list.span.end - 1);
}

Gap Written::gap_at_begin(syntax::Body const& body, std::size_t end) const {
  return gap(body.open.end, body.items.empty() ? end : body.items.front().terms.front().span.begin);
}

std::string Written::flat(Term const& term, bool begins_clause) const {
  if (term.kind == TermKind::assignment)
    return term.items[0].text + (begins_clause ? " = " : "=") + flat(term.items[1]);
  if (term.kind == TermKind::call) return term.text + "(" + flat(term.items[0]) + ")";
  if (term.kind != TermKind::list) return std::string(slice(term.span));
  std::string out = "[";
  for (auto const& item : term.items) out += (out.size() > 1 ? ", " : "") + flat(item);
  return out + (gap_at_end(term).comma ? ",]" : "]");
}

std::string Written::flat(Terms clause) const {
  auto out = flat(clause[0], true);
  bool in_expression = false;
  for (std::size_t i = 1; i < clause.size(); ++i) {
    in_expression = leads_expression(clause[i - 1], in_expression);
    out.append(separator(clause, i, in_expression)).append(flat(clause[i]));
  }
  return out;
}

std::string Written::flat(std::span<Clause const> clauses) const {
  std::string out;
  for (auto const& clause : clauses) out.append(out.empty() ? "" : "  ").append(flat(clause.terms));
  return out;
}

}  // namespace itera::dsl::layout
