#include "core/base/rational.hpp"

#include <limits>
#include <numeric>

#include <fmt/format.h>

namespace itera {
namespace {
constexpr std::int64_t kLimit = std::numeric_limits<std::int64_t>::max() / 16;
}

Rational reduce(std::int64_t num, std::int64_t den) {
  auto const g = std::gcd(num, den);
  if (g == 0) return {0, 1};
  auto const sign = den < 0 ? -1 : 1;
  return {sign * num / g, sign * den / g};
}

std::optional<Rational> parse_rational(std::string_view text) {
  bool negative = false;
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  std::int64_t num = 0;
  std::int64_t den = 1;
  bool point = false;
  bool digit = false;
  std::size_t i = 0;
  for (; i < text.size(); ++i) {
    char const c = text[i];
    if (c >= '0' && c <= '9') {
      if (num > kLimit / 10 || (point && den > kLimit / 10)) return std::nullopt;
      num = num * 10 + (c - '0');
      if (point) den *= 10;
      digit = true;
    } else if (c == '.' && !point && digit) {
      point = true;
    } else if (!(c == '_' && digit)) {
      break;
    }
  }
  if (!digit) return std::nullopt;
  auto const rest = text.substr(i);
  if (rest.starts_with('/')) {
    auto const bottom = parse_rational(rest.substr(1));
    if (point || !bottom || bottom->den != 1 || bottom->num <= 0) return std::nullopt;
    den = bottom->num;
  } else if (rest.starts_with('e') || rest.starts_with('E')) {
    auto const power = parse_rational(rest.substr(1));
    if (!power || power->den != 1 || power->num > 18 || power->num < -18) return std::nullopt;
    for (auto p = power->num; p > 0; --p) {
      if (num > kLimit / 10) return std::nullopt;
      num *= 10;
    }
    for (auto p = power->num; p < 0; ++p) {
      if (den > kLimit / 10) return std::nullopt;
      den *= 10;
    }
  } else if (!rest.empty()) {
    return std::nullopt;
  }
  return reduce(negative ? -num : num, den);
}

double to_double(Rational r) {
  return static_cast<double>(r.num) / static_cast<double>(r.den);
}

int compare(Rational a, Rational b) {
  __extension__ using Wide = __int128;
  auto const left = static_cast<Wide>(a.num) * b.den;
  auto const right = static_cast<Wide>(b.num) * a.den;
  return left < right ? -1 : left > right ? 1 : 0;
}

Rational divide(Rational r, std::int64_t by) {
  return reduce(r.num, r.den * by);
}
Rational negate(Rational r) {
  return {-r.num, r.den};
}

std::string to_string(Rational r) {
  auto rest = r.den;
  for (auto const prime : {2, 5})
    while (rest % prime == 0) rest /= prime;
  return rest == 1 ? fmt::format("{}", to_double(r)) : fmt::format("{}/{}", r.num, r.den);
}

}  // namespace itera
