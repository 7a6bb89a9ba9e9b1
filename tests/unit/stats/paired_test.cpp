#include "core/stats/paired.hpp"

#include <limits>
#include <map>
#include <string>
#include <vector>

#include "core/stats/noise.hpp"
#include "core/stats/quantiles.hpp"
#include "tests/unit/stats/golden.hpp"

namespace itera::stats {
namespace {
using nlohmann::json;
using testing::agrees;
using testing::golden;

void expect_agrees(PairedEffect const& actual, json const& expected) {
  ASSERT_EQ(actual.status, PairedStatus::ok);
  EXPECT_TRUE(agrees(actual.effect, expected.at("effect")));
  EXPECT_TRUE(agrees(actual.centre, expected.at("centre")));
  EXPECT_TRUE(agrees(actual.se, expected.at("se")));
  EXPECT_TRUE(agrees(actual.df, expected.at("df")));
  EXPECT_EQ(actual.n, expected.at("n").get<std::size_t>());
  EXPECT_EQ(actual.groups, expected.at("G").get<std::size_t>());
  EXPECT_TRUE(agrees(actual.n_kish, expected.at("n_kish")));
  EXPECT_TRUE(agrees(actual.g_eff, expected.at("G_eff")));
  EXPECT_TRUE(agrees(actual.deff, expected.at("deff")));
  EXPECT_TRUE(agrees(actual.c2, expected.at("c2")));
  EXPECT_TRUE(agrees(actual.ci_low, expected.at("ci")[0]));
  EXPECT_TRUE(agrees(actual.ci_high, expected.at("ci")[1]));
  EXPECT_TRUE(agrees(*p_one_sided(actual), expected.at("p_one_sided_gt0")));
}

/// 24 rows, three binary trials, vendors as clusters, two slices, capped severities as weights.
struct DatasetP {
  std::vector<double> d;
  std::vector<double> weights;
  std::vector<int> vendors;
  double within_variance = 0;

  DatasetP() {
    auto const& v = golden("v04_dataset_P");
    for (auto const& x : v.at("row_diff_times_K")) d.push_back(x.get<int>() / 3.0);
    weights = v.at("weight").get<std::vector<double>>();
    std::map<std::string, int> label;
    for (auto const& name : v.at("vendor"))
      vendors.push_back(
          label.emplace(name.get<std::string>(), 7 * static_cast<int>(label.size()) - 20).first->second);
    for (auto const* arm : {"baseline_trials", "arm_trials"}) {
      std::vector<double> scores;
      for (auto const& row : v.at(arm))
        for (auto const& score : row) scores.push_back(score.get<double>());
      within_variance += trial_noise({scores, d.size(), 3})->within_variance;
    }
  }

  PairedInput input() const {
    PairedInput in;
    in.d = d;
    in.within_variance = within_variance;
    in.trials = 3;
    return in;
  }
};

TEST(PlusTwo, AgreesOnTrialsWeightsAndClusters) {
  auto const& v = golden("v04_dataset_P");
  DatasetP const data;
  EXPECT_TRUE(agrees(data.within_variance, v.at("noise").at("sigma2_within_d")));

  auto in = data.input();
  expect_agrees(paired_effect(in), v.at("plus_two_t_iid"));
  in.clusters = data.vendors;
  expect_agrees(paired_effect(in), v.at("plus_two_t_cluster"));
  in.weights = data.weights;
  expect_agrees(paired_effect(in), v.at("plus_two_t_weighted_cluster"));
  in.clusters = {};
  expect_agrees(paired_effect(in), v.at("plus_two_t_weighted_iid"));
}

TEST(PlusTwo, SliceTakesTheShareOfTheWholeSplit) {
  auto const& v = golden("v04_dataset_P");
  DatasetP const data;
  std::vector<double> slice;
  for (std::size_t i = 0; i < data.d.size(); ++i)
    if (v.at("slice")[i] == "ent") slice.push_back(data.d[i]);
  auto in = data.input();
  in.d = slice;
  in.c2 = surviving_variance_share(data.d, data.within_variance, 3);
  expect_agrees(paired_effect(in), v.at("plus_two_t_slice_ent"));
}

TEST(PlusTwo, AgreesOnDegenerateRows) {
  for (auto const& c : golden("v04b_plus_two_t_degenerate")) {
    SCOPED_TRACE(c.at("case"));
    auto const d = c.at("d").get<std::vector<double>>();
    PairedInput in;
    in.d = d;
    expect_agrees(paired_effect(in), c.at("out"));
  }
}

TEST(PlusTwo, AgreesOnThreeHundredLatticeRows) {
  std::vector<double> d;
  for (int i = 0; i < 300; ++i) {
    int const r = i % 20;
    d.push_back((r == 0 ? 3 : r == 1 ? -1 : r == 2 ? 1 : r == 3 ? 2 : 0) / 3.0);
  }
  PairedInput in;
  in.d = d;
  expect_agrees(paired_effect(in), golden("v04c_lattice_300").at("plus_two_t_K1_c2_1"));
}

TEST(PlusTwo, WithNormalQuantileIsBonettPrice) {
  for (auto const& c : golden("v01_paired_binary")) {
    SCOPED_TRACE(c.dump());
    auto const wins = c.at("w").get<std::size_t>();
    auto const losses = c.at("l").get<std::size_t>();
    std::vector<double> d(c.at("n").get<std::size_t>(), 0.0);
    if (d.size() < 2) continue;
    std::fill_n(d.begin(), wins, 1.0);
    std::fill_n(d.rbegin(), losses, -1.0);
    PairedInput in;
    in.d = d;
    auto const out = paired_effect(in);
    double const half = normal_critical(0.05) * out.se;
    EXPECT_TRUE(agrees(out.effect, c.at("effect")));
    EXPECT_TRUE(agrees(std::max(-1.0, out.centre - half), c.at("bonett_price")[0]));
    EXPECT_TRUE(agrees(std::min(1.0, out.centre + half), c.at("bonett_price")[1]));
  }
}

TEST(PlusTwo, NothingWithoutRows) {
  auto const out = paired_effect({});
  EXPECT_EQ(out.status, PairedStatus::no_rows);
  EXPECT_FALSE(has_effect(out.status));
  EXPECT_FALSE(p_one_sided(out));
  EXPECT_FALSE(confidence_interval(out, 0.9));
}

TEST(PlusTwo, OneRowGivesThePointOnly) {
  std::vector<double> const d = {1};
  std::vector<int> const cluster = {4};
  PairedInput in;
  in.d = d;
  for (bool const clustered : {false, true}) {
    if (clustered) in.clusters = cluster;
    auto const out = paired_effect(in);
    EXPECT_EQ(out.status, PairedStatus::one_row);
    EXPECT_EQ(out.effect, 1);
    EXPECT_EQ(out.ci_low, -1);
    EXPECT_EQ(out.ci_high, 1);
    EXPECT_EQ(p_one_sided(out), 1);
    EXPECT_EQ(confidence_interval(out, 0.5), (Interval{-1, 1}));
  }
}

TEST(PlusTwo, OneClusterHasAnEffectButNoInterval) {
  std::vector<double> const d = {1, 0, 1};
  std::vector<int> const clusters = {9, 9, 9};
  PairedInput in;
  in.d = d;
  in.clusters = clusters;
  auto const out = paired_effect(in);
  EXPECT_EQ(out.status, PairedStatus::one_cluster);
  EXPECT_TRUE(agrees(out.effect, 2.0 / 3));
  EXPECT_TRUE(has_effect(out.status));
  EXPECT_FALSE(has_interval(out.status));
  EXPECT_FALSE(p_one_sided(out));
  EXPECT_FALSE(confidence_interval(out, 0.95));
}

TEST(PlusTwo, RefusesWhatCannotBeAScoreOrAWeight) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  constexpr double inf = std::numeric_limits<double>::infinity();
  std::vector<double> const good = {1, 0};
  auto const status = [](std::vector<double> const& d, std::vector<double> const& weights = {},
                         std::vector<int> const& clusters = {}) {
    PairedInput in;
    in.d = d;
    in.weights = weights;
    in.clusters = clusters;
    return paired_effect(in).status;
  };
  EXPECT_EQ(status({nan, 0}), PairedStatus::bad_input);
  EXPECT_EQ(status({1.5, 0}), PairedStatus::bad_input);
  EXPECT_EQ(status(good, {1, nan}), PairedStatus::bad_input);
  EXPECT_EQ(status(good, {1, -1}), PairedStatus::bad_input);
  EXPECT_EQ(status(good, {1, inf}), PairedStatus::bad_input);
  EXPECT_EQ(status(good, {0, 0}), PairedStatus::bad_input);
  EXPECT_EQ(status(good, {1}), PairedStatus::bad_input);
  EXPECT_EQ(status(good, {}, {1, 2, 3}), PairedStatus::bad_input);
  PairedInput in;
  in.d = good;
  in.trials = 0;
  EXPECT_EQ(paired_effect(in).status, PairedStatus::bad_input);
  in.trials = 2;
  in.within_variance = -1;
  EXPECT_EQ(paired_effect(in).status, PairedStatus::bad_input);
  in.within_variance = 0;
  in.c2 = 0;
  EXPECT_EQ(paired_effect(in).status, PairedStatus::bad_input);
}

TEST(PlusTwo, OneRowWithAllWeightStaysFinite) {
  std::vector<double> const d = {1, 0, -1};
  for (double const tiny : {0.0, 1e-18, 1e-9}) {
    std::vector<double> const weights = {tiny, 1, tiny};
    PairedInput in;
    in.d = d;
    in.weights = weights;
    auto const out = paired_effect(in);
    ASSERT_EQ(out.status, PairedStatus::ok);
    EXPECT_GE(out.df, 1);
    EXPECT_LT(out.df, 1.01);
    EXPECT_GT(out.se, 0);
    EXPECT_EQ(out.ci_low, -1);
    EXPECT_EQ(out.ci_high, 1);
  }
}

}  // namespace
}  // namespace itera::stats
