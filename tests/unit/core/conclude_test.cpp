#include "core/verdict/conclude.hpp"

#include <gtest/gtest.h>

#include "tests/unit/core/world.hpp"

namespace itera::verdict {
namespace {

using test::small_plan, test::World;

plan::Plan with_floor(std::size_t arms = 1) {
  auto plan = small_plan(arms);
  plan.rule.slices.push_back({{"tier", {}}, "", {-1, 50}, spec::SliceMode::point, {}});
  return plan;
}

TEST(Conclude, AClearWinnerShips) {
  auto const v = World(with_floor(), {{"a", 100, {20}, {2}}, {"b", 100, {15}, {1}}}).verdict();
  EXPECT_EQ(v.outcome, Outcome::ship);
  EXPECT_DOUBLE_EQ(v.arms[0].measured.paired.effect, 0.16);
  EXPECT_EQ(v.winner, 0U);
}

TEST(Conclude, WhatNobodyDeclaredIsSaidToBeUndeclared) {
  auto const v = World(with_floor(), {{"a", 100, {20}, {2}}, {"b", 100, {15}, {1}}}).verdict();
  auto const& checks = v.arms[0].checks;
  ASSERT_GE(checks.size(), 2U);
  auto const& c6 = checks[checks.size() - 2];
  auto const& c7 = checks.back();
  EXPECT_EQ(c6.id, "C6");
  EXPECT_EQ(c6.status, CheckStatus::not_applicable);
  EXPECT_EQ(c6.evidence, "no severity field is registered");
  EXPECT_EQ(c7.id, "C7");
  EXPECT_EQ(c7.status, CheckStatus::not_applicable);
  EXPECT_EQ(c7.evidence, "none is registered: both are measured, neither decides");
}

TEST(Conclude, ThresholdsAreExactAndInclusive) {
  // 15 of 60 against 12 of 60 is 5pp, and the difference of the rounded means is not.
  World const w(small_plan(), {{"a", 60, {3}, {0}}});
  auto const t = tally(w.plan, w.rows, w.cells);
  std::vector<std::size_t> all(60);
  for (std::size_t i = 0; i < 60; ++i) all[i] = i;
  auto const m = measure(w.plan, t, 1, all);
  EXPECT_TRUE(at_least(m, {1, 20}));
  EXPECT_FALSE(at_least(m, {50001, 1000000}));
}

TEST(Conclude, AnAggregateWinnerThatLosesAMajorSliceDoesNotShipWhole) {
  // +6pp in all, one major slice at -8pp.
  auto const v = World(with_floor(), {{"a", 400, {40}, {2}}, {"b", 100, {2}, {10}}}).verdict();
  EXPECT_NEAR(v.arms[0].measured.paired.effect, 0.06, 1e-12);
  EXPECT_EQ(v.outcome, Outcome::ship_narrowly);
  EXPECT_EQ(v.arms[0].narrow_scope, std::vector<std::string>{"tier=a"});
  EXPECT_EQ(v.arms[0].narrow_excludes, std::vector<std::string>{"tier=b"});
}

TEST(Conclude, NarrowNeedsAShareThatCarriesItself) {
  auto const v = World(with_floor(), {{"a", 80, {40}, {0}}, {"b", 420, {10}, {20}}}).verdict();
  EXPECT_EQ(v.outcome, Outcome::kill);
  EXPECT_EQ(v.decided_by, "C4");
}

TEST(Conclude, AnEffectShownToBeTooSmallIsKilledAndOneNotShownIsNot) {
  auto const small = World(small_plan(), {{"a", 4000, {20}, {18}}}).verdict();
  EXPECT_EQ(small.outcome, Outcome::kill);
  auto const unclear = World(small_plan(), {{"a", 40, {4}, {2}}}).verdict();
  EXPECT_EQ(unclear.outcome, Outcome::inconclusive);
  EXPECT_EQ(unclear.decided_by, "C3");
  ASSERT_TRUE(unclear.arms[0].rows_needed && unclear.arms[0].detectable);
  EXPECT_GT(*unclear.arms[0].rows_needed, 40);
  EXPECT_GT(*unclear.arms[0].detectable, 0.05);
}

TEST(Conclude, TheMeanOfTrialsCountsNeverTheBest) {
  // Trials at 91, 84, 80, 83 and 82 of 100 against a steady 84: the mean is level, the best is +7pp.
  auto plan = small_plan();
  plan.trials = 5;
  World w(plan, {{"a", 100, {0}, {0}}});
  w.cells.clear();
  constexpr std::size_t right[] = {91, 84, 80, 83, 82};
  for (std::size_t row = 0; row < 100; ++row)
    for (std::uint32_t k = 0; k < 5; ++k) {
      w.add(row, 0, k, row < 84);
      w.add(row, 1, k, row < right[k]);
    }
  auto const v = w.verdict();
  EXPECT_EQ(v.arms[0].measured.total, 0);
  EXPECT_NE(v.outcome, Outcome::ship);
}

TEST(Conclude, AnEffectUnderTwiceTheNoiseIsNotShown) {
  // Every row of the arm flips together from trial to trial: a pass's mean moves by tens of points.
  auto plan = small_plan();
  World w(plan, {{"a", 300, {0}, {0}}});
  w.cells.clear();
  constexpr std::size_t right[] = {240, 150, 240};
  for (std::size_t row = 0; row < 300; ++row)
    for (std::uint32_t k = 0; k < 3; ++k) {
      w.add(row, 0, k, row < 150);
      w.add(row, 1, k, row < right[k]);
    }
  auto const v = w.verdict();
  EXPECT_EQ(v.outcome, Outcome::inconclusive);
  EXPECT_EQ(v.decided_by, "C2");
}

TEST(Conclude, ARiseOfTheHeaviestFailureKills) {
  auto plan = small_plan();
  plan.categories = {{"minor", {1, 1}, ""}, {"severe", {3, 1}, ""}};
  World w(plan, {{"a", 200, {40}, {4}}});
  for (auto& cell : w.cells)
    if (!cell.passed) cell.rest.edit().failures = {cell.arm == 1 && cell.row >= 190 ? "severe" : "minor"};
  auto const v = w.verdict();
  EXPECT_EQ(v.outcome, Outcome::kill);
  EXPECT_EQ(v.decided_by, "C5");
}

TEST(Conclude, MissingScoresBeyondToleranceAreInvalid) {
  World w(small_plan(), {{"a", 100, {20}, {0}}});
  std::size_t lost = 0;
  for (auto& cell : w.cells)
    if (cell.arm == 1 && cell.trial == 1 && lost < 3) {
      cell.ending = run::Ending::missing;
      ++lost;
    }
  auto const v = w.verdict();
  EXPECT_EQ(v.outcome, Outcome::invalid);
  EXPECT_NE(v.arms[0].checks[0].evidence.find("3 of 100 test rows have no score for `arm1`"),
            std::string::npos);
  EXPECT_EQ(v.arms[0].measured.rows.size(), 97U);
}

// Six of a thousand rows are far below 2%, but they are missing in one arm alone.
TEST(Conclude, RowsMissingInOneArmAloneAreInvalidHoweverFew) {
  auto const missing = [](std::size_t of_arm, std::size_t of_base) {
    World w(small_plan(), {{"a", 1000, {200}, {0}}});
    for (auto& cell : w.cells)
      if (cell.trial == 0 && ((cell.arm == 1 && cell.row < of_arm) || (cell.arm == 0 && cell.row < of_base)))
        cell.ending = run::Ending::missing;
    return w.verdict();
  };
  auto const v = missing(6, 0);
  EXPECT_EQ(v.outcome, Outcome::invalid);
  EXPECT_EQ(v.arms[0].checks[0].evidence,
            "rows without a score are not spread alike over `base` and `arm1` (p 0.031)");
  EXPECT_EQ(missing(5, 0).outcome, Outcome::ship) << "five could be chance";
  EXPECT_EQ(missing(6, 6).outcome, Outcome::ship) << "the same rows in both";
}

TEST(Conclude, OneEntityHasNoIntervalAndShipsNothing) {
  auto plan = small_plan();
  plan.row.entity = "vendor";
  World w(plan, {{"a", 100, {40}, {0}}});
  for (auto& row : w.rows) row.entity = "same";
  auto const v = w.verdict();
  EXPECT_EQ(v.outcome, Outcome::inconclusive);
  EXPECT_EQ(v.decided_by, "C3");
  EXPECT_EQ(v.arms[0].checks[3].evidence, "no interval can be computed");
}

TEST(Conclude, BrokenIntegrityIsInvalid) {
  EXPECT_EQ(World(small_plan(), {{"a", 100, {20}, {0}}})
                .verdict({{"the plan is not the registered one"}, ""})
                .outcome,
            Outcome::invalid);
}

TEST(Conclude, ThreeLuckyArmsAreHeldToHolm) {
  // p about .018: enough for one arm, not for three.
  auto const one = World(small_plan(1), {{"a", 60, {8}, {1}}}).verdict();
  auto const three = World(small_plan(3), {{"a", 60, {8, 7, 7}, {1, 3, 3}}}).verdict();
  ASSERT_LE(*one.arms[0].p_holm, 0.025);
  EXPECT_EQ(one.outcome, Outcome::ship);
  EXPECT_GT(*three.arms[0].p_holm, 0.025);
  EXPECT_EQ(three.outcome, Outcome::inconclusive);
}

TEST(Conclude, AnArmOfAnArmIsAlsoHeldAgainstItsParent) {
  auto plan = small_plan(2);
  plan.arms[2].parent = "arm1";
  auto const v = World(plan, {{"a", 200, {30, 40}, {0, 0}}}).verdict();
  EXPECT_FALSE(v.arms[0].against_parent);
  ASSERT_TRUE(v.arms[1].against_parent);
  EXPECT_DOUBLE_EQ(v.arms[1].against_parent->paired.effect, 0.05);
}

TEST(Conclude, DeterministicArmsNeedOneTrial) {
  auto plan = small_plan();
  for (auto& arm : plan.arms) arm.deterministic = true;
  plan.trials = 3;
  World w(plan, {{"a", 200, {30}, {0}}});
  std::erase_if(w.cells, [](auto const& c) { return c.trial > 0; });
  auto const v = w.verdict();
  EXPECT_EQ(v.outcome, Outcome::ship);
  EXPECT_EQ(v.arms[0].checks[2].status, CheckStatus::pass);
}

TEST(Conclude, NoRowsIsNoVerdictOnAnything) {
  auto const v = World(small_plan(), {}).verdict();
  EXPECT_EQ(v.outcome, Outcome::inconclusive);
}

}  // namespace
}  // namespace itera::verdict
