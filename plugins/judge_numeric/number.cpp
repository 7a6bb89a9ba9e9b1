#include "number.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <string>
#include <system_error>

namespace {

constexpr std::string_view kMinus = "\xE2\x88\x92";  // U+2212

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
// Bytes of other scripts belong to words, but for the minus sign, which the caller has looked for.
bool is_wordy(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c < 0 || c == '_';
}

std::size_t digits_at(std::string_view text, std::size_t at) {
  auto end = at;
  while (end < text.size() && is_digit(text[end])) ++end;
  return end - at;
}

struct Found {
  std::size_t size = 0;
  std::string plain;  // as from_chars reads it
};

std::size_t sign_size(std::string_view text) {
  if (text.starts_with(kMinus)) return kMinus.size();
  return !text.empty() && (text[0] == '+' || text[0] == '-') ? 1 : 0;
}

// The number with which `text` begins; size 0 if there is none.
Found number_at(std::string_view text, Notation notation) {
  auto at = sign_size(text);
  std::string plain = at > 0 && text[0] != '+' ? "-" : "";
  auto const take = [&](std::size_t n) {
    plain += text.substr(at, n);
    at += n;
  };
  auto whole = digits_at(text, at);
  take(whole);
  char const mark = notation.decimal == '.' ? ',' : '.';
  if (notation.thousands && whole >= 1 && whole <= 3)
    while (at < text.size() && text[at] == mark && digits_at(text, at + 1) == 3) {
      ++at;
      take(3);
    }
  if (at < text.size() && text[at] == notation.decimal) {
    auto const fraction = digits_at(text, at + 1);
    if (whole + fraction > 0) {
      ++at;
      if (fraction > 0) plain += '.';
      take(fraction);
      whole += fraction;
    }
  }
  if (whole == 0) return {};
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    auto const sign = sign_size(text.substr(at + 1));
    auto const exponent = digits_at(text, at + 1 + sign);
    if (exponent > 0) {
      plain += sign > 0 && text[at + 1] != '+' ? "e-" : "e";
      at += 1 + sign;
      take(exponent);
    }
  }
  return {at, std::move(plain)};
}

std::optional<double> value_of(std::string const& plain) {
  double value = 0;
  auto const end = plain.data() + plain.size();
  auto const [stop, error] = std::from_chars(plain.data(), end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

}  // namespace

std::optional<double> read_number(std::string_view text, Notation notation, Take take) {
  if (take == Take::whole) {
    auto const found = number_at(text, notation);
    return found.size > 0 && found.size == text.size() ? value_of(found.plain) : std::nullopt;
  }
  std::string last;
  for (std::size_t at = 0; at < text.size();) {
    bool const minus = text.substr(at).starts_with(kMinus);
    bool const begins = at == 0 || !is_wordy(text[at - 1]);
    auto const found = begins ? number_at(text.substr(at), notation) : Found{};
    if (found.size > 0) {
      last = found.plain;
      if (take == Take::first) break;
    }
    at += found.size > 0 ? found.size : minus ? kMinus.size() : 1;
  }
  return last.empty() ? std::nullopt : value_of(last);
}

bool is_near(double value, double expected, double absolute, double relative) {
  auto const allowed = std::max(absolute, relative * std::abs(expected));
  if (!(allowed > 0)) return value == expected;
  auto const bits =
      4 * std::numeric_limits<double>::epsilon() * std::max(std::abs(value), std::abs(expected));
  return std::abs(value - expected) <= allowed + bits;
}
