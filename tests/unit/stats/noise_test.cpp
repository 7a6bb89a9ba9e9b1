#include "core/stats/noise.hpp"

#include <algorithm>
#include <limits>
#include <vector>

#include "tests/unit/stats/golden.hpp"

namespace itera::stats {
namespace {
using testing::agrees;
using testing::golden;

std::vector<double> flattened(nlohmann::json const& rows) {
  std::vector<double> scores;
  for (auto const& row : rows)
    for (auto const& score : row) scores.push_back(score.get<double>());
  return scores;
}

TEST(Noise, AgreesWithReference) {
  auto const& v = golden("v04_dataset_P");
  auto const& expected = v.at("noise");
  auto const baseline_scores = flattened(v.at("baseline_trials"));
  auto const arm_scores = flattened(v.at("arm_trials"));
  auto const baseline = trial_noise({baseline_scores, 24, 3});
  auto const arm = trial_noise({arm_scores, 24, 3});
  ASSERT_TRUE(baseline && arm);
  EXPECT_TRUE(agrees(baseline->s_pass, expected.at("s_pass_baseline")));
  EXPECT_TRUE(agrees(arm->s_pass, expected.at("s_pass_arm")));
  EXPECT_TRUE(agrees(baseline->within_variance, expected.at("within_row_var_baseline")));
  EXPECT_TRUE(agrees(arm->within_variance, expected.at("within_row_var_arm")));
  EXPECT_TRUE(agrees(baseline->s_row, expected.at("s_row_baseline")));
  EXPECT_TRUE(agrees(arm->s_row, expected.at("s_row_arm")));

  auto const floor = noise_floor(*baseline, *arm);
  EXPECT_TRUE(agrees(floor.s_pool, expected.at("s_pool")));
  EXPECT_TRUE(agrees(2 * floor.s_pool, expected.at("floor_2s")));
  EXPECT_TRUE(agrees(floor.s_row_pool, std::sqrt((0.05555555555555556 + 0.06944444444444445) / 24 / 2)));
  EXPECT_EQ(floor.s_noise, std::max(floor.s_pool, floor.s_row_pool));
  EXPECT_TRUE(floor.enough_trials);
}

TEST(Noise, ExactRepetitionHasNone) {
  std::vector<double> scores;
  for (double const score : {0.1, 0.7, 1.0 / 3}) scores.insert(scores.end(), 7, score);
  auto const noise = trial_noise({scores, 3, 7});
  ASSERT_TRUE(noise);
  EXPECT_EQ(noise->s_pass, 0);
  EXPECT_EQ(noise->s_row, 0);
  EXPECT_EQ(noise_floor(*noise, TrialNoise{0, 0, 0, 3}).s_noise, 0);
}

TEST(Noise, PassesThatMoveAsOneShowInTheirMeansOnly) {
  std::vector<double> const apart = {0, 1, 1, 1, 0, 1, 1, 1, 0};
  auto const noise = trial_noise({apart, 3, 3});
  ASSERT_TRUE(noise);
  EXPECT_TRUE(agrees(noise->s_pass, 0));
  EXPECT_GT(noise->s_row, 0.1);
  std::vector<double> const together = {0, 1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 1};
  auto const pass = trial_noise({together, 4, 3});
  EXPECT_GT(pass->s_pass, 1.9 * pass->s_row);
}

TEST(Noise, TwoTrialsProveNothing) {
  std::vector<double> const scores = {0, 1, 1, 1};
  auto const noise = trial_noise({scores, 2, 2});
  ASSERT_TRUE(noise);
  EXPECT_FALSE(noise_floor(*noise, TrialNoise{0, 0, 0, 3}).enough_trials);
}

TEST(Noise, RowOrderChangesNoBit) {
  std::vector<double> scores;
  for (int i = 0; i < 90; ++i) scores.push_back((i * 37 % 101) / 101.0);
  auto const one = trial_noise({scores, 30, 3});
  std::rotate(scores.begin(), scores.begin() + 33, scores.end());
  auto const other = trial_noise({scores, 30, 3});
  EXPECT_EQ(one->s_pass, other->s_pass);
  EXPECT_EQ(one->s_row, other->s_row);
  EXPECT_EQ(one->within_variance, other->within_variance);
}

TEST(Noise, NothingFromTooLittle) {
  std::vector<double> const scores = {0, 1, 1};
  EXPECT_FALSE(trial_noise({{}, 0, 3}));
  EXPECT_FALSE(trial_noise({scores, 3, 1}));
  EXPECT_FALSE(trial_noise({scores, 2, 2}));
  std::vector<double> const nan = {0, std::numeric_limits<double>::quiet_NaN()};
  EXPECT_FALSE(trial_noise({nan, 1, 2}));
}

}  // namespace
}  // namespace itera::stats
