#include "core/stats/lift.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "core/stats/mean.hpp"
#include "core/stats/quantiles.hpp"
#include "tests/unit/stats/golden.hpp"

namespace itera::stats {
namespace {

using testing::agrees;
using testing::golden;

/// The row means of 24 rows with three trials each, and the vendors that they belong to.
struct Rows {
  std::vector<double> arm, base, d;
  std::vector<int> vendors;

  Rows() {
    auto const& v = golden("v04_dataset_P");
    std::map<std::string, int> label;
    auto const mean = [](auto const& row) {
      double sum = 0;
      for (auto const& score : row) sum += score.template get<double>();
      return sum / 3;
    };
    for (std::size_t i = 0; i < v.at("vendor").size(); ++i) {
      arm.push_back(mean(v.at("arm_trials")[i]));
      base.push_back(mean(v.at("baseline_trials")[i]));
      d.push_back(arm.back() - base.back());
      vendors.push_back(
          label.emplace(v.at("vendor")[i].get<std::string>(), static_cast<int>(label.size())).first->second);
    }
  }
};

TEST(Lift, IsThePairedT) {
  Rows const rows;
  auto const& expected = golden("v04_dataset_P").at("paired_t");
  auto const e = mean_estimate(rows.d);
  ASSERT_TRUE(e);
  EXPECT_TRUE(agrees(e->mean, expected.at("mean")));
  EXPECT_TRUE(agrees(e->se, expected.at("se")));
  EXPECT_TRUE(agrees(e->df, expected.at("df")));
  EXPECT_TRUE(agrees(2 * p_above_zero(*e), expected.at("p_two_sided")));
  EXPECT_TRUE(agrees(p_below_zero(*e), 1 - p_above_zero(*e)));
}

TEST(Lift, OfClustersIsThatOfCr2) {
  Rows const rows;
  auto const& expected = golden("v04_dataset_P").at("cluster_robust");
  auto const e = mean_estimate(rows.d, {}, rows.vendors);
  ASSERT_TRUE(e);
  EXPECT_TRUE(agrees(e->se, expected.at("cr2")));
  EXPECT_TRUE(agrees(e->df, expected.at("df_satt")));
}

// The contrast of a relative threshold by t, which the verdict widens by its pseudo-rows.
TEST(Lift, OfAContrastIsThatOfTheVector) {
  Rows const rows;
  auto const& expected = golden("v11_relative").at("contrast_10pct");
  std::vector<double> contrast;
  for (std::size_t i = 0; i < rows.d.size(); ++i) contrast.push_back(rows.arm[i] - 1.1 * rows.base[i]);
  auto const e = mean_estimate(contrast);
  ASSERT_TRUE(e);
  EXPECT_TRUE(agrees(e->mean, expected.at("mean")));
  EXPECT_TRUE(agrees(e->se, expected.at("se")));
  EXPECT_TRUE(agrees(e->mean - student_quantile(.975, e->df) * e->se, expected.at("t_ci_lower")));
}

TEST(Lift, FiellersIntervalIsThatOfTheVector) {
  Rows const rows;
  auto const& expected = golden("v11_relative");
  auto const lift = fieller(rows.arm, rows.base);
  ASSERT_EQ(lift.status, Lift::Status::ok);
  EXPECT_TRUE(agrees(lift.lift, expected.at("relative_lift")));
  EXPECT_TRUE(agrees(lift.ci.low, expected.at("fieller_ci_lift")[0]));
  EXPECT_TRUE(agrees(lift.ci.high, expected.at("fieller_ci_lift")[1]));
}

// The ends of Fieller's interval are where the contrast's interval touches zero, with clusters too.
TEST(Lift, FiellersEndsAreTheContrastsZeros) {
  Rows const rows;
  for (auto const& clusters : {std::vector<int>{}, rows.vendors}) {
    auto const lift = fieller(rows.arm, rows.base, clusters);
    ASSERT_EQ(lift.status, Lift::Status::ok);
    for (auto const end : {lift.ci.low, lift.ci.high}) {
      std::vector<double> contrast;
      for (std::size_t i = 0; i < rows.d.size(); ++i)
        contrast.push_back(rows.arm[i] - (1 + end) * rows.base[i]);
      auto const e = *mean_estimate(contrast, {}, clusters);
      EXPECT_NEAR(std::abs(e.mean), student_quantile(.975, e.df) * e.se, 1e-12);
    }
  }
}

TEST(Lift, ALiftOverNothingIsUndefinedAndOneOverLittleUnbounded) {
  std::vector<double> const a{1, 0, 1, 1}, none(4, 0.0), little{1, 0, 0, 0};
  EXPECT_EQ(fieller(a, none).status, Lift::Status::undefined);
  auto const lift = fieller(a, little);
  EXPECT_EQ(lift.status, Lift::Status::unbounded);
  EXPECT_DOUBLE_EQ(lift.lift, 2);
}

TEST(Lift, WhatIsAlwaysTheSameHasNoSpread) {
  std::vector<double> const same(7, 0.1 + 0.2);
  auto const e = mean_estimate(same);
  ASSERT_TRUE(e);
  EXPECT_EQ(e->se, 0);
  EXPECT_EQ(p_above_zero(*e), 0);
  EXPECT_EQ(p_below_zero(*e), 1);
  auto const zero = mean_estimate(std::vector<double>(7, 0.0));
  EXPECT_EQ(p_above_zero(*zero), 1);
  EXPECT_EQ(p_below_zero(*zero), 1);
}

TEST(Lift, NeedsTwoValuesOfTwoClustersAndAllFinite) {
  EXPECT_FALSE(mean_estimate(std::vector<double>{1}));
  EXPECT_FALSE(mean_estimate(std::vector<double>{1, 2}, {}, std::vector<int>{3, 3}));
  EXPECT_FALSE(mean_estimate(std::vector<double>{1, 2}, {}, std::vector<int>{3}));
  EXPECT_FALSE(mean_estimate(std::vector<double>{1, std::nan("")}));
}

TEST(Lift, DoesNotDependOnTheOrderOfRowsOrTheNamesOfClusters) {
  Rows rows;
  auto const before = *mean_estimate(rows.d, {}, rows.vendors);
  std::reverse(rows.d.begin(), rows.d.end());
  std::reverse(rows.vendors.begin(), rows.vendors.end());
  for (auto& v : rows.vendors) v = 100 - 3 * v;
  auto const after = *mean_estimate(rows.d, {}, rows.vendors);
  EXPECT_EQ(before.mean, after.mean);
  EXPECT_EQ(before.se, after.se);
  EXPECT_EQ(before.df, after.df);
}

}  // namespace
}  // namespace itera::stats
