#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/ports/caller.hpp"

namespace itera::http {

using Time = std::chrono::steady_clock::time_point;
using Seconds = std::chrono::duration<double>;

/// Tokens that come in at `rate` a second and are kept up to `capacity`. A taker that needs more than the
/// capacity is let in when it is full, and the rest is a debt.
class Bucket {
 public:
  /// Starts full. rate > 0, capacity > 0.
  Bucket(double rate, double capacity, Time now)
      : rate_(rate), capacity_(capacity), level_(capacity), at_(now) {}
  void change(double rate, double capacity, Time now);
  double rate() const { return rate_; }
  /// When `need` may be taken, if nobody else takes before; now or earlier: at once.
  Time ready(double need) const;
  void take(double need, Time now);

 private:
  double level(Time now) const;
  double rate_, capacity_, level_;
  Time at_;
};

/// What one endpoint may be sent, learned from how it answers.
///
/// Two limits adapt, each by additive increase and multiplicative decrease: attempts in flight (what a server
/// with few workers limits) and attempts a second (what a quota limits; not limited before the endpoint
/// complained once). Both are backed off at most once in a round trip: a complaint counts only if its attempt
/// began after the last back-off. In flight grows by one for each good reply until the first complaint (as
/// TCP's slow start, RFC 5681), then by a twentieth or one in a round trip. The rate comes back fast to just
/// below where the complaint was, creeps past it, and then hurries, as CUBIC does (RFC 9438). Neither goes
/// below its floor, and a pause ends by itself, so that nothing is frozen however long the endpoint
/// complains.
class Pace {
 public:
  static constexpr std::uint32_t kMostInFlight = 10'000, kUsualInFlight = 1'024;

  explicit Pace(Time now);
  /// Of different ceilings the lowest holds; 0 is none.
  void lower_ceilings(ports::HttpLimits const& limits, Time now);

  /// When an attempt of `tokens` may start: now or earlier: at once; nothing: when one in flight has ended.
  std::optional<Time> ready(double tokens) const;
  void started(double tokens, Time now);

  enum class End {
    good,      ///< an answer that is no complaint
    too_much,  ///< the endpoint said so
    other,     ///< no answer: says nothing about limits
  };
  void ended(End end, Time began, Time now);
  /// Nothing starts before `until`.
  void pause(Time until);

  std::size_t in_flight() const { return in_flight_; }
  double limit() const { return limit_; }
  std::optional<double> rate() const { return rate_ ? std::optional(rate_->rate()) : std::nullopt; }

 private:
  void grow();
  void back_off(double round_trip, Time now);

  std::size_t in_flight_ = 0;
  double ceiling_ = kUsualInFlight;
  bool ceiling_given_ = false;
  double limit_ = 8;
  bool complained_ = false;
  Time last_back_off_;
  std::uint64_t good_since_ = 0;  // good replies since the last back-off
  double round_trip_ = 0;         // smoothed, seconds, of good replies; 0: none yet
  double knee_ = 0;               // the rate at the last complaint
  Time now_;
  Time paused_until_;
  std::optional<Bucket> rate_, requests_, tokens_;
};

}  // namespace itera::http
