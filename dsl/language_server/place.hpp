#pragma once
#include <optional>
#include <string_view>
#include <vector>

#include "dsl/language_server/outline.hpp"

namespace itera::dsl::language_server {

/// Where an offset stands in a text.
struct Place {
  Block block = Block::file;
  ExperimentOutline const* experiment = nullptr;  ///< null outside of one
  std::optional<Clause> owner;                    ///< whose block it is
  std::vector<Clause> clauses;                    ///< of the block
  std::optional<std::size_t> clause;              ///< of them, that the offset is in; nothing between two
  std::size_t index = 0;                          ///< of the clause's term at the offset
  std::vector<syntax::Term const*> terms;         ///< that term and those within it, the innermost last

  Clause const* current() const { return clause ? &clauses[*clause] : nullptr; }
  syntax::Term const* innermost() const { return terms.empty() ? nullptr : terms.back(); }
};

/// An offset right behind a term belongs to it if no other term begins there.
Place locate(Outline const& outline, std::uint32_t offset);

/// What a word or column at a place speaks of.
Declared const* declared_at(Place const& place, Slot slot, syntax::Term const& term);

}  // namespace itera::dsl::language_server
