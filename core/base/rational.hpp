#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace itera {

/// An exact fraction in lowest terms, den > 0. Thresholds are kept so, because a rounded threshold moves
/// verdicts.
struct Rational {
  std::int64_t num = 0;
  std::int64_t den = 1;
  friend bool operator==(Rational const&, Rational const&) = default;
};

Rational reduce(std::int64_t num, std::int64_t den);
/// `12`, `0.25`, `2.5e-3`, `1_000`, `1/3`, with an optional sign. Nothing if malformed or out of range.
std::optional<Rational> parse_rational(std::string_view text);
double to_double(Rational r);
/// a/b <=> c/d without overflow or rounding.
int compare(Rational a, Rational b);
Rational divide(Rational r, std::int64_t by);
Rational negate(Rational r);
/// Shortest decimal if the fraction has one ("0.05"), else "1/3".
std::string to_string(Rational r);

}  // namespace itera
