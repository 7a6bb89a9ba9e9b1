#include "core/stats/holm.hpp"

#include <limits>
#include <vector>

#include "core/base/rng.hpp"
#include "tests/unit/stats/golden.hpp"

namespace itera::stats {
namespace {
using testing::agrees;
using testing::golden;

TEST(Holm, AgreesWithReference) {
  for (auto const& c : golden("v06_holm")) {
    auto const adjusted = holm(c.at("p").get<std::vector<double>>());
    ASSERT_EQ(adjusted.size(), c.at("adj").size());
    for (std::size_t i = 0; i < adjusted.size(); ++i) EXPECT_TRUE(agrees(adjusted[i], c.at("adj")[i])) << c;
  }
}

TEST(Holm, KeepsTheOrderAndNeverLowersAP) {
  CounterRng const rng(1);
  for (std::uint32_t replicate = 0; replicate < 100; ++replicate) {
    std::vector<double> p;
    for (std::uint32_t i = 0; i < 8; ++i) {
      auto const words = rng.block(i, replicate);
      p.push_back(unit_interval(words[0], words[1]));
    }
    auto const adjusted = holm(p);
    for (std::size_t i = 0; i < p.size(); ++i) {
      EXPECT_GE(adjusted[i], p[i]);
      EXPECT_LE(adjusted[i], 1);
      for (std::size_t j = 0; j < p.size(); ++j)
        if (p[i] <= p[j]) {
          EXPECT_LE(adjusted[i], adjusted[j]);
        }
    }
    // A smaller p never makes another arm look worse.
    auto const first = p[0];
    p[0] = first / 3;
    auto const after = holm(p);
    for (std::size_t i = 0; i < p.size(); ++i) EXPECT_LE(after[i], adjusted[i]);
  }
}

TEST(Holm, WhatIsNoPIsNoEvidence) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(holm(std::vector<double>{nan, 0.01, -1, 2}), (std::vector<double>{1, 0.04, 1, 1}));
}

TEST(Holm, NoneInNoneOut) {
  EXPECT_TRUE(holm({}).empty());
}

}  // namespace
}  // namespace itera::stats
