#include "core/http/pace.hpp"

#include <algorithm>

namespace itera::http {
namespace {

// One attempt in five seconds: slower ones are a matter of Retry-After, which pauses.
constexpr double kSlowest = 0.2;
// How far a limit is cut: by what was complained about since the last cut, if there are enough replies to
// tell.
constexpr double kUnknownCut = 0.6, kDeepestCut = 0.5, kMildestCut = 0.85;
constexpr std::uint64_t kEnough = 8;

// What may come at once: enough that a loop that looks every few milliseconds does not lose any of the rate.
double burst(double rate) {
  return std::max(1.0, rate * 0.02);
}

// Longer than any run; what a debt of tokens comes to must not overflow a time.
constexpr double kLongest = 1e7;

// What one good reply adds to a limit that met a complaint at `knee`. Each step is for one reply, and a limit
// of n has n replies in a round trip (or in a second), so a step of s is a growth by s in that time, whatever
// the limit.
double growth(double limit, double knee) {
  if (limit < 0.95 * knee) return 0.5 * std::min(1.0, limit / 10);  // a few replies, not one
  if (limit < 1.1 * knee) return 0.02;
  return limit < 1.5 * knee ? 0.2 : 1.0;
}

Time after(Time time, double seconds) {
  return time + std::chrono::ceil<Time::duration>(Seconds(std::min(seconds, kLongest)));
}

}  // namespace

double Bucket::level(Time now) const {
  return std::min(capacity_, level_ + rate_ * std::max(0.0, Seconds(now - at_).count()));
}

void Bucket::change(double rate, double capacity, Time now) {
  level_ = std::min(level(now), capacity);
  at_ = now;
  rate_ = rate;
  capacity_ = capacity;
}

Time Bucket::ready(double need) const {
  auto const missing = std::min(need, capacity_) - level_;
  return missing <= 0 ? at_ : after(at_, missing / rate_);
}

void Bucket::take(double need, Time now) {
  level_ = level(now) - need;
  at_ = now;
}

Pace::Pace(Time now) : last_back_off_(now), paused_until_(now) {}

void Pace::lower_ceilings(ports::HttpLimits const& limits, Time now) {
  if (limits.in_flight > 0) {
    auto const given = static_cast<double>(std::min(limits.in_flight, kMostInFlight));
    ceiling_ = ceiling_given_ ? std::min(ceiling_, given) : given;
    ceiling_given_ = true;
    limit_ = std::min(limit_, ceiling_);
  }
  auto const lower = [&](std::optional<Bucket>& bucket, double per_minute) {
    if (!(per_minute > 0)) return;
    auto const rate = per_minute / 60;
    if (!bucket)
      bucket.emplace(rate, std::max(1.0, rate), now);
    else if (rate < bucket->rate())
      bucket->change(rate, std::max(1.0, rate), now);
  };
  lower(requests_, limits.requests_per_minute);
  lower(tokens_, limits.tokens_per_minute);
}

std::optional<Time> Pace::ready(double tokens) const {
  if (in_flight_ > 0 && static_cast<double>(in_flight_ + 1) > limit_) return std::nullopt;
  auto at = paused_until_;
  if (rate_) at = std::max(at, rate_->ready(1));
  if (requests_) at = std::max(at, requests_->ready(1));
  if (tokens_) at = std::max(at, tokens_->ready(tokens));
  return at;
}

Pace::Start Pace::started(double tokens, Time now) {
  ++in_flight_;
  if (static_cast<double>(in_flight_ + 1) > limit_) full_at_ = now;
  if (rate_) {
    rate_->take(1, now);
    if (rate_->ready(1) > now) paced_at_ = now;
  }
  if (requests_) requests_->take(1, now);
  if (tokens_) tokens_->take(tokens, now);
  return {now, in_flight_};
}

void Pace::pause(Time until) {
  paused_until_ = std::max(paused_until_, until);
}

void Pace::ended(End end, Start start, Time now) {
  // A burst has not flown at its full size when its first one started, nor when its last one ended.
  auto const flying = std::max(start.in_flight, in_flight_--);
  auto const took = std::max(Seconds(now - start.at).count(), 1e-4);
  if (end == End::good) {
    round_trip_ = round_trip_ == 0 ? took : round_trip_ + (took - round_trip_) / 8;
    grow(start, now);
  } else if (end == End::too_much && (++bad_since_, !complained_ || start.at > last_back_off_)) {
    back_off(start, flying, round_trip_ == 0 ? took : round_trip_, now);
  }
}

void Pace::grow(Start start, Time now) {
  ++good_since_;
  // What nobody used says nothing about what is allowed: only the limit that held attempts back grows.
  if (was_full(start)) {
    auto const step = complained_ ? growth(limit_, limit_knee_) : 1;
    limit_ = std::min(ceiling_, limit_ + step);
  }
  if (rate_ && was_paced(start)) {
    auto const rate = rate_->rate() + growth(rate_->rate(), rate_knee_);
    rate_->change(rate, burst(rate), now);
  }
}

void Pace::back_off(Start start, std::size_t flying, double round_trip, Time now) {
  // Little's law: what is in flight divided by how long each takes is how many there are a second.
  auto const current = static_cast<double>(flying) / round_trip;
  auto const replies = good_since_ + bad_since_;
  bool const known = replies >= kEnough;
  auto const taken = known ? static_cast<double>(good_since_) / static_cast<double>(replies) : 1;
  auto const cut = known ? std::clamp(0.95 * taken, kDeepestCut, kMildestCut) : kUnknownCut;
  auto const knee = std::max(taken, kDeepestCut);
  if (was_full(start) && !was_paced(start)) {
    limit_knee_ = limit_ * knee;
    limit_ = std::max(1.0, limit_ * cut);
  }
  // With few in flight, one slow answer makes the estimate far too low; what the rate was is known.
  auto const was = !rate_                                 ? current
                   : was_paced(start) && flying < kEnough ? rate_->rate()
                                                          : std::min(rate_->rate(), current);
  rate_knee_ = was * knee;
  auto const rate = std::max(kSlowest, was * cut);
  if (rate_)
    rate_->change(rate, burst(rate), now);
  else
    rate_.emplace(rate, burst(rate), now);
  rate_->empty();  // what may come at once would be too much at once
  complained_ = true;
  good_since_ = bad_since_ = 0;
  last_back_off_ = now;
}

}  // namespace itera::http
