#include "dsl/format/block.hpp"

#include <utility>

#include "dsl/syntax/words.hpp"

namespace itera::dsl::layout {

namespace words = syntax::words;
using syntax::TermKind;

Block file_block() {
  return {Kind::file, words::file};
}

Block block_of(Terms clause) {
  auto const is = [&](std::string_view word) { return is_word(clause.front(), word); };
  if (is("experiment")) return {Kind::experiment, words::experiment};
  if (is("row")) return {Kind::words, words::row};
  if (is("split")) return {Kind::words, words::split};
  if (is("traffic")) return {Kind::words, {}};
  if (is("sprint")) return {Kind::sprint, words::sprint};
  if (is("baseline") || is("arm") || is("control") || is("iteration")) return {Kind::settings, words::arm};
  return {Kind::settings, {}};
}

bool one_clause_a_line(Block const& block) {
  return block.kind == Kind::file || block.kind == Kind::experiment || block.kind == Kind::sprint;
}

std::vector<Clause> clauses_of(syntax::Body const& body, Block const& block) {
  std::vector<Clause> out;
  bool const settings = block.kind != Kind::experiment;
  for (auto const& item : body.items) {
    Terms const terms = item.terms;
    std::size_t begin = 0;
    for (std::size_t i = 1; i <= terms.size(); ++i) {
      bool const last = i == terms.size();
      if (!last && !syntax::begins_clause(terms, i, block.heads, settings)) continue;
      out.push_back({terms.subspan(begin, i - begin), last && item.body ? &*item.body : nullptr});
      begin = i;
    }
  }
  return out;
}

Table table_of(Block const& block, Terms clause) {
  if (clause.size() == 1) return clause[0].kind == TermKind::assignment ? Table::settings : Table::none;
  bool const says_text = clause[1].kind == TermKind::text;
  if (block.kind == Kind::words) return Table::words;
  if (block.kind == Kind::settings && is_word(clause[0], "ref") && says_text) return Table::settings;
  if (block.kind != Kind::experiment) return Table::none;
  if (is_word(clause[0], "failure")) return Table::failures;
  bool const asks = is_word(clause[0], "question") || is_word(clause[0], "hypothesis");
  return asks && says_text ? Table::words : Table::none;
}

std::vector<std::size_t> columns_of(Table table, Terms clause) {
  if (table == Table::none || clause.size() < 2) return {};
  if (table != Table::failures) return {1};
  std::vector<std::size_t> out;
  bool weight = false, text = false, condition = false;
  for (std::size_t i = 2; i < clause.size() && !condition; ++i) {
    auto& begun = clause[i].kind == TermKind::text ? text : is_word(clause[i], "when") ? condition : weight;
    bool const begins = &begun != &weight || is_word(clause[i], "weight");
    if (begins && !std::exchange(begun, true)) out.push_back(i);
  }
  return out;
}

bool is_ship_rule(Block const& block, Terms clause) {
  return block.kind == Kind::experiment && is_word(clause[0], "ship");
}

}  // namespace itera::dsl::layout
