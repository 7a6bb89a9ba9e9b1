#include "core/http/pace.hpp"

#include <algorithm>

namespace itera::http {
namespace {

// One attempt in five seconds: slower ones are a matter of Retry-After, which pauses.
constexpr double kSlowest = 0.2;
// A back-off by a tenth to a third costs what it must: more while the limit is nowhere near, less once it is.
constexpr double kFarBackOff = 0.6, kNearBackOff = 0.85;
constexpr std::uint64_t kNear = 10;  // good replies since the last back-off
constexpr double kInFlightBackOff = 0.7;

// Longer than any run; what a debt of tokens comes to must not overflow a time.
constexpr double kLongest = 1e7;

// What may come at once: enough that a loop that looks every few milliseconds does not lose any of the rate.
double burst(double rate) {
  return std::max(1.0, rate * 0.02);
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

Pace::Pace(Time now) : last_back_off_(now), now_(now), paused_until_(now) {}

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

void Pace::started(double tokens, Time now) {
  ++in_flight_;
  if (rate_) rate_->take(1, now);
  if (requests_) requests_->take(1, now);
  if (tokens_) tokens_->take(tokens, now);
}

void Pace::pause(Time until) {
  paused_until_ = std::max(paused_until_, until);
}

void Pace::ended(End end, Time began, Time now) {
  now_ = now;
  auto const took = std::max(Seconds(now - began).count(), 1e-4);
  if (end == End::good) {
    round_trip_ = round_trip_ == 0 ? took : round_trip_ + (took - round_trip_) / 8;
    grow();
  } else if (end == End::too_much && (!complained_ || began > last_back_off_)) {
    back_off(round_trip_ == 0 ? took : round_trip_, now);
  }
  --in_flight_;
}

void Pace::grow() {
  ++good_since_;
  // What nobody used says nothing about what is allowed.
  if (static_cast<double>(in_flight_) > 0.8 * limit_ - 1)
    limit_ = std::min(ceiling_, complained_ ? limit_ + std::max(1.0, 0.05 * limit_) / limit_ : limit_ + 1);
  if (!rate_) return;
  auto const rate = rate_->rate();
  // Each step is for one reply, so a step of s is a growth by s a second, whatever the rate.
  auto const step = rate < 0.95 * knee_ ? 0.2 : rate < 1.1 * knee_ ? 0.02 : rate < 1.5 * knee_ ? 0.2 : 1.0;
  rate_->change(rate + step, burst(rate + step), now_);
}

void Pace::back_off(double round_trip, Time now) {
  // Little's law: what is in flight divided by how long each takes is how many there are a second.
  auto const current = static_cast<double>(in_flight_) / round_trip;
  knee_ = rate_ ? std::min(rate_->rate(), current) : current;
  auto const rate = std::max(kSlowest, knee_ * (good_since_ < kNear ? kFarBackOff : kNearBackOff));
  if (rate_)
    rate_->change(rate, burst(rate), now);
  else
    rate_.emplace(rate, burst(rate), now);
  if (static_cast<double>(in_flight_ + 1) > limit_) limit_ = std::max(1.0, limit_ * kInFlightBackOff);
  complained_ = true;
  good_since_ = 0;
  last_back_off_ = now;
}

}  // namespace itera::http
