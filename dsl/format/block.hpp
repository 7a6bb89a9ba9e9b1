#pragma once
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "dsl/format/gap.hpp"
#include "dsl/format/page.hpp"
#include "dsl/syntax/tree.hpp"

namespace itera::dsl::layout {

using Terms = std::span<syntax::Term const>;

enum class Kind { file, experiment, words, settings, sprint };

/// What a block is, by the clause that it belongs to.
struct Block {
  Kind kind = Kind::settings;
  std::span<std::string_view const> heads;  ///< the words that begin its clauses
};

Block file_block();
Block block_of(Terms clause);
/// Whether its clauses stand on a line each, whatever their author did.
bool one_clause_a_line(Block const& block);

/// A word with what belongs to it, and the block behind it.
struct Clause {
  Terms terms;  ///< never empty
  syntax::Body const* body = nullptr;

  std::size_t begin() const { return terms.front().span.begin; }
  std::size_t end() const { return body ? body->close.end : end_of(terms.back()); }
};

/// The sentences of a block, cut into clauses as the checker cuts them.
std::vector<Clause> clauses_of(syntax::Body const& body, Block const& block);

/// The table that a clause is a line of, if it stands on a line of its own.
Table table_of(Block const& block, Terms clause);
/// The terms of the clause with which the further columns of the table begin, in their order.
std::vector<std::size_t> columns_of(Table table, Terms clause);
bool is_ship_rule(Block const& block, Terms clause);

}  // namespace itera::dsl::layout
