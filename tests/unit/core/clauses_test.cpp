// The clauses that a rule may have beyond `effect >= 5pp` and floors in points, by made-up tallies: relative
// thresholds, non-inferiority, by interval, guards on cost and latency.
#include <cmath>
#include <functional>
#include <limits>

#include <gtest/gtest.h>

#include "core/verdict/conclude.hpp"
#include "core/verdict/contrast.hpp"
#include "tests/unit/core/world.hpp"

namespace itera::verdict {
namespace {

using test::small_plan, test::Tier, test::World;
using Of = spec::GuardClause::Of;
using enum CheckStatus;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

plan::Plan with_effect(Rational effect, bool relative = false, bool strict = false, std::size_t arms = 1) {
  auto plan = small_plan(arms);
  plan.rule.effect = effect;
  plan.rule.relative = relative;
  plan.rule.strict = strict;
  return plan;
}

plan::Plan with_guard(Of of, Rational most, plan::Plan plan = small_plan()) {
  plan.rule.guards.push_back({of, most, {}});
  return plan;
}

Check check(ArmVerdict const& arm, std::string const& id, std::size_t nth = 0) {
  for (auto const& c : arm.checks)
    if (c.id == id && nth-- == 0) return c;
  return {};
}

// --- relative thresholds

TEST(Relative, AShareOfTheBaselineIsComparedExactly) {
  // The baseline is right on 40 of 80 rows, the arm on 44: 10% more, no more and no less.
  World const w(with_effect({1, 10}, true), {{"a", 80, {4}, {0}}});
  auto const m = measure(w.plan, tally(w.plan, w.rows, w.cells), 1, std::vector<std::size_t>{});
  EXPECT_FALSE(at_least(m, {1, 10}, true));
  auto const v = w.verdict();
  EXPECT_EQ(check(v.arms[0], "C1").status, pass);
  EXPECT_TRUE(at_least(v.arms[0].measured, {1, 10}, true));
  EXPECT_FALSE(at_least(v.arms[0].measured, {100001, 1000000}, true));
}

TEST(Relative, AtNoShareTheContrastIsTheEffect) {
  World const w(small_plan(1, true), {{"a", 80, {9}, {4}}});
  auto t = tally(w.plan, w.rows, w.cells);
  std::vector<std::size_t> all(80);
  for (std::size_t i = 0; i < 80; ++i) all[i] = i, t.clusters[i] = static_cast<int>(i / 3);
  auto const m = measure(w.plan, t, 1, all);
  auto const zero = distance_to(w.plan, t, 1, m, {0, 1}, true);
  EXPECT_DOUBLE_EQ(zero.delta, m.paired.effect);
  EXPECT_DOUBLE_EQ(zero.ci->low, m.paired.ci_low);
  EXPECT_DOUBLE_EQ(zero.ci->high, m.paired.ci_high);
  EXPECT_DOUBLE_EQ(*zero.p, *m.p);
  EXPECT_NEAR(zero.row_variance, m.row_variance * m.paired.deff, 1e-15);
}

TEST(Relative, ShipsAndIsKilledByTheContrast) {
  auto const ships = World(with_effect({1, 10}, true), {{"a", 200, {40}, {2}}}).verdict();
  EXPECT_EQ(ships.outcome, Outcome::ship);
  EXPECT_EQ(check(ships.arms[0], "C1").clause, "effect on accuracy >= 10% of the baseline's score");
  ASSERT_TRUE(ships.arms[0].measured.lift);
  EXPECT_NEAR(ships.arms[0].measured.lift->lift, .38, 1e-12);
  // +5pp on a baseline of 50% is 10%; at most 1pp is left of the interval here, so 20% are excluded.
  auto const killed = World(with_effect({1, 5}, true), {{"a", 4000, {120}, {100}}}).verdict();
  EXPECT_EQ(killed.outcome, Outcome::kill);
  EXPECT_EQ(killed.decided_by, "C3");
  EXPECT_GT(killed.arms[0].measured.paired.ci_high, 0);
}

TEST(Relative, OfNothingThereIsNoShare) {
  World w(with_effect({1, 10}, true), {{"a", 100, {0}, {0}}});
  for (auto& cell : w.cells) cell.score = cell.arm == 1 && cell.row < 50 ? run::kScoreUnit : 0;
  auto const v = w.verdict();
  EXPECT_EQ(v.outcome, Outcome::inconclusive);
  EXPECT_EQ(check(v.arms[0], "C1").status, unproven);
  EXPECT_NE(check(v.arms[0], "C1").evidence.find("the baseline scores 0, and of that there is no share: n/a"),
            std::string::npos);
}

TEST(Relative, AFloorOnASliceIsAShareOfItsBaseline) {
  // The slice loses one row of its 40 right ones: 2.5% of the baseline's score, and 1.25pp.
  auto const by_floor = [](Rational floor, spec::SliceMode mode) {
    auto plan = small_plan();
    plan.rule.slices.push_back({{"tier", {}}, "b", floor, mode, {}, true});
    return World(plan, {{"a", 200, {60}, {0}}, {"b", 80, {0}, {1}}}).verdict().arms[0];
  };
  EXPECT_EQ(check(by_floor({-1, 40}, spec::SliceMode::point), "C4").status, pass);
  EXPECT_EQ(check(by_floor({-1, 50}, spec::SliceMode::point), "C4").status, fail);
  EXPECT_EQ(check(by_floor({-1, 40}, spec::SliceMode::interval), "C4").status, fail);
  EXPECT_EQ(check(by_floor({-1, 4}, spec::SliceMode::interval), "C4").status, pass);
  EXPECT_EQ(check(by_floor({-1, 50}, spec::SliceMode::harm), "C4").status, pass);
  EXPECT_EQ(check(by_floor({-1, 50}, spec::SliceMode::point), "C4").clause,
            "tier=b >= -2% of the baseline's score by point");
}

// --- non-inferiority

// Cost in dollars by arm and row; the first call of an arm is dropped by the tally.
void price(World& w, std::function<double(std::size_t arm, std::size_t row)> const& dollars) {
  for (auto& cell : w.cells)
    if (auto const cost = dollars(cell.arm, cell.row); !std::isnan(cost)) cell.cost_usd = cost;
}
void time(World& w, std::function<double(std::size_t arm, std::size_t row)> const& ms) {
  for (auto& cell : w.cells) cell.latency_ms = ms(cell.arm, cell.row);
}
double halved(std::size_t arm, std::size_t row) {
  return (arm == 0 ? 1 : .4) * (1 + .1 * static_cast<double>(row % 7));
}

TEST(NonInferiority, ShipsWithItsBenefit) {
  World w(with_guard(Of::cost, {-1, 2}, with_effect({-1, 50})), {{"a", 1000, {5}, {7}}});
  price(w, halved);
  auto const v = w.verdict();
  EXPECT_EQ(v.outcome, Outcome::ship) << check(v.arms[0], "C3").evidence << check(v.arms[0], "C7").evidence;
  EXPECT_EQ(check(v.arms[0], "C2").clause, "effect - (-2pp) >= 2 x noise floor");
  EXPECT_EQ(check(v.arms[0], "C3").clause, "evidence that the effect is above -2pp, one-sided p <= 0.025");
  EXPECT_EQ(check(v.arms[0], "C7", 1).clause, "a registered benefit holds");
  EXPECT_EQ(check(v.arms[0], "C7", 1).status, pass);
}

TEST(NonInferiority, ALossWithinTheMarginIsNoHarm) {
  World w(with_guard(Of::cost, {-1, 2}, with_effect({-1, 20})), {{"a", 2000, {2}, {30}}});
  price(w, halved);
  auto const v = w.verdict();
  ASSERT_LT(v.arms[0].measured.paired.ci_high, 0);
  EXPECT_EQ(v.outcome, Outcome::ship);
  EXPECT_NE(check(v.arms[0], "C3").evidence.find("a loss is shown, and it lies within what the rule allows"),
            std::string::npos);
}

TEST(NonInferiority, BeyondTheMarginItIsKilledNotShownItIsOpenAndWithoutBenefitToo) {
  auto const verdict = [](Tier const& tier, bool cheaper) {
    World w(with_guard(Of::cost, {-1, 2}, with_effect({-1, 50})), {tier});
    price(w, [=](auto arm, auto row) { return cheaper ? halved(arm, row) : halved(0, row + arm); });
    return w.verdict();
  };
  auto const worse = verdict({"a", 1000, {2}, {60}}, true);
  EXPECT_EQ(worse.outcome, Outcome::kill);
  EXPECT_EQ(worse.decided_by, "C3");
  auto const open = verdict({"a", 60, {2}, {2}}, true);
  EXPECT_EQ(open.outcome, Outcome::inconclusive);
  EXPECT_EQ(open.decided_by, "C3");
  ASSERT_TRUE(open.arms[0].rows_needed);
  EXPECT_GT(*open.arms[0].rows_needed, 60);
  auto const dear = verdict({"a", 1000, {5}, {7}}, false);
  EXPECT_EQ(dear.outcome, Outcome::kill);
  EXPECT_EQ(dear.decided_by, "C7");
}

// --- by interval

TEST(Strict, TheLowEndHasToReachTheThreshold) {
  auto const open = World(with_effect({1, 20}, false, true), {{"a", 200, {20}, {2}}}).verdict();
  EXPECT_EQ(open.outcome, Outcome::inconclusive);
  EXPECT_EQ(open.decided_by, "C1");
  EXPECT_EQ(World(with_effect({1, 20}), {{"a", 200, {20}, {2}}}).verdict().outcome, Outcome::ship);
  auto const ships = World(with_effect({1, 20}, false, true), {{"a", 400, {80}, {2}}}).verdict();
  EXPECT_EQ(ships.outcome, Outcome::ship);
  EXPECT_GE(ships.arms[0].measured.paired.ci_low, .05);
  EXPECT_EQ(check(ships.arms[0], "C1").clause, "effect on accuracy >= 5pp by interval");
  // One arm: p beyond the threshold and the interval's end are one thing.
  EXPECT_LE(*ships.arms[0].p_holm, .025);
  EXPECT_GT(*open.arms[0].p_holm, .025);
}

TEST(Strict, AShareByIntervalIsThatOfTheContrast) {
  auto const v = World(with_effect({1, 10}, true, true), {{"a", 400, {80}, {2}}}).verdict();
  EXPECT_EQ(v.outcome, Outcome::ship);
  auto const open = World(with_effect({3, 10}, true, true), {{"a", 400, {80}, {2}}}).verdict();
  EXPECT_EQ(open.outcome, Outcome::inconclusive);
}

// --- guards

struct GuardCase {
  std::string name;
  Of of;
  Rational most;
  std::function<double(std::size_t arm, std::size_t row)> value;
  CheckStatus status;
  Outcome outcome;
  std::string evidence;
};

double spread(std::size_t row) {
  return 1 + static_cast<double>(row * 7 % 13) / 13;
}

std::vector<GuardCase> guard_cases() {
  auto const times = [](double factor) {
    return [factor](std::size_t arm, std::size_t row) { return (arm == 0 ? 1 : factor) * spread(row); };
  };
  // The arm's value has nothing to do with the baseline's of the same row.
  auto const apart = [](double factor) {
    return [factor](std::size_t arm, std::size_t row) {
      return (arm == 0 ? 1 : factor) * spread(row + 5 * arm) * (row % 20 == arm ? 12 : 1);
    };
  };
  return {
      {"costs more, as it may",
       Of::cost,
       {3, 5},
       times(1.5),
       pass,
       Outcome::ship,
       "at most +60% is shown, p < 0.0001"},
      {"costs just what it may",
       Of::cost,
       {3, 5},
       [](auto arm, auto) { return arm == 0 ? .0005 : .0008; },
       pass,
       Outcome::ship,
       "$0.0005 a row -> $0.0008 a row, +60.0% [+60.0%, +60.0%] on 200 rows"},
      {"costs more than it may",
       Of::cost,
       {3, 5},
       times(1.8),
       fail,
       Outcome::kill,
       "more than +60% is shown, p < 0.0001"},
      {"costs it on average, give or take",
       Of::cost,
       {3, 5},
       apart(1.6),
       unproven,
       Outcome::inconclusive,
       "not shown to be at most +60%"},
      {"nobody says what the arm costs",
       Of::cost,
       {3, 5},
       [](auto arm, auto) { return arm == 0 ? 1 : kNone; },
       unproven,
       Outcome::inconclusive,
       "no cost was reported for `arm1`, so nothing is shown"},
      {"nobody says what any costs",
       Of::cost,
       {3, 5},
       [](auto, auto) { return kNone; },
       unproven,
       Outcome::inconclusive,
       "no cost was reported for `base` and `arm1`, so nothing is shown"},
      {"it is said of half of the rows",
       Of::cost,
       {3, 5},
       [](auto, auto row) { return row % 2 == 0 ? 1 : kNone; },
       unproven,
       Outcome::inconclusive,
       "cost is known on 100 of 200 rows only, so nothing is shown"},
      {"both are free",
       Of::cost,
       {3, 5},
       [](auto, auto) { return 0.0; },
       unproven,
       Outcome::inconclusive,
       "of nothing there is no share"},
      {"free until now",
       Of::cost,
       {3, 5},
       [](auto arm, auto) { return arm == 0 ? 0.0 : .1; },
       fail,
       Outcome::kill,
       "more than +60% is shown"},
      {"faster, as demanded",
       Of::latency,
       {-1, 5},
       times(.5),
       pass,
       Outcome::ship,
       "at most -20% is shown, p < 0.0001; first calls apart: 1 ms and 0.5 ms; as measured in this run: not "
       "reproducible, and in no digest"},
      {"not faster", Of::latency, {-1, 5}, times(1), fail, Outcome::kill, "more than -20% is shown"},
      {"not shown to be faster",
       Of::latency,
       {-1, 5},
       apart(.8),
       unproven,
       Outcome::inconclusive,
       "not shown to be at most -20%"},
      {"nobody measured it",
       Of::latency,
       {-1, 5},
       [](auto, auto) { return 0.0; },
       unproven,
       Outcome::inconclusive,
       "no latency was reported for `base` and `arm1`"},
      {"the slowest are as slow",
       Of::latency_p95,
       {1, 5},
       times(1),
       pass,
       Outcome::ship,
       "at most +20% is shown"},
      {"the slowest are slower",
       Of::latency_p95,
       {1, 10},
       [](auto arm, auto row) { return spread(row) * (arm == 1 && row % 8 == 0 ? 10 : 1); },
       fail,
       Outcome::kill,
       "more than +10% is shown"},
      {"the slowest are about as slow",
       Of::latency_p95,
       {0, 1},
       times(1),
       unproven,
       Outcome::inconclusive,
       "not shown to be at most 0%"},
  };
}

class Guards : public ::testing::TestWithParam<std::size_t> {};

TEST_P(Guards, ComeOutAsTheRowsShow) {
  auto const c = guard_cases()[GetParam()];
  World w(with_guard(c.of, c.most), {{"a", 200, {40}, {0}}});
  c.of == Of::cost ? price(w, c.value) : time(w, c.value);
  auto const v = w.verdict();
  auto const found = check(v.arms[0], "C7");
  EXPECT_EQ(to_string(found.status), to_string(c.status)) << c.name << ": " << found.evidence;
  EXPECT_EQ(to_string(v.outcome), to_string(c.outcome)) << c.name;
  EXPECT_NE(found.evidence.find(c.evidence), std::string::npos) << c.name << ": " << found.evidence;
  if (c.outcome != Outcome::ship) {
    EXPECT_EQ(v.decided_by, "C7");
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, Guards, ::testing::Range<std::size_t>(0, guard_cases().size()));

TEST(Guards, WhatTooFewCallsCouldNotHaveShownIsSaid) {
  World w(with_guard(Of::latency_p95, {1, 5}), {{"a", 60, {20}, {0}}});
  time(w, [](auto, auto row) { return spread(row); });
  auto const found = check(w.verdict().arms[0], "C7");
  EXPECT_EQ(found.status, unproven);
  EXPECT_NE(found.evidence.find("it could not have been: an arm's calls are worth 59 independent ones, and a "
                                "bound of the 95% quantile takes 86"),
            std::string::npos)
      << found.evidence;
}

// Rows of one entity are worth fewer: what is shown of rows on their own is not shown of three entities.
TEST(Guards, AreClusteredLikeTheEffect) {
  auto const status = [](bool entities) {
    World w(with_guard(Of::cost, {3, 5}, small_plan(1, entities)), {{"a", 60, {25}, {0}}});
    for (std::size_t i = 0; i < w.rows.size(); ++i) w.rows[i].entity = fmt::format("e{}", i / 20);
    price(w, [](auto arm, auto row) { return arm == 0 ? 1 : row < 20 ? 1.9 : 1.3; });
    return check(w.verdict().arms[0], "C7").status;
  };
  EXPECT_EQ(status(false), pass);
  EXPECT_EQ(status(true), unproven);
}

TEST(Guards, TheFirstCallOfAnArmIsApart) {
  World w(small_plan(), {{"a", 100, {40}, {0}}});
  price(w, [](auto, auto) { return 1.0; });
  w.cells.front().cost_usd = 50;
  auto const t = tally(w.plan, w.rows, w.cells);
  EXPECT_EQ(t.arms[0].cost_usd.first, 50);
  EXPECT_EQ(steady_mean(t.arms[0].cost_usd), 1);
  // Where nobody knows which call was the first, or it was made elsewhere, none is left out.
  EXPECT_FALSE(tally(w.plan, w.rows, w.cells, false).arms[0].cost_usd.first);
  for (auto& arm : w.plan.arms) arm.actor.info.traits = {"recorded"};
  EXPECT_FALSE(tally(w.plan, w.rows, w.cells).arms[0].cost_usd.first);
}

TEST(Guards, AreHeldOnTheRowsThatANarrowShipIsFor) {
  auto const verdict = [](double on_kept) {
    auto plan = with_guard(Of::cost, {3, 5});
    plan.rule.slices.push_back({{"tier", {}}, "", {-1, 50}, spec::SliceMode::point, {}});
    World w(plan, {{"a", 400, {40}, {2}}, {"b", 100, {2}, {10}}});
    price(w, [=](auto arm, auto row) { return arm == 0 ? 1 : row < 400 ? on_kept : .1; });
    return w.verdict();
  };
  EXPECT_EQ(verdict(1.5).outcome, Outcome::ship_narrowly);
  // Over all rows the guard holds, on those that it would ship for it does not.
  auto const dear = verdict(1.7);
  EXPECT_EQ(check(dear.arms[0], "C7").status, pass);
  EXPECT_EQ(dear.outcome, Outcome::kill);
  EXPECT_EQ(dear.decided_by, "C4");
}

}  // namespace
}  // namespace itera::verdict
