#include "dsl/format/spacing.hpp"

#include <algorithm>
#include <vector>

#include "dsl/format/gap.hpp"

namespace itera::dsl::layout {
namespace {

using syntax::Term;
using syntax::TermKind;

constexpr std::string_view kFence = "\"\"\"";
constexpr std::string_view kBlanks = " \t\r";

// Behind one of these an operand begins, so that a `(` calls nothing and a `-` is a sign.
constexpr std::string_view kBeforeOperand[] = {"and", "or", "not", "when", "matches", "severity"};

bool begins_operand(std::span<Term const> terms, std::size_t i) {
  if (i == 0) return true;
  auto const& before = terms[i - 1];
  if (before.kind == TermKind::symbol) return before.text != ")";
  return before.kind == TermKind::word && std::find(std::begin(kBeforeOperand), std::end(kBeforeOperand),
                                                    before.text) != std::end(kBeforeOperand);
}

bool is_operator(Term const& term) {
  return term.kind == TermKind::symbol && std::string_view("+-*/").find(term.text) != std::string_view::npos;
}

// As dedent() has it: the margin is that of the lines with text, behind the one that the text begins on.
std::size_t margin_of(std::vector<std::string_view> const& lines) {
  auto margin = std::string_view::npos;
  for (std::size_t i = 1; i < lines.size(); ++i)
    margin = std::min(margin, lines[i].find_first_not_of(kBlanks));
  return margin;
}

}  // namespace

bool leads_expression(Term const& term, bool in_expression) {
  return in_expression || is_word(term, "severity") || is_word(term, "when");
}

std::string_view separator(std::span<Term const> terms, std::size_t i, bool in_expression) {
  auto const& term = terms[i];
  auto const& before = terms[i - 1];
  if (!in_expression && (is_operator(before) || is_operator(term)))
    return end_of(before) == term.span.begin ? "" : " ";
  if (is_symbol(term, ",") || is_symbol(term, ")") || is_symbol(before, "(")) return "";
  if (is_symbol(term, "(")) return before.kind == TermKind::word && !begins_operand(terms, i) ? "" : " ";
  // `- 5` is not the number `-5`.
  bool const sign = is_symbol(before, "-") && begins_operand(terms, i - 1);
  return sign && term.kind != TermKind::number ? "" : " ";
}

std::string moved_text(std::string_view literal, std::size_t indent) {
  if (!literal.starts_with(kFence) || literal.find('\n') == literal.npos) return std::string(literal);
  auto const inner = literal.substr(kFence.size(), literal.size() - 2 * kFence.size());
  std::vector<std::string_view> lines;
  for (std::size_t at = 0; at <= inner.size();) {
    auto const end = std::min(inner.find('\n', at), inner.size());
    lines.push_back(inner.substr(at, end - at));
    // One carriage return before a line break is the editor's; a second one is text, and would not be if it
    // stood alone.
    bool const editors = lines.back().ends_with('\r') && !lines.back().ends_with("\r\r");
    if (end < inner.size() && editors) lines.back().remove_suffix(1);
    at = end + 1;
  }
  auto const margin = margin_of(lines);
  std::string out(kFence);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    auto line = lines[i];
    bool const blank = line.find_first_not_of(kBlanks) == line.npos;
    if (i > 0) out += "\n";
    if (i == 0) {
      out += blank ? std::string_view() : line;
    } else if (!blank) {
      out += std::string(indent, ' ').append(line.substr(margin));
    } else if (i + 1 == lines.size()) {
      out.append(indent, ' ');
    }
  }
  return out.append(kFence);
}

}  // namespace itera::dsl::layout
