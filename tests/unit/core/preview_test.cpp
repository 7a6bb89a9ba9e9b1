#include "core/engine/preview.hpp"

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
