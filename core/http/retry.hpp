#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/ports/http_part.hpp"

namespace itera::http {

using Headers = std::vector<std::pair<std::string, std::string>>;
using Millis = std::chrono::milliseconds;
using SystemTime = std::chrono::system_clock::time_point;

/// The first header of that name (in small letters), or nothing.
std::string const* header(Headers const& headers, std::string_view name);

/// Whether another attempt may do better: 408, 425, 429, 500, 502, 503, 504 and 529. Anthropic's 529 is
/// "overloaded".
bool worth_another_try(int code);
/// Whether the other side said that it gets more than it can take: 429, 503, 529.
bool says_too_much(int code);

/// How long the other side asks to wait: `retry-after-ms`, else `retry-after` in seconds (fractions too) or
/// as a date (RFC 9110, 10.2.3). Never negative; nothing if it does not say, or says what cannot be read.
std::optional<Millis> asked_wait(Headers const& headers, SystemTime now);

/// For how long an endpoint has nothing left, by `x-ratelimit-remaining-{requests,tokens}: 0` and its
/// `x-ratelimit-reset-...` ("1.5s", "6m0s", "20ms", seconds), or `anthropic-ratelimit-...-remaining: 0` and
/// its
/// `-reset` (RFC 3339, UTC). Nothing if something is left, or it does not say.
std::optional<Millis> exhausted_for(Headers const& headers, SystemTime now);

/// The wait before the next attempt, `ended` attempts (at least 1) having ended: exponential with jitter from
/// half to all of it, or what was asked for and up to a tenth more; at most options.longest_wait. `seed`
/// makes the jitter a function of the call.
Millis wait_before_next(ports::HttpOptions const& options, std::uint32_t ended, std::optional<Millis> asked,
                        std::uint64_t seed);

}  // namespace itera::http
