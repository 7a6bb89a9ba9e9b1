#include "core/http/pace.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <queue>
#include <vector>

#include <gtest/gtest.h>

namespace itera::tests {
namespace {

using http::Pace;
using namespace std::chrono_literals;
using End = http::Pace::End;

http::Time at(double seconds) {
  return http::Time() +
         std::chrono::duration_cast<http::Time::duration>(std::chrono::duration<double>(seconds));
}

/// An endpoint in made-up time: `tokens` come in at `rate` up to `most`, each answer takes `takes` seconds.
struct Simulated {
  double rate, most, takes;
  double tokens = most, seen = 0;
  bool accepts(double now) {
    tokens = std::min(most, tokens + (now - seen) * rate);
    seen = now;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  }
};

struct Outcome {
  double good = 0, complaints = 0;
};

/// As many attempts as `pace` allows for `seconds`; `sick`: from when to when the endpoint takes nothing.
Outcome drive(Pace& pace, Simulated server, double seconds, double sick_from = -1, double sick_until = -1) {
  struct Flight {
    Pace::Start start;
    double ends;
    bool good;
    bool operator>(Flight const& other) const { return ends > other.ends; }
  };
  std::priority_queue<Flight, std::vector<Flight>, std::greater<>> flying;
  Outcome out;
  for (double now = 0;;) {
    auto const ready = pace.ready(0);
    if (ready && *ready <= at(now)) {
      bool const good = server.accepts(now) && (now < sick_from || now >= sick_until);
      flying.push({pace.started(0, at(now)), now + server.takes, good});
      continue;
    }
    auto next = flying.empty() ? 1e300 : flying.top().ends;
    if (ready) next = std::min(next, std::chrono::duration<double>(*ready - http::Time()).count() + 1e-9);
    if (next >= seconds) break;
    now = std::max(now, next);
    while (!flying.empty() && flying.top().ends <= now) {
      auto const flight = flying.top();
      flying.pop();
      pace.ended(flight.good ? End::good : End::too_much, flight.start, at(now));
      (flight.good ? out.good : out.complaints) += 1;
    }
  }
  return out;
}

TEST(Pace, DoublesInEveryRoundTripUntilTheFirstComplaint) {
  Pace pace(at(0));
  EXPECT_EQ(pace.limit(), 8);
  drive(pace, {1e9, 1e9, 1.0}, 3.5);
  EXPECT_EQ(pace.limit(), 64);
  EXPECT_EQ(pace.rate(), std::nullopt);
}

TEST(Pace, StopsAtTheCeiling) {
  Pace usual(at(0));
  drive(usual, {1e9, 1e9, 1.0}, 20);
  EXPECT_EQ(usual.limit(), Pace::kUsualInFlight);
  Pace low(at(0));
  low.lower_ceilings({3, 0, 0}, at(0));
  low.lower_ceilings({5, 0, 0}, at(0));
  EXPECT_EQ(low.limit(), 3) << "the lowest of different ceilings holds";
  drive(low, {1e9, 1e9, 1.0}, 5);
  EXPECT_EQ(low.limit(), 3);
  Pace high(at(0));
  high.lower_ceilings({1'000'000, 0, 0}, at(0));
  drive(high, {1e9, 1e9, 1.0}, 20);
  EXPECT_EQ(high.limit(), Pace::kMostInFlight);
}

TEST(Pace, UsesMostOfATokenBucketAtEveryRateAndLatency) {
  for (double const rate : {2.0, 20.0, 200.0, 2000.0})
    for (double const takes : {0.0005, 0.05, 1.0}) {
      Pace pace(at(0));
      pace.lower_ceilings({10'000, 0, 0}, at(0));
      double const seconds = 120;
      auto const out = drive(pace, {rate, std::max(1.0, rate / 10), takes}, seconds);
      SCOPED_TRACE(testing::Message() << rate << " a second, each takes " << takes << " s: " << out.good
                                      << " good, " << out.complaints << " complaints");
      // Two replies a second say little about where the limit is.
      EXPECT_GE(out.good, (rate < 10 ? 0.7 : 0.8) * rate * (seconds - takes));
      EXPECT_LE(out.complaints, 0.15 * out.good + 40);
    }
}

TEST(Pace, BacksOffOnceInARoundTrip) {
  Pace pace(at(0));
  std::vector<Pace::Start> starts;
  while (pace.ready(0)) starts.push_back(pace.started(0, at(10)));
  ASSERT_EQ(starts.size(), 8U);
  for (std::size_t i = 0; i < 5; ++i)
    pace.ended(End::too_much, starts[i], at(11 + static_cast<double>(i) / 1000));
  EXPECT_NEAR(pace.limit(), 0.6 * 8, 1e-9) << "five complaints about one burst are one complaint";
  EXPECT_NEAR(*pace.rate(), 0.6 * 8, 1e-9) << "eight flew for a second";
  auto const later = pace.started(0, at(12));
  pace.ended(End::too_much, later, at(13));
  EXPECT_LT(*pace.rate(), 0.6 * 8) << "one that began after it is another";
}

TEST(Pace, IsNeverFrozenAndComesBack) {
  Pace pace(at(0));
  auto const out = drive(pace, {100, 10, 0.01}, 200, 20, 80);
  // Twenty seconds at full rate, a minute of complaints alone, then full rate again within some ten seconds.
  EXPECT_GE(out.good, 0.8 * 100 * (20 + 100));
  EXPECT_GE(out.complaints, 60 * 0.2) << "it goes on trying";
  EXPECT_LE(out.complaints, 200) << "at its slowest";
}

TEST(Pace, KeepsRequestsAndTokensAMinute) {
  Pace requests(at(0));
  requests.lower_ceilings({1'000, 600, 0}, at(0));
  EXPECT_NEAR(drive(requests, {1e9, 1e9, 0.01}, 60).good, 600 + 10, 2) << "a second's worth may come at once";

  Pace tokens(at(0));
  tokens.lower_ceilings({0, 0, 6'000}, at(0));  // 100 a second
  double now = 0;
  for (int i = 0; i < 10; ++i) {
    now = std::max(now, std::chrono::duration<double>(*tokens.ready(500) - http::Time()).count());
    tokens.ended(End::good, tokens.started(500, at(now)), at(now));
  }
  EXPECT_NEAR(now, 9 * 500 / 100.0, 0.1) << "a call of more than a second's worth waits for its debt";
}

TEST(Pace, ATokenCountWithoutMeasureDoesNotOverflowTime) {
  Pace pace(at(0));
  pace.lower_ceilings({0, 0, 1}, at(0));
  pace.ended(End::good, pace.started(1e19, at(0)), at(1));
  EXPECT_GT(*pace.ready(1), at(1e6));
}

TEST(Pace, APauseEndsByItself) {
  Pace pace(at(0));
  pace.pause(at(7));
  pace.pause(at(5));
  EXPECT_EQ(*pace.ready(0), at(7));
}

}  // namespace
}  // namespace itera::tests
