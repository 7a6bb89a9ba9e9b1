#include "dsl/check/cursor.hpp"

#include <fmt/format.h>

#include "dsl/check/quantity.hpp"

namespace itera::dsl::meaning {

using syntax::Term;
using syntax::TermKind;

Cursor::Cursor(Report& report, Clause const& clause) : report_(report), clause_(clause), failed_(false) {}

Term const* Cursor::peek(std::size_t ahead) const {
  return !failed_ && at_ + ahead < clause_.terms.size() ? &clause_.terms[at_ + ahead] : nullptr;
}

Term const* Cursor::take() {
  auto const* term = peek();
  if (term) ++at_;
  return term;
}

bool Cursor::take(std::string_view word) {
  return sees(word) && take();
}
bool Cursor::take_symbol(std::string_view symbol) {
  return sees_symbol(symbol) && take();
}

void Cursor::unexpected(std::string_view expected, std::string help) {
  if (failed_) return;
  failed_ = true;
  auto const* found = at_ < clause_.terms.size() ? &clause_.terms[at_] : nullptr;
  if (!found && clause_.broken) return;  // what is missing was lost in the mistake that was reported
  Span where{clause_.terms[at_ - 1].span.end, clause_.terms[at_ - 1].span.end};
  std::string name = "end of line";
  if (found || clause_.next) {
    auto const& term = found ? *found : *clause_.next;
    where = term.span;
    name = shown(report_, term);
    auto const& before = clause_.terms[at_ - 1];
    if (found && is_symbol(term, "-") && before.kind == TermKind::word && before.span.end == where.begin)
      help = "names are letters, digits and `_`";
  } else if (clause_.body) {
    where = clause_.body->open;
    name = "`{`";
  }
  report_.error(codes::clause_form, where, fmt::format("expected {}, found {}", expected, name),
                std::move(help));
}

bool Cursor::expect(std::string_view word) {
  if (take(word)) return true;
  unexpected(fmt::format("`{}`", word));
  return false;
}

bool Cursor::expect_symbol(std::string_view symbol) {
  if (take_symbol(symbol)) return true;
  unexpected(fmt::format("`{}`", symbol));
  return false;
}

std::optional<spec::Name> Cursor::expect_name(std::string_view what) {
  if (sees(TermKind::word)) {
    auto const* term = take();
    return spec::Name{term->text, term->span};
  }
  unexpected(what);
  return std::nullopt;
}

std::optional<spec::Name> Cursor::expect_column(std::string_view what) {
  if (sees(TermKind::column)) {
    auto const* term = take();
    return spec::Name{term->text, term->span};
  }
  if (ok() && at_end() && clause_.next && clause_.next->kind == TermKind::word)
    unexpected(what, "a column whose name is a word of the language is written in backquotes");
  return expect_name(what);
}

std::optional<spec::At<std::string>> Cursor::expect_text(std::string_view what) {
  if (sees(TermKind::text)) {
    auto const* term = take();
    return spec::At<std::string>{term->text, term->span};
  }
  unexpected(what);
  return std::nullopt;
}

std::optional<spec::At<spec::Quantity>> Cursor::expect_number(std::string_view what) {
  if (!sees(TermKind::number)) {
    unexpected(what);
    return std::nullopt;
  }
  auto const* term = take();
  auto const number = quantity(report_, *term);
  if (!number) {
    failed_ = true;
    return std::nullopt;
  }
  return spec::At<spec::Quantity>{*number, term->span};
}

std::optional<spec::At<std::uint64_t>> Cursor::expect_count(std::string_view what, std::uint64_t least,
                                                            std::uint64_t most) {
  auto const number = expect_number(what);
  if (!number) return std::nullopt;
  auto const& [value, unit, sign] = number->value;
  if (unit != spec::Unit::none || value.den != 1) {
    report_.error(codes::out_of_range, number->span,
                  fmt::format("expected {}, a whole number without a unit", what));
    failed_ = true;
    return std::nullopt;
  }
  if (value.num < 0 || static_cast<std::uint64_t>(value.num) < least ||
      static_cast<std::uint64_t>(value.num) > most) {
    report_.error(codes::out_of_range, number->span,
                  fmt::format("expected {} from {} to {}", what, least, most));
    failed_ = true;
    return std::nullopt;
  }
  return spec::At<std::uint64_t>{static_cast<std::uint64_t>(value.num), number->span};
}

void Cursor::finish(bool may_have_block) {
  if (failed_) return;
  if (!at_end()) return unexpected(may_have_block ? "`{` or end of line" : "end of line");
  if (clause_.body && !may_have_block) unexpected("end of line");
}

}  // namespace itera::dsl::meaning
