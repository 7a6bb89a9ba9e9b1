#include "core/http/retry.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <ctime>

#include <curl/curl.h>

#include "core/base/rng.hpp"

namespace itera::http {
namespace {

// What is longer is cut to the longest wait anyway, and must not overflow on its way there.
constexpr double kLongestSeconds = 86'400;

std::optional<double> number(std::string_view& text) {
  double value = 0;
  auto const [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (error != std::errc() || !std::isfinite(value)) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

std::optional<double> whole_number(std::string_view text) {
  auto const value = number(text);
  return text.empty() ? value : std::nullopt;
}

Millis millis(double seconds) {
  return Millis(std::llround(std::clamp(seconds, 0.0, kLongestSeconds) * 1e3));
}

// "1.5s", "6m0s", "1h2m", "20ms"; a bare number is seconds.
std::optional<double> duration(std::string_view text) {
  if (auto const bare = whole_number(text)) return bare;
  double all = 0;
  if (text.empty()) return std::nullopt;
  while (!text.empty()) {
    auto const value = number(text);
    if (!value) return std::nullopt;
    constexpr std::pair<std::string_view, double> units[] = {{"ms", 1e-3}, {"s", 1}, {"m", 60}, {"h", 3600}};
    auto const* const unit = std::find_if(std::begin(units), std::end(units),
                                          [&](auto const& u) { return text.starts_with(u.first); });
    if (unit == std::end(units)) return std::nullopt;
    text.remove_prefix(unit->first.size());
    all += *value * unit->second;
  }
  return all;
}

double seconds_until(std::time_t then, SystemTime now) {
  return std::chrono::duration<double>(std::chrono::system_clock::from_time_t(then) - now).count();
}

// RFC 3339 as Anthropic writes it: 2026-11-23T10:00:00Z.
std::optional<double> seconds_until_stamp(std::string const& text, SystemTime now) {
  std::tm parts{};
  auto const* const rest = ::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
  if (!rest || text.back() != 'Z') return std::nullopt;
  return seconds_until(::timegm(&parts), now);
}

bool is_zero(std::string const* text) {
  return text && whole_number(*text) == 0.0;
}

}  // namespace

std::string const* header(Headers const& headers, std::string_view name) {
  auto const at =
      std::find_if(headers.begin(), headers.end(), [&](auto const& each) { return each.first == name; });
  return at == headers.end() ? nullptr : &at->second;
}

bool worth_another_try(int code) {
  constexpr std::array codes{408, 425, 429, 500, 502, 503, 504, 529};
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

bool says_too_much(int code) {
  return code == 429 || code == 503 || code == 529;
}

std::optional<Millis> asked_wait(Headers const& headers, SystemTime now) {
  if (auto const* const text = header(headers, "retry-after-ms"))
    if (auto const value = whole_number(*text)) return millis(*value / 1e3);
  auto const* const text = header(headers, "retry-after");
  if (!text) return std::nullopt;
  if (auto const value = whole_number(*text)) return millis(*value);
  auto const date = ::curl_getdate(text->c_str(), nullptr);
  if (date < 0) return std::nullopt;
  return millis(seconds_until(date, now));
}

std::optional<Millis> exhausted_for(Headers const& headers, SystemTime now) {
  std::optional<Millis> longest;
  auto const take = [&](std::optional<double> seconds) {
    if (seconds && *seconds > 0) longest = std::max(longest.value_or(Millis(0)), millis(*seconds));
  };
  for (auto const* const what : {"requests", "tokens"}) {
    if (is_zero(header(headers, std::string("x-ratelimit-remaining-") + what)))
      if (auto const* const reset = header(headers, std::string("x-ratelimit-reset-") + what))
        take(duration(*reset));
    auto const anthropic = std::string("anthropic-ratelimit-") + what;
    if (is_zero(header(headers, anthropic + "-remaining")))
      if (auto const* const reset = header(headers, anthropic + "-reset"); reset && !reset->empty())
        take(seconds_until_stamp(*reset, now));
  }
  return longest;
}

Millis wait_before_next(ports::HttpOptions const& options, std::uint32_t ended, std::optional<Millis> asked,
                        std::uint64_t seed) {
  auto const words = CounterRng(seed).block(ended);
  auto const dice = unit_interval(words[0], words[1]);
  auto const longest = static_cast<double>(options.longest_wait.count());
  auto const full = asked ? static_cast<double>(asked->count())
                          : std::ldexp(static_cast<double>(options.first_wait.count()),
                                       static_cast<int>(std::min(ended, 32U)) - 1);
  // After the asked time, never before it; without one, spread so that calls that failed together do not come
  // back together.
  auto const wait = asked ? full * (1 + 0.1 * dice) : std::min(full, longest) * (0.5 + 0.5 * dice);
  return Millis(std::llround(std::min(wait, longest)));
}

}  // namespace itera::http
