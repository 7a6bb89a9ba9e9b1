#include "core/stats/gap.hpp"

#include <cmath>
#include <limits>

#include "core/stats/decomposition.hpp"
#include "tests/unit/stats/golden.hpp"

namespace itera::stats {
namespace {
using testing::agrees;
using testing::golden;

TEST(Gap, AgreesWithReference) {
  auto const& v = golden("v17_gap_alarm");
  auto const of = [&](char const* part) {
    return Estimate{v.at(part).at("effect").get<double>(), v.at(part).at("se").get<double>()};
  };
  auto const gap = dev_test_gap(of("dev"), of("test"), v.at("seed_rule").at("s_pool").get<double>());
  ASSERT_TRUE(gap);
  EXPECT_TRUE(agrees(gap->gap, v.at("gap")));
  EXPECT_TRUE(agrees(gap->se, v.at("se_gap")));
  EXPECT_TRUE(agrees(gap->z, v.at("z")));
  EXPECT_TRUE(agrees(gap->p, v.at("p_one_sided")));
  EXPECT_EQ(gap->notice, v.at("seed_rule").at("alarm"));
  EXPECT_EQ(gap->alarm, v.at("calibrated_alarm_one_sided_.025"));
}

TEST(Gap, OnlyAFlatteringDevAlarms) {
  EXPECT_TRUE(dev_test_gap({0.2, 0.03}, {0.0, 0.04}, 0)->alarm);
  auto const other_way = dev_test_gap({0.0, 0.03}, {0.2, 0.04}, 0.01);
  EXPECT_FALSE(other_way->alarm);
  EXPECT_TRUE(other_way->notice);
  EXPECT_FALSE(dev_test_gap({0.1, 0.03}, {0.1, 0.04}, 0)->notice) << "no gap is not more than no noise";
}

TEST(Gap, NothingWithoutASpread) {
  EXPECT_FALSE(dev_test_gap({0.1, 0}, {0.1, 0.1}, 0));
  EXPECT_FALSE(dev_test_gap({0.1, 0.1}, {0.1, 0}, 0));
  EXPECT_FALSE(dev_test_gap({std::numeric_limits<double>::quiet_NaN(), 0.1}, {0.1, 0.1}, 0));
  EXPECT_FALSE(dev_test_gap({0.1, 0.1}, {0.1, 0.1}, -1));
}

// E[max] of two is 1/sqrt(pi), of three 3/(2 sqrt(pi)); of six and nine 1.2672 and 1.4850 (tables of normal
// order statistics).
TEST(Gap, TheBestOfSeveralLooksIsFlattered) {
  double const root = std::sqrt(std::acos(-1.0));
  EXPECT_EQ(expected_maximum(1), 0);
  EXPECT_TRUE(agrees(expected_maximum(2), 1 / root));
  EXPECT_TRUE(agrees(expected_maximum(3), 1.5 / root));
  EXPECT_NEAR(expected_maximum(6), 1.2672, 5e-5);
  EXPECT_NEAR(expected_maximum(9), 1.4850, 5e-5);
  EXPECT_NEAR(dev_test_gap({0.1, 0.04}, {0.1, 0.1}, 0, 9)->optimism, 0.0594, 5e-5);
  EXPECT_EQ(dev_test_gap({0.1, 0.04}, {0.1, 0.1}, 0)->optimism, 0);
}

TEST(Decomposition, AgreesWithReference) {
  auto const& noise = golden("v04_dataset_P").at("noise");
  auto const found = decompose(
      noise.at("between_row_var_d").get<double>(),
      noise.at("within_row_var_baseline").get<double>() + noise.at("within_row_var_arm").get<double>(), 3);
  ASSERT_TRUE(found);
  EXPECT_TRUE(agrees(found->trial_variance, noise.at("sigma2_within_d")));
  EXPECT_TRUE(agrees(found->row_variance, noise.at("sigma2_between_est")));
  EXPECT_TRUE(agrees(found->trial_share, noise.at("share_trial_noise")));
  EXPECT_FALSE(found->more_trials);
  EXPECT_TRUE(agrees(*found->best_trials, std::sqrt(0.125 / noise.at("sigma2_between_est").get<double>())));
}

TEST(Decomposition, TrialsThatMakeAllOfTheSpread) {
  auto const found = decompose(0.01, 0.06, 3);
  EXPECT_EQ(found->row_variance, 0);
  EXPECT_EQ(found->trial_share, 1);
  EXPECT_TRUE(found->more_trials);
  EXPECT_FALSE(found->best_trials);
}

TEST(Decomposition, NothingWithoutTrialsOrSpread) {
  EXPECT_FALSE(decompose(0.1, 0.1, 1));
  EXPECT_FALSE(decompose(0, 0, 3));
  EXPECT_FALSE(decompose(0.1, -0.1, 3));
  EXPECT_FALSE(decompose(std::numeric_limits<double>::quiet_NaN(), 0.1, 3));
  EXPECT_EQ(decompose(0.1, 0, 3)->trial_share, 0);
}

}  // namespace
}  // namespace itera::stats
