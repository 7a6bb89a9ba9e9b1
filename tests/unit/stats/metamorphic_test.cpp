// What must not change, or must change in a known way, when the data are put differently.
#include <algorithm>
#include <limits>
#include <vector>

#include "core/stats/exact.hpp"
#include "core/stats/mean.hpp"
#include "tests/unit/stats/golden.hpp"
#include "tests/unit/stats/row_models.hpp"

namespace itera::stats {
namespace {
using testing::agrees;
using testing::Dependence;

std::vector<testing::Simulated> passes() {
  CounterRng const rng(31);
  std::vector<testing::Simulated> out;
  std::uint32_t replicate = 0;
  for (auto const& model : testing::row_models())
    for (auto const dependence : {Dependence::independent, Dependence::vendors, Dependence::weights})
      out.push_back(testing::simulate(model, 40, 3, dependence, rng, replicate++));
  return out;
}

TEST(Metamorphic, DuplicatedRowsAreOneClusterEach) {
  // Every row twice, the copies in one cluster: no new evidence, so the same effect and no narrower interval.
  for (auto pass : passes()) {
    auto const n = pass.d.size();
    auto once = pass.input();
    once.clusters = {};
    auto const one = paired_effect(once);
    auto twice = pass;
    for (auto* column : {&twice.d, &twice.weights})
      column->insert(column->end(), column->begin(),
                     column->begin() + static_cast<std::ptrdiff_t>(column->size()));
    twice.clusters.clear();
    for (std::size_t i = 0; i < 2 * n; ++i) twice.clusters.push_back(static_cast<int>(i % n));
    auto in = twice.input();
    in.c2 = one.c2;
    auto const other = paired_effect(in);
    EXPECT_TRUE(agrees(other.effect, one.effect));
    EXPECT_TRUE(agrees(other.g_eff, one.g_eff));
    EXPECT_TRUE(agrees(other.df, one.df));
    EXPECT_GE(other.ci_high - other.ci_low, (one.ci_high - one.ci_low) * .97);
    EXPECT_TRUE(agrees(mean_estimate(twice.d, twice.weights, twice.clusters)->se,
                       mean_estimate(pass.d, pass.weights)->se));
  }
}

TEST(Metamorphic, TiesShrinkEffectAndIntervalTogether) {
  for (auto pass : passes()) {
    if (!pass.clusters.empty() || !pass.weights.empty()) continue;
    auto const before = paired_effect(pass.input());
    pass.d.resize(2 * pass.d.size(), 0.0);
    auto in = pass.input();
    in.c2 = before.c2;
    auto const after = paired_effect(in);
    EXPECT_TRUE(agrees(after.effect, before.effect / 2));
    EXPECT_LT(after.ci_high - after.ci_low, before.ci_high - before.ci_low);
  }
}

TEST(Metamorphic, ShiftMovesTheLargeSampleIntervalAndNothingElse) {
  for (auto pass : passes()) {
    auto const before = *mean_estimate(pass.d, pass.weights, pass.clusters);
    for (double& d : pass.d) d = d * 10 + 4;
    auto const after = *mean_estimate(pass.d, pass.weights, pass.clusters);
    EXPECT_TRUE(agrees(after.mean, before.mean * 10 + 4));
    EXPECT_TRUE(agrees(after.se, before.se * 10));
    EXPECT_EQ(after.df, before.df);
  }
}

TEST(Metamorphic, ExactTestSeesOnlySignsAndSizes) {
  for (auto const& pass : passes()) {
    auto const one = *sign_flip_exact(pass.wins, pass.clusters);
    auto scaled = pass.wins;
    for (auto& w : scaled) w *= 7;
    auto const other = *sign_flip_exact(scaled, pass.clusters);
    EXPECT_EQ(other.one_sided, one.one_sided);
    EXPECT_EQ(other.two_sided, one.two_sided);
    auto mirrored = pass.wins;
    for (auto& w : mirrored) w = -w;
    EXPECT_EQ(sign_flip_exact(mirrored, pass.clusters)->two_sided, one.two_sided);
    auto tied = pass.wins;
    auto clusters = pass.clusters;
    tied.resize(tied.size() + 50, 0);
    if (!clusters.empty()) clusters.resize(tied.size(), 9999);
    EXPECT_EQ(sign_flip_exact(tied, clusters)->one_sided, one.one_sided);
  }
}

TEST(Metamorphic, EveryNumberStaysFiniteInTheCorners) {
  for (std::size_t const n : {2U, 3U, 8U})
    for (double const d : {-1.0, 0.0, 1.0})
      for (double const within : {0.0, 0.5})
        for (int const trials : {1, 3}) {
          std::vector<double> const rows(n, d);
          auto const out = paired_effect({rows, {}, {}, within, trials, {}});
          ASSERT_EQ(out.status, PairedStatus::ok);
          EXPECT_TRUE(agrees(out.effect, d));
          EXPECT_GT(out.se, 0);
          EXPECT_LE(out.ci_low, out.centre);
          EXPECT_GE(out.ci_high, out.centre);
          for (double const x : {out.se, out.df, out.ci_low, out.ci_high, *p_one_sided(out)})
            EXPECT_TRUE(std::isfinite(x));
        }
}

TEST(Metamorphic, AShareOutOfRangeIsAllOfIt) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  std::vector<double> const d = {1, 0, -1};
  EXPECT_EQ(surviving_variance_share(std::vector<double>{1, nan}, 0.1, 3), 1);
  EXPECT_EQ(surviving_variance_share(d, nan, 3), 1);
  EXPECT_EQ(surviving_variance_share(d, -1, 3), 1);
  EXPECT_EQ(surviving_variance_share(d, 0.1, 0), 1);
}

}  // namespace
}  // namespace itera::stats
