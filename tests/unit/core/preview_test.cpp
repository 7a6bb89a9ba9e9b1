#include "core/engine/preview.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/unit/core/support.hpp"

namespace itera::engine {
namespace {

using test::small_plan;

TEST(Preview, WithoutNumbersOfRowsNothingIsMadeUp) {
  auto const p = preview(small_plan(), std::nullopt, std::nullopt);
  EXPECT_EQ(p.rows_from, RowsFrom::unknown);
  EXPECT_FALSE(p.train || p.dev || p.test || p.answers);
  ASSERT_EQ(p.calls.size(), 2U);
  EXPECT_EQ(p.calls[0].trials, 3U);
  EXPECT_FALSE(p.calls[0].dev || p.calls[0].answers);
  EXPECT_FALSE(p.power[0].detectable);
  EXPECT_TRUE(p.power[1].rows_needed);
}

TEST(Preview, RowsAreSharesOfTheSampleElseOfTheSource) {
  auto plan = small_plan();
  auto const counted = preview(plan, std::nullopt, 1000);
  EXPECT_EQ(counted.rows_from, RowsFrom::source);
  EXPECT_EQ(counted.train, 300U);
  EXPECT_EQ(counted.dev, 500U);
  EXPECT_EQ(counted.test, 200U);
  plan.sample = 400;
  auto const sampled = preview(plan, std::nullopt, 1000);
  EXPECT_EQ(sampled.rows_from, RowsFrom::sample);
  EXPECT_EQ(sampled.test, 80U);
}

// 500 dev and 200 test rows: three trials of an arm by chance; one of a deterministic one, after 20 rows in
// three trials that no judge scores.
TEST(Preview, CallsByArmAndTrial) {
  auto plan = small_plan();
  plan.arms[1].deterministic = true;
  auto const p = preview(plan, std::nullopt, 1000);
  EXPECT_EQ(p.calls[0].determinism, 0U);
  EXPECT_EQ(p.calls[0].dev, 1500U);
  EXPECT_EQ(p.calls[0].test, 600U);
  EXPECT_EQ(p.calls[0].answers, 2101U);
  EXPECT_EQ(p.calls[0].judged, 2101U);
  EXPECT_EQ(p.calls[1].trials, 1U);
  EXPECT_EQ(p.calls[1].determinism, 60U);
  EXPECT_EQ(p.calls[1].answers, 761U);
  EXPECT_EQ(p.calls[1].judged, 701U);
  EXPECT_EQ(p.answers, 2862U);
  EXPECT_EQ(preview(plan, std::nullopt, 20).calls[1].determinism, 39U)
      << "no more rows than dev has: of 20 rows 4 of 5 folds of what is not test's";
}

TEST(Preview, TrafficSaysWhatToExpectOfASlice) {
  auto plan = small_plan();
  plan.traffic = {{"label", {{"a", {1, 1}}}}, {"tier", {{"ent", {7, 10}}, {"smb", {3, 10}}}}};
  auto const p = preview(plan, std::nullopt, 1000);
  EXPECT_EQ(p.slices_from, RowsFrom::traffic);
  ASSERT_EQ(p.slices.size(), 2U) << "the expected answer is no slice";
  EXPECT_EQ(p.slices[1].value, "smb");
  EXPECT_EQ(p.slices[1].train, 90U);
  EXPECT_EQ(p.slices[1].dev, 150U);
  EXPECT_EQ(p.slices[1].test, 60U);
  for (auto const& line : p.power) {
    ASSERT_EQ(line.by_slice.size(), 2U);
    EXPECT_GT(line.by_slice[1].value_or(1), *line.detectable) << "fewer rows show less";
  }
  EXPECT_FALSE(p.power[0].by_slice[1]) << "60 rows that differ on 5% show nothing";
  EXPECT_TRUE(p.power[3].by_slice[1]);
}

TEST(Preview, ALockedSplitGoesBeforeAnyExpectation) {
  auto plan = small_plan();
  plan.sample = 400;
  plan.traffic = {{"tier", {{"ent", {1, 1}}}}};
  Standing standing;
  standing.framed = 1;
  standing.sealed = 3;
  standing.split = LockedSplit{90, 151, 63, {{"tier", "smb", 30, 50, 21}}};
  auto const p = preview(plan, standing, std::nullopt);
  EXPECT_EQ(p.rows_from, RowsFrom::split);
  EXPECT_EQ(p.dev, 151U);
  EXPECT_EQ(p.slices_from, RowsFrom::split);
  ASSERT_EQ(p.slices.size(), 1U);
  EXPECT_EQ(p.slices[0].test, 21U);
  EXPECT_EQ(p.calls[0].test, 189U);
  EXPECT_EQ(p.locks[0].entry, 1U);
  EXPECT_EQ(p.locks[1].entry, 3U);
  EXPECT_FALSE(p.locks[2].entry);
}

// 80 rows of test for 5pp: the figures are of the simulation, the shape is what is held here.
TEST(Preview, TheOutlookIsThatOfTheDeclaredRule) {
  auto plan = small_plan(2);
  plan.rule.slices = {{{"tier", {}}, "", {-1, 50}, spec::SliceMode::point, {}}};
  EXPECT_TRUE(preview(plan, std::nullopt, 400).outlook.effects.empty()) << "only where it is shown";
  auto const p = preview(plan, std::nullopt, 400, true);
  ASSERT_EQ(p.outlook.effects.size(), 4U);
  EXPECT_EQ(p.outlook.discordance, (std::vector<double>{.05, .1, .2, .3}));
  EXPECT_FALSE(p.outlook.measured);
  auto const& cells = p.outlook.cells;
  EXPECT_FALSE(cells[3][0]) << "5% of rows that differ cannot gain 10pp";
  for (std::size_t i = 1; i < 4; ++i) {
    EXPECT_LT(forecast::share(cells[0][i]->ships), .05);
    EXPECT_GT(forecast::share(cells[3][i]->ships), forecast::share(cells[1][i]->ships));
    EXPECT_GE(cells[0][i]->ships.replicates, 100U);
  }
  EXPECT_EQ(p.outlook.assumed, std::vector<std::string>{"C4 every major tier >= -2pp by point"})
      << "no `traffic`: nobody knows the tiers";
  ASSERT_TRUE(p.best_case);
  EXPECT_TRUE(p.best_case->upper_bound);
  EXPECT_FALSE(forecast::too_small(*p.best_case));
  EXPECT_EQ(std::ceil(*p.floor_rows_without_gain), 1963);
  EXPECT_EQ(std::ceil(*p.floor_rows_with_gain), 161);
}

TEST(Preview, TheOutlookFollowsFromTheSeed) {
  auto plan = small_plan();
  auto const hits = [&] {
    auto const p = preview(plan, std::nullopt, 100, true);
    std::vector<std::uint32_t> out;
    for (auto const& line : p.outlook.cells)
      for (auto const& cell : line)
        if (cell) out.push_back(cell->ships.hits * 10000 + cell->ships.replicates);
    return out;
  };
  auto const once = hits();
  EXPECT_EQ(hits(), once);
  plan.seed = 8;
  EXPECT_NE(hits(), once);
}

TEST(Preview, FewRowsAreTooSmallEvenAtBest) {
  auto const p = preview(small_plan(), std::nullopt, 100, true);
  ASSERT_TRUE(p.best_case);
  EXPECT_TRUE(forecast::too_small(*p.best_case));
  ASSERT_TRUE(p.best_rows);
  EXPECT_GT(*p.best_rows, 60U);
  EXPECT_LT(*p.best_rows, 110U);
}

// Nobody knows the rows of each tier yet: what the rule asks over their traffic is not held against it.
TEST(Preview, AnEffectOverTrafficOfUnknownRowsIsNoReasonToRefuse) {
  auto plan = small_plan();
  plan.rule.over = spec::Name{"tier", {}};
  auto const p = preview(plan, std::nullopt, 1000, true);
  ASSERT_TRUE(p.best_case);
  EXPECT_FALSE(forecast::too_small(*p.best_case));
  EXPECT_EQ(p.outlook.assumed, std::vector<std::string>{"that test has production's mix of tier"});
  plan.traffic = {{"tier", {{"ent", {7, 10}}, {"smb", {3, 10}}}}};
  auto const known = preview(plan, std::nullopt, 1000, true);
  EXPECT_FALSE(forecast::too_small(*known.best_case));
  EXPECT_TRUE(known.outlook.assumed.empty());
}

TEST(Preview, AThresholdOfZeroOrLessIsNotSimulated) {
  auto plan = small_plan();
  plan.rule.effect = {-1, 50};
  auto const p = preview(plan, std::nullopt, 1000, true);
  EXPECT_EQ(p.outlook.not_made, "a threshold of zero or less asks for a benefit, which cannot be made up");
  EXPECT_FALSE(p.best_case);
}

// Dev showed 30 of 200 rows that differ, and answers that never waver.
TEST(Preview, WhatDevShowedGoesBeforeTheSweep) {
  auto plan = small_plan();
  Standing standing;
  standing.split = LockedSplit{120, 200, 80, {}, 1.5, {}, {}};
  standing.split->known = {80, 400, {}, {}, {}, forecast::DevSeen{200, 30, .7, 0}};
  auto const p = preview(plan, standing, std::nullopt, true);
  EXPECT_TRUE(p.outlook.measured);
  ASSERT_EQ(p.outlook.discordance.size(), 2U);
  EXPECT_NEAR(p.outlook.discordance[0], .15, .01);
  EXPECT_GT(p.outlook.discordance[1], p.outlook.discordance[0]);
  EXPECT_NEAR(p.outlook.baseline, .7, 1e-9);
  EXPECT_EQ(p.outlook.noisy, 0);
  EXPECT_EQ(p.cost_per_test_row, 1.5);
}

// Whoever adds a member to plan.json gives it a word here.
TEST(Preview, LocksNameAllThatTheyCover) {
  auto plan = small_plan();
  plan.source.locked_json = R"({"plugin": "csv"})";
  auto covers = [&](std::size_t lock) {
    return preview(plan, std::nullopt, std::nullopt).locks[lock].covers;
  };
  EXPECT_EQ(covers(0),
            (std::vector<std::string>{"name", "question", "hypothesis", "origin", "metric with its judge",
                                      "ship rule", "trials", "split policy", "seed"}));
  EXPECT_EQ(covers(1), std::vector<std::string>{"test rows"});
  EXPECT_EQ(covers(2), (std::vector<std::string>{"source", "row mapping", "arms"}));
  plan.categories = {{"wrong", {1, 1}, "wrong"}};
  plan.secondaries = {{"polite", plan.judge}};
  plan.crosscheck = plan::PlannedCrosscheck{5, plan.judge};
  plan.sample = 10;
  plan.traffic = {{"tier", {{"ent", {1, 1}}}}};
  plan.accepts = {{"underpowered", "why"}};
  plan.budget_usd = Rational{40, 1};
  EXPECT_EQ(covers(0),
            (std::vector<std::string>{"name", "question", "hypothesis", "origin", "metric with its judge",
                                      "secondary metrics", "crosscheck", "failure categories", "ship rule",
                                      "trials", "split policy", "seed"}));
  EXPECT_EQ(covers(2), (std::vector<std::string>{"source", "row mapping", "sample", "traffic", "arms",
                                                 "accepts", "budget"}));
}

}  // namespace
}  // namespace itera::engine
