#include <algorithm>
#include <numeric>
#include <vector>

#include "core/base/rng.hpp"
#include "core/stats/noise.hpp"
#include "core/stats/paired.hpp"
#include "tests/unit/stats/golden.hpp"

namespace itera::stats {
namespace {
using testing::agrees;

/// A made-up split: lattice differences of three trials, skewed weights, uneven clusters.
struct World {
  std::vector<double> d;
  std::vector<double> weights;
  std::vector<int> clusters;

  explicit World(std::uint32_t replicate, std::uint32_t rows = 60) {
    CounterRng const rng(20240611);
    for (std::uint32_t i = 0; i < rows; ++i) {
      auto const words = rng.block(i, replicate);
      d.push_back((static_cast<int>(bounded_index(words[0], 7)) - 3) / 3.0);
      weights.push_back(std::exp(3 * unit_interval(words[1], words[2])));
      clusters.push_back(static_cast<int>(bounded_index(words[3], 17)));
    }
  }

  PairedInput input() const {
    PairedInput in;
    in.d = d;
    in.weights = weights;
    in.clusters = clusters;
    in.within_variance = 0.1;
    in.trials = 3;
    return in;
  }
};

std::vector<double> all_numbers(PairedEffect const& e) {
  return {e.effect, e.centre, e.se,     e.df,      e.n_kish,       e.g_eff,
          e.deff,   e.c2,     e.ci_low, e.ci_high, *p_one_sided(e)};
}

TEST(PlusTwoProperty, SwappingArmsNegatesAndMirrors) {
  for (std::uint32_t replicate = 0; replicate < 20; ++replicate) {
    World world(replicate);
    auto const one = paired_effect(world.input());
    for (double& d : world.d) d = -d;
    auto const other = paired_effect(world.input());
    EXPECT_TRUE(agrees(other.effect, -one.effect));
    EXPECT_TRUE(agrees(other.centre, -one.centre));
    EXPECT_TRUE(agrees(other.se, one.se));
    EXPECT_TRUE(agrees(other.df, one.df));
    EXPECT_TRUE(agrees(other.ci_low, -one.ci_high));
    EXPECT_TRUE(agrees(other.ci_high, -one.ci_low));
    EXPECT_TRUE(agrees(*p_one_sided(other, 0.02), 1 - *p_one_sided(one, -0.02)));
  }
}

TEST(PlusTwoProperty, RowOrderAndClusterNamesChangeNoBit) {
  CounterRng const rng(7);
  for (std::uint32_t replicate = 0; replicate < 20; ++replicate) {
    World const world(replicate);
    World moved = world;
    for (std::uint32_t i = 59; i > 0; --i) {
      auto const j = bounded_index(rng.word(i, replicate), i + 1);
      std::swap(moved.d[i], moved.d[j]);
      std::swap(moved.weights[i], moved.weights[j]);
      std::swap(moved.clusters[i], moved.clusters[j]);
    }
    for (int& cluster : moved.clusters) cluster = 1000 - 13 * cluster;
    EXPECT_EQ(all_numbers(paired_effect(world.input())), all_numbers(paired_effect(moved.input())));
  }
}

TEST(PlusTwoProperty, RepeatedTrialsAreNoNewEvidence) {
  std::vector<double> const baseline = {1, 0, 0, 1, 0.3, 0, 1, 0, 0, 1};
  std::vector<double> const arm = {1, 1, 0, 1, 0.7, 1, 0, 0, 1, 1};
  auto const with_copies = [&](std::size_t copies) {
    PairedInput in;
    std::vector<double> d;
    for (std::size_t i = 0; i < arm.size(); ++i) d.push_back(arm[i] - baseline[i]);
    in.d = d;
    in.trials = static_cast<int>(copies);
    for (auto const* one : {&baseline, &arm}) {
      std::vector<double> scores;
      for (double const score : *one) scores.insert(scores.end(), copies, score);
      if (copies > 1) in.within_variance += trial_noise({scores, arm.size(), copies})->within_variance;
    }
    return all_numbers(paired_effect(in));
  };
  EXPECT_EQ(with_copies(3), with_copies(1));
  EXPECT_EQ(with_copies(7), with_copies(1));
}

TEST(PlusTwoProperty, ClustersNeverNarrowBelowTheRows) {
  for (std::uint32_t replicate = 0; replicate < 20; ++replicate) {
    World world(replicate);
    auto in = world.input();
    in.clusters = {};
    double const rows = paired_effect(in).se;
    in.clusters = world.clusters;
    for (int clusters = 17; clusters >= 2; --clusters) {
      for (int& cluster : world.clusters) cluster = std::min(cluster, clusters - 1);
      EXPECT_GE(paired_effect(in).se, rows * (1 - 1e-12)) << clusters << " clusters";
    }
  }
}

TEST(PlusTwoProperty, OwnClusterForEveryRowIsTheSameAsNone) {
  World world(3);
  std::iota(world.clusters.begin(), world.clusters.end(), -10);
  auto in = world.input();
  auto const clustered = all_numbers(paired_effect(in));
  in.clusters = {};
  EXPECT_EQ(clustered, all_numbers(paired_effect(in)));
}

TEST(PlusTwoProperty, WeightsMatterOnlyInProportion) {
  World world(5);
  auto const one = all_numbers(paired_effect(world.input()));
  for (double& weight : world.weights) weight *= 1e6;
  auto const other = all_numbers(paired_effect(world.input()));
  for (std::size_t i = 0; i < one.size(); ++i) EXPECT_TRUE(agrees(other[i], one[i])) << i;
}

TEST(PlusTwoProperty, TiesShrinkTheEffect) {
  World world(1);
  auto in = world.input();
  in.weights = {};
  in.clusters = {};
  auto const before = paired_effect(in);
  world.d.push_back(0);
  in.d = world.d;
  EXPECT_LT(std::abs(paired_effect(in).effect), std::abs(before.effect));
}

TEST(PlusTwoProperty, EqualDifferencesHaveNoSpreadButAnInterval) {
  std::vector<double> const d(12, 0.1);
  std::vector<int> const clusters = {0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3};
  PairedInput in;
  in.d = d;
  in.clusters = clusters;
  auto const out = paired_effect(in);
  ASSERT_EQ(out.status, PairedStatus::ok);
  EXPECT_TRUE(agrees(out.effect, 0.1));
  EXPECT_TRUE(agrees(out.deff, 3));  // nothing to estimate it from: the upper end, rows per cluster
  EXPECT_GT(out.se, 0);
  EXPECT_LT(out.ci_low, 0.1);
  EXPECT_GT(out.ci_high, 0.1);
}

TEST(PlusTwoProperty, PureTrialNoiseLeavesOneTrialsWorth) {
  std::vector<double> const d(12, 0.0);
  EXPECT_TRUE(agrees(surviving_variance_share(d, 0.25, 4), 0.25));
  EXPECT_EQ(surviving_variance_share(d, 0, 4), 1);
  EXPECT_EQ(surviving_variance_share(std::vector<double>{0.5}, 0.25, 4), 1);
  EXPECT_EQ(surviving_variance_share(std::vector<double>{1, -1}, 0.25, 1), 1);
}

TEST(PlusTwoProperty, IntervalAndPAgreeAboutAnyThreshold) {
  for (std::uint32_t replicate = 0; replicate < 20; ++replicate) {
    World const world(replicate);
    auto const out = paired_effect(world.input());
    EXPECT_EQ(*confidence_interval(out, 0.95), (Interval{out.ci_low, out.ci_high}));
    EXPECT_TRUE(agrees(*p_one_sided(out, out.ci_low), 0.025, 1e-8));
    auto const narrower = *confidence_interval(out, 0.9);
    EXPECT_GT(narrower.low, out.ci_low);
    EXPECT_LT(narrower.high, out.ci_high);
    EXPECT_TRUE(agrees(*p_one_sided(out, narrower.low), 0.05, 1e-8));
  }
}

}  // namespace
}  // namespace itera::stats
