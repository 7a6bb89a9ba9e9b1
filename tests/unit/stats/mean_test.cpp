#include "core/stats/mean.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "core/base/rng.hpp"
#include "tests/unit/stats/golden.hpp"

namespace itera::stats {
namespace {
using testing::agrees;
using testing::golden;
using Values = std::vector<double>;

TEST(Mean, PairedTAgreesWithReference) {
  auto const& v = golden("v05_continuous_BCa");
  auto const& expected = v.at("paired_t");
  auto const out = mean_estimate(v.at("d").get<Values>());
  ASSERT_TRUE(out);
  EXPECT_TRUE(agrees(out->mean, expected.at("mean")));
  EXPECT_TRUE(agrees(out->se, expected.at("se")));
  EXPECT_TRUE(agrees(out->se_cr1, expected.at("se")));
  EXPECT_TRUE(agrees(out->df, 19));
  EXPECT_TRUE(agrees(t_interval(*out)->low, expected.at("ci")[0]));
  EXPECT_TRUE(agrees(t_interval(*out)->high, expected.at("ci")[1]));
  EXPECT_TRUE(agrees(t_two_sided_p(*out), expected.at("p")));
}

TEST(Mean, ClustersAndWeightsAgreeWithReference) {
  auto const& v = golden("v04_dataset_P");
  Values d;
  for (auto const& x : v.at("row_diff_times_K")) d.push_back(x.get<int>() / 3.0);
  std::vector<int> vendors;
  std::map<std::string, int> label;
  for (auto const& name : v.at("vendor"))
    vendors.push_back(
        label.emplace(name.get<std::string>(), 5 - 3 * static_cast<int>(label.size())).first->second);

  auto const rows = mean_estimate(d);
  EXPECT_TRUE(agrees(rows->se, v.at("paired_t").at("se")));
  EXPECT_TRUE(agrees(rows->df, v.at("paired_t").at("df")));
  EXPECT_TRUE(agrees(t_two_sided_p(*rows), v.at("paired_t").at("p_two_sided")));

  auto const clustered = mean_estimate(d, {}, vendors);
  auto const& robust = v.at("cluster_robust");
  EXPECT_TRUE(agrees(clustered->se_cr1, robust.at("cr1")));
  EXPECT_TRUE(agrees(clustered->se, robust.at("cr2")));
  EXPECT_TRUE(agrees(clustered->df, robust.at("df_satt")));
  EXPECT_TRUE(agrees(t_interval(*clustered)->low, v.at("cluster_ci_CR2_satt")[0]));
  EXPECT_TRUE(agrees(t_interval(*clustered)->high, v.at("cluster_ci_CR2_satt")[1]));

  auto const weights = v.at("weight").get<Values>();
  auto const& weighted = v.at("weighted_mean");
  EXPECT_TRUE(agrees(mean_estimate(d, weights)->mean, weighted.at("effect_w")));
  EXPECT_TRUE(agrees(mean_estimate(d, weights)->se_cr1, weighted.at("se_linearised_n_over_n-1")));
  EXPECT_TRUE(agrees(mean_estimate(d, weights, vendors)->se_cr1, weighted.at("cluster").at("se_cr1")));
}

TEST(Mean, ShiftAndScaleCarryOver) {
  CounterRng const rng(5);
  for (std::uint32_t replicate = 0; replicate < 20; ++replicate) {
    Values d;
    Values moved;
    std::vector<int> clusters;
    for (std::uint32_t i = 0; i < 40; ++i) {
      auto const words = rng.block(i, replicate);
      d.push_back(unit_interval(words[0], words[1]));
      moved.push_back(-7 * d.back() + 3);
      clusters.push_back(static_cast<int>(bounded_index(words[2], 12)));
    }
    auto const one = *mean_estimate(d, {}, clusters);
    auto const other = *mean_estimate(moved, {}, clusters);
    EXPECT_TRUE(agrees(other.mean, 3 - 7 * one.mean));
    EXPECT_TRUE(agrees(other.se, 7 * one.se));
    EXPECT_TRUE(agrees(other.df, one.df));
    EXPECT_TRUE(agrees(t_interval(other)->low, 3 - 7 * t_interval(one)->high));
    EXPECT_TRUE(agrees(t_two_sided_p(other, 3), t_two_sided_p(one)));
  }
}

TEST(Mean, EqualValuesAreAPoint) {
  auto const out = *mean_estimate(Values(5, 0.25));
  EXPECT_EQ(out.se, 0);
  EXPECT_EQ(*t_interval(out), (Interval{0.25, 0.25}));
  EXPECT_EQ(t_two_sided_p(out), 0);
  EXPECT_EQ(t_two_sided_p(out, 0.25), 1);
}

TEST(Mean, NothingFromTooLittleOrOutOfRange) {
  constexpr double inf = std::numeric_limits<double>::infinity();
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  Values const two = {1, 2};
  EXPECT_FALSE(mean_estimate({}));
  EXPECT_FALSE(mean_estimate(Values{1}));
  EXPECT_FALSE(mean_estimate(two, {}, std::vector<int>{4, 4}));
  EXPECT_FALSE(mean_estimate(two, {}, std::vector<int>{4}));
  EXPECT_FALSE(mean_estimate(two, Values{1, 2, 3}));
  EXPECT_FALSE(mean_estimate(two, Values{0, 0}));
  EXPECT_FALSE(mean_estimate(two, Values{1, -1}));
  for (double const bad : {inf, -inf, nan, 1e101}) {
    EXPECT_FALSE(mean_estimate(Values{1, bad}));
    EXPECT_FALSE(mean_estimate(two, Values{1, bad}));
  }
  EXPECT_FALSE(t_interval(*mean_estimate(two), 1));
  EXPECT_FALSE(t_interval(*mean_estimate(two), nan));
}

}  // namespace
}  // namespace itera::stats
