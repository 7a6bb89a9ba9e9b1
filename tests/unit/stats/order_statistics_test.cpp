#include "core/stats/order_statistics.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

namespace itera::stats {
namespace {

// P(Bin(n, q) <= k) from Pascal's triangle, without a library.
double below(std::int64_t k, std::int64_t n, double q) {
  double sum = 0;
  for (std::int64_t i = 0; i <= k; ++i) {
    double choose = 1;
    for (std::int64_t j = 0; j < i; ++j)
      choose = choose * static_cast<double>(n - j) / static_cast<double>(j + 1);
    sum += choose * std::pow(q, static_cast<double>(i)) * std::pow(1 - q, static_cast<double>(n - i));
  }
  return sum;
}

TEST(OrderStatistics, RanksAreThoseOfTheBinomialLaw) {
  for (std::int64_t n = 1; n <= 60; ++n)
    for (double const q : {.05, .5, .9, .95})
      for (double const alpha : {.0125, .025, .05}) {
        auto const ranks = quantile_ranks(n, q, alpha);
        // The rank l is sure if fewer than l values lie below the quantile with probability alpha at most.
        std::optional<std::int64_t> low, high;
        for (std::int64_t l = 1; l <= n; ++l)
          if (below(l - 1, n, q) <= alpha + 1e-12) low = l;
        for (std::int64_t u = n; u >= 1; --u)
          if (1 - below(u - 1, n, q) <= alpha + 1e-12) high = u;
        EXPECT_EQ(ranks.low, low) << n << ' ' << q << ' ' << alpha;
        EXPECT_EQ(ranks.high, high) << n << ' ' << q << ' ' << alpha;
      }
}

// Of ten values the second and the ninth bound the median with 97.9%; the most of 59 values exceeds the 95%
// quantile with 95%, of 58 it does not.
TEST(OrderStatistics, RanksThatStandInTextbooks) {
  auto const ten = quantile_ranks(10, .5, .025);
  EXPECT_EQ(ten.low, 2);
  EXPECT_EQ(ten.high, 9);
  EXPECT_EQ(quantile_ranks(59, .95, .05).high, 59);
  EXPECT_FALSE(quantile_ranks(58, .95, .05).high);
  EXPECT_FALSE(quantile_ranks(0, .5, .05).low);
  EXPECT_FALSE(quantile_ranks(10, 1, .05).low);
}

TEST(OrderStatistics, TheQuantileOfASampleIsTheLeastValueThatReachesTheShare) {
  std::vector<double> v(20);
  std::iota(v.begin(), v.end(), 1);
  EXPECT_EQ(sample_quantile(v, .95), 19);
  EXPECT_EQ(sample_quantile(v, .5), 10);
  EXPECT_EQ(sample_quantile(v, .951), 20);
  EXPECT_EQ(sample_quantile(v, .001), 1);
  EXPECT_FALSE(sample_quantile({}, .5));
}

TEST(OrderStatistics, BoundsAreTheValuesOfTheirRanks) {
  std::vector<double> v(100);
  std::iota(v.begin(), v.end(), 1);
  auto const ranks = quantile_ranks(100, .95, .025);
  auto const all = quantile_bounds(v, .95, .025);
  EXPECT_EQ(all.low, *ranks.low);
  EXPECT_EQ(all.high, *ranks.high);
  // Worth half as many, they say less, and the upper end is gone.
  auto const half = quantile_bounds(v, .95, .025, 50);
  EXPECT_LT(*half.low, *all.low);
  EXPECT_FALSE(half.high);
  EXPECT_FALSE(quantile_bounds({}, .5, .025).low);
}

// A thousand samples of 90 uniform values: each bound is missed in at most alpha of them (here by the 99.9%
// point of Bin(1000, .025)).
TEST(OrderStatistics, BoundsAreMissedAsOftenAsTheyMay) {
  std::uint64_t state = 20261123;
  auto const uniform = [&] {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<double>(state >> 11) * 0x1.0p-53;
  };
  int low = 0, high = 0;
  for (int sample = 0; sample < 1000; ++sample) {
    std::vector<double> v(150);
    for (auto& x : v) x = uniform();
    std::sort(v.begin(), v.end());
    auto const bounds = quantile_bounds(v, .95, .025);
    ASSERT_TRUE(bounds.low && bounds.high);
    low += *bounds.low > .95;
    high += *bounds.high < .95;
  }
  EXPECT_LE(low, 41);
  EXPECT_LE(high, 41);
}

TEST(OrderStatistics, ValuesThatComeInGroupsAreWorthLess) {
  std::vector<double> v;
  std::vector<int> together, apart;
  for (int i = 0; i < 90; ++i) {
    v.push_back(i / 3);  // three equal values each
    together.push_back(i / 3);
    apart.push_back(i);
  }
  EXPECT_NEAR(effective_values(v, 14, together), 30, 2);
  EXPECT_NEAR(effective_values(v, 14, apart), 90, 1e-9);
  EXPECT_EQ(effective_values(v, 14, {}), 90);
  EXPECT_EQ(effective_values(v, 14, std::vector<int>(90, 1)), 1);
  // Where every value is below, nothing shows how alike they are: the groups count as one value each.
  EXPECT_NEAR(effective_values(v, 1000, together), 30, 1e-9);
}

}  // namespace
}  // namespace itera::stats
