#include "core/stats/stratified.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "core/stats/quantiles.hpp"
#include "tests/unit/stats/golden.hpp"

namespace itera::stats {
namespace {
using testing::agrees;

PairedEffect effect(std::vector<double> const& d) {
  return paired_effect({d, {}, {}, 0, 1, {}});
}

std::vector<double> const kUp{1, 1, 0, 0, 1, 0, 0, 1}, kDown{0, -1, 0, 0, 0, -1, 0, 0, 0, 0};

TEST(Stratified, OneStratumIsItself) {
  auto const alone = effect(kUp);
  std::vector<Stratum> const strata{{0.3, alone}};
  auto const whole = post_stratified(strata);
  ASSERT_TRUE(whole);
  EXPECT_TRUE(agrees(whole->effect, alone.effect));
  EXPECT_TRUE(agrees(whole->se, alone.se));
  EXPECT_TRUE(agrees(whole->df, alone.df));
  EXPECT_TRUE(agrees(whole->ci_low, alone.ci_low));
  EXPECT_TRUE(agrees(whole->ci_high, alone.ci_high));
}

TEST(Stratified, SharesWeighEffectsAndSquaresWeighErrors) {
  auto const up = effect(kUp), down = effect(kDown);
  std::vector<Stratum> const strata{{0.9, up}, {0.1, down}};
  auto const whole = post_stratified(strata);
  ASSERT_TRUE(whole);
  EXPECT_TRUE(agrees(whole->effect, 0.9 * 0.5 - 0.1 * 0.2));
  double const a = 0.81 * up.se * up.se, b = 0.01 * down.se * down.se;
  EXPECT_TRUE(agrees(whole->se, std::sqrt(a + b)));
  EXPECT_TRUE(agrees(whole->df, (a + b) * (a + b) / (a * a / 7 + b * b / 9)));
  double const half = student_quantile(0.975, whole->df) * whole->se;
  EXPECT_TRUE(agrees(whole->ci_low, 0.9 * up.centre + 0.1 * down.centre - half));
  EXPECT_EQ(whole->n, 18U);
}

TEST(Stratified, SharesAreScaledAndZeroOnesDoNotMatter) {
  auto const up = effect(kUp), down = effect(kDown);
  std::vector<Stratum> const parts{{0.9, up}, {0.1, down}}, counts{{90, up}, {10, down}, {0, {}}};
  EXPECT_TRUE(agrees(post_stratified(counts)->effect, post_stratified(parts)->effect));
  EXPECT_TRUE(agrees(post_stratified(counts)->df, post_stratified(parts)->df));
}

TEST(Stratified, NothingWhereAStratumWasNotMeasured) {
  auto const up = effect(kUp);
  auto const none = [](std::vector<Stratum> const& strata) { return !post_stratified(strata); };
  EXPECT_TRUE(none({}));
  EXPECT_TRUE(none({{0, up}}));
  EXPECT_TRUE(none({{0.5, up}, {0.5, effect({})}}));
  EXPECT_TRUE(none({{0.5, up}, {0.5, effect({1})}}));
  EXPECT_TRUE(none({{0.5, up}, {-0.5, up}}));
  EXPECT_TRUE(none({{std::numeric_limits<double>::quiet_NaN(), up}}));
}

}  // namespace
}  // namespace itera::stats
