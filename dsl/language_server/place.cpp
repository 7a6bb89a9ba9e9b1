#include "dsl/language_server/place.hpp"

namespace itera::dsl::language_server {
namespace {

using syntax::Term;

// The term at the offset: that which holds it or begins there, else that which ends there.
Term const* term_at(std::span<Term const> terms, std::uint32_t offset) {
  Term const* behind = nullptr;
  for (auto const& term : terms) {
    if (term.span.begin <= offset && offset < term.span.end) return &term;
    if (term.span.end == offset) behind = &term;
  }
  return behind;
}

void descend(Place& place, std::uint32_t offset) {
  while (!place.terms.back()->items.empty()) {
    auto const* inner = term_at(place.terms.back()->items, offset);
    if (!inner) return;
    place.terms.push_back(inner);
  }
}

ExperimentOutline const* outline_of(Outline const& outline, Clause const& clause) {
  for (auto const& experiment : outline.experiments)
    if (experiment.clause.head() == clause.head()) return &experiment;
  return nullptr;
}

}  // namespace

Place locate(Outline const& outline, std::uint32_t offset) {
  Place out;
  auto const* body = &outline.tree.body;
  while (body) {
    auto const* const inside = body;
    body = nullptr;
    out.clauses = clauses_in(*inside, out.block);
    for (auto const& clause : out.clauses) {
      if (!clause.body || offset < clause.body->open.end || offset > clause.body->close.begin) continue;
      if (out.block == Block::file) out.experiment = outline_of(outline, clause);
      out.block = block_of(out.block, clause);
      out.owner = clause;
      body = out.owner->body;
      break;
    }
  }
  for (std::size_t i = 0; i < out.clauses.size(); ++i) {
    auto const& terms = out.clauses[i].terms;
    if (offset < terms.front().span.begin || offset > terms.back().span.end) continue;
    auto const* term = term_at(terms, offset);
    out.clause = i;
    if (!term) {
      out.terms.clear();
      continue;
    }
    out.index = static_cast<std::size_t>(term - terms.data());
    out.terms = {term};
    if (offset < term->span.end) break;
  }
  if (!out.terms.empty()) descend(out, offset);
  return out;
}

Declared const* declared_at(Place const& place, Slot slot, Term const& term) {
  if (!place.experiment) return nullptr;
  using Kind = Declared::Kind;
  auto const& experiment = *place.experiment;
  switch (slot) {
    case Slot::name:
      for (auto const& declared : experiment.declared)
        if (declared.span == term.span) return &declared;
      return nullptr;
    case Slot::arm:
      return find(experiment, term.text, is_arm, term.span.begin);
    case Slot::metric:
      return find(experiment, term.text,
                  [](auto const& d) { return d.kind == Kind::secondary || d.kind == Kind::metric; });
    case Slot::category:
      return find(experiment, term.text, [](auto const& d) { return d.kind == Kind::category; });
    case Slot::slice:
    case Slot::slice_value: {
      auto const* slice = find(experiment, term.text, [](auto const& d) {
        return d.kind == Kind::column && d.clause.word() == "slice";
      });
      if (slice) return slice;
      [[fallthrough]];
    }
    case Slot::column:
    case Slot::stratum:
    case Slot::entity:
    case Slot::expression:
    case Slot::condition:
      return find(
          experiment, term.text, [](auto const& d) { return d.kind == Kind::column; }, 0);
    default:
      return nullptr;
  }
}

}  // namespace itera::dsl::language_server
