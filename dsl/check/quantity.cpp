#include "dsl/check/quantity.hpp"

#include <cstdlib>

#include <fmt/format.h>

namespace itera::dsl::meaning {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::size_t digits(std::string_view text, std::size_t at) {
  while (at < text.size() && (is_digit(text[at]) || text[at] == '_')) ++at;
  return at;
}

// Where the number ends and its unit begins.
std::size_t number_end(std::string_view text) {
  auto at = digits(text, 0);
  if (at < text.size() && text[at] == '.') at = digits(text, at + 1);
  if (at + 1 < text.size() && text[at] == '/' && is_digit(text[at + 1])) return digits(text, at + 1);
  if (at + 1 < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    auto const power = text[at + 1] == '+' || text[at + 1] == '-' ? at + 2 : at + 1;
    if (power < text.size() && is_digit(text[power])) return digits(text, power);
  }
  return at;
}

// A fraction is of two whole numbers, the second above zero.
bool is_well_formed(std::string_view number) {
  if (auto const slash = number.find('/');
      slash != number.npos &&
      (number.find('.') != number.npos || number.find_first_not_of("0_", slash + 1) == number.npos))
    return false;
  for (std::size_t i = 0; i < number.size(); ++i) {
    bool const between = i > 0 && i + 1 < number.size() && is_digit(number[i - 1]) && is_digit(number[i + 1]);
    if ((number[i] == '_' || number[i] == '.') && !between) return false;
  }
  return !number.empty();
}

}  // namespace

std::string_view unit_text(spec::Unit unit) {
  constexpr std::string_view names[] = {"", "pp", "%", "$", "ms", "s"};
  return names[static_cast<int>(unit)];
}

std::optional<spec::Quantity> quantity(Report& report, syntax::Term const& term) {
  std::string_view text = term.text;
  spec::Quantity out;
  bool const negative = text.starts_with('-');
  out.signed_ = negative || text.starts_with('+');
  if (out.signed_) text.remove_prefix(1);
  if (text.starts_with('$')) {
    out.unit = spec::Unit::usd;
    text.remove_prefix(1);
  }
  auto const end = number_end(text);
  auto const number = text.substr(0, end);
  auto unit = text.substr(end);
  auto const value = is_well_formed(number) ? parse_rational(number) : std::nullopt;
  if (!value) {
    if (is_well_formed(number))
      report.error(codes::bad_number, term.span, fmt::format("the number `{}` is out of range", term.text));
    else
      report.error(codes::bad_number, term.span, fmt::format("`{}` is not a number", term.text),
                   "numbers are written `12`, `0.25`, `1_000`, `2.5e-3`, `1/3` or `50k`");
    return std::nullopt;
  }
  out.value = negative ? negate(*value) : *value;
  if (unit == "k") {
    if (std::llabs(out.value.num) > 1'000'000'000'000'000) {
      report.error(codes::bad_number, term.span, fmt::format("the number `{}` is out of range", term.text));
      return std::nullopt;
    }
    out.value = reduce(out.value.num * 1000, out.value.den);
    unit = {};
  }
  for (auto const known : {spec::Unit::pp, spec::Unit::percent, spec::Unit::ms, spec::Unit::s})
    if (!unit.empty() && out.unit == spec::Unit::none && unit == unit_text(known)) {
      out.unit = known;
      unit = {};
    }
  if (!unit.empty()) {
    Span const where{term.span.end - static_cast<std::uint32_t>(unit.size()), term.span.end};
    report.error(codes::bad_number, where, fmt::format("`{}` is not a unit", unit),
                 "the units are `pp`, `%`, `ms`, `s`, `k` for a thousand, and `$` before the number");
    return std::nullopt;
  }
  return out;
}

}  // namespace itera::dsl::meaning
