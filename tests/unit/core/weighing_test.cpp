// What weighs rows, failures and arms against each other.
#include <gtest/gtest.h>

#include "core/verdict/gap.hpp"
#include "tests/unit/core/world.hpp"

namespace itera::verdict {
namespace {

using test::small_plan, test::World;

plan::Plan weighed(std::size_t arms = 1) {
  auto plan = small_plan(arms);
  plan.row.severity.emplace();
  plan.row.severity->text = "min(amount, 50)";
  return plan;
}

Check last_of(ArmVerdict const& v, std::string const& id) {
  Check out;
  for (auto const& c : v.checks)
    if (c.id == id) out = c;
  return out;
}

void weigh(World& w, std::size_t begin, std::size_t end, double weight) {
  for (auto i = begin; i < end; ++i) w.rows[i].severity = weight;
}

// --- severity

TEST(Severity, EqualWeightsAreNoWeights) {
  World w(weighed(), {{"a", 100, {20}, {2}}});
  weigh(w, 0, 100, 7);
  auto const v = w.verdict().arms[0];
  ASSERT_TRUE(v.weighted);
  EXPECT_NEAR(v.weighted->paired.effect, v.measured.paired.effect, 1e-12);
  EXPECT_NEAR(v.weighted->paired.ci_low, v.measured.paired.ci_low, 1e-12);
  EXPECT_NEAR(v.weighted->paired.n_kish, 100, 1e-9);
  EXPECT_FALSE(v.weighted->descriptive);
  EXPECT_EQ(last_of(v, "C6").status, CheckStatus::pass);
  EXPECT_EQ(last_of(v, "C6").evidence, "+18.0pp [+8.8pp, +26.5pp] by weight, 100.0 effective rows");
}

// 20 light rows won and 2 heavy ones lost: better in count, worse in what matters.
TEST(Severity, AWinnerThatLosesTheHeavyRowsIsKilled) {
  World w(weighed(), {{"a", 100, {20}, {2}}});
  weigh(w, 0, 90, 1);
  weigh(w, 90, 100, 20);
  auto const v = w.verdict();
  EXPECT_EQ(v.outcome, Outcome::kill);
  EXPECT_EQ(v.decided_by, "C6");
  EXPECT_NEAR(v.arms[0].weighted->paired.effect, (20.0 - 40.0) / 290, 1e-12);
  EXPECT_NEAR(v.arms[0].weighted->arm_score - v.arms[0].weighted->against_score, (20.0 - 40.0) / 290, 1e-12);
  EXPECT_EQ(last_of(v.arms[0], "C6").clause, "severity-weighted score not below the baseline's");
}

TEST(Severity, AnEffectOfExactlyZeroByWeightIsNotBelow) {
  World w(weighed(), {{"a", 100, {20}, {2}}});
  weigh(w, 0, 90, 1);
  weigh(w, 90, 100, 10);
  auto const v = w.verdict().arms[0];
  EXPECT_NEAR(v.weighted->paired.effect, 0, 1e-12);
  EXPECT_EQ(last_of(v, "C6").status, CheckStatus::pass);
}

TEST(Severity, AHeavyRowIsSaidAndThePointStillDecides) {
  World w(weighed(), {{"a", 100, {20}, {0}}});
  weigh(w, 0, 100, 1);
  w.rows[50].severity = 50;
  auto const v = w.verdict().arms[0];
  EXPECT_TRUE(v.weighted->descriptive);
  EXPECT_EQ(last_of(v, "C6").status, CheckStatus::pass);
  auto const said = last_of(v, "C6").evidence;
  EXPECT_NE(
      said.find("8.5 effective rows; descriptive only: the weights leave 8.5 effective rows, fewer than "
                "10, and one row has 34% of the weight"),
      std::string::npos)
      << said;
}

TEST(Severity, RowsThatAllWeighNothingShowNothing) {
  World w(weighed(), {{"a", 100, {20}, {2}}});
  weigh(w, 0, 100, 0);
  auto const v = w.verdict();
  EXPECT_FALSE(v.arms[0].weighted);
  EXPECT_EQ(last_of(v.arms[0], "C6").status, CheckStatus::unproven);
  EXPECT_EQ(last_of(v.arms[0], "C6").evidence, "no measured row has a weight above zero");
  EXPECT_EQ(v.outcome, Outcome::inconclusive);
}

TEST(Severity, OneRowAndOneEntityHaveNoIntervalToSpeakOf) {
  World one(weighed(), {{"a", 1, {0}, {0}}});
  weigh(one, 0, 1, 3);
  EXPECT_EQ(last_of(one.verdict().arms[0], "C6").evidence,
            "+0.0pp by weight, no interval; descriptive only: it is one row");
  auto plan = weighed();
  plan.row.entity = "vendor";
  World entity(plan, {{"a", 40, {10}, {0}}});
  weigh(entity, 0, 40, 3);
  for (auto& row : entity.rows) row.entity = "same";
  EXPECT_EQ(last_of(entity.verdict().arms[0], "C6").evidence,
            "+25.0pp by weight, no interval; descriptive only: all rows are of one entity");
}

// Without tier b, which loses, tier a gains; but there the heavy rows are lost.
TEST(Severity, ItIsPartOfShippingNarrowly) {
  auto plan = weighed();
  plan.rule.slices.push_back({{"tier", {}}, "", {-1, 50}, spec::SliceMode::point, {}});
  World w(plan, {{"a", 400, {60}, {2}}, {"b", 100, {2}, {10}}});
  weigh(w, 0, 500, 1);
  EXPECT_EQ(w.verdict().outcome, Outcome::ship_narrowly);
  weigh(w, 398, 400, 50);  // lost in a
  weigh(w, 400, 402, 50);  // won in b, so that all rows together are no loss
  auto const v = w.verdict();
  EXPECT_EQ(last_of(v.arms[0], "C6").status, CheckStatus::pass);
  ASSERT_TRUE(v.arms[0].narrowed_weighted);
  EXPECT_LT(v.arms[0].narrowed_weighted->paired.effect, 0);
  EXPECT_EQ(v.outcome, Outcome::kill);
  EXPECT_EQ(v.decided_by, "C4");
}

// --- categories

plan::Plan with_categories(std::size_t arms = 1) {
  auto plan = small_plan(arms);
  plan.categories = {{"minor", {1, 1}, ""}, {"severe", {5, 2}, ""}};
  return plan;
}

// Every failure of `arm` on rows from `first` on is severe, all others are minor.
void tag(World& w, std::size_t arm, std::size_t first) {
  for (auto& cell : w.cells)
    if (cell.arm == arm && !cell.passed) cell.rest.edit().failures = {cell.row >= first ? "severe" : "minor"};
}

TEST(Categories, EveryOneHasItsRateItsIntervalAndItsExactTest) {
  World w(with_categories(), {{"a", 200, {40}, {4}}});
  tag(w, 0, 1000);
  tag(w, 1, 196);
  auto const v = w.verdict();
  auto const& severe = v.arms[0].categories.categories[1];
  EXPECT_EQ(severe.before, 0);
  EXPECT_EQ(severe.now, 4);
  EXPECT_EQ(severe.rate->effect, 0.02);
  EXPECT_GT(severe.rate->ci_high, 0.02);
  EXPECT_EQ(*severe.p_rise, 1.0 / 16);
  EXPECT_EQ(*severe.p_two_sided, 1.0 / 8);
  EXPECT_EQ(v.arms[0].categories.categories[0].now, 60);
  auto const& sum = *v.arms[0].categories.sum;
  EXPECT_EQ(sum.before, 100);
  EXPECT_EQ(sum.now, 70);
  EXPECT_EQ(v.decided_by, "C5");
  std::string evidence;
  for (auto const& c : v.arms[0].checks)
    if (c.clause == "severe does not rise") evidence = c.evidence;
  EXPECT_EQ(evidence, "0 -> 4 of 200 rows, exact p of a rise 0.062");
}

TEST(Categories, ByHarmARiseHasToBeShown) {
  auto plan = with_categories();
  plan.rule.categories.push_back({{"severe", {}}, {}, spec::SliceMode::harm});
  World four(plan, {{"a", 200, {40}, {4}}});
  tag(four, 0, 1000);
  tag(four, 1, 196);
  auto const seen = four.verdict();
  EXPECT_EQ(seen.outcome, Outcome::ship);
  bool found = false;
  for (auto const& c : seen.arms[0].checks)
    if (c.clause == "severe does not rise by harm") {
      found = true;
      EXPECT_EQ(c.status, CheckStatus::pass);
      EXPECT_EQ(c.evidence, "0 -> 4 of 200 rows, exact p of a rise 0.062: a rise is seen and not shown");
    }
  EXPECT_TRUE(found);
  World five(plan, {{"a", 200, {40}, {5}}});
  tag(five, 0, 1000);
  tag(five, 1, 195);
  EXPECT_EQ(five.verdict().decided_by, "C5") << "1 in 32 is below .05";
}

// As many failures, and heavier ones: +0 in all.
TEST(Categories, AHigherSumIsALossThoughTheHeaviestDoesNotRise) {
  auto plan = small_plan();
  plan.categories = {{"minor", {1, 1}, ""}, {"middling", {2, 1}, ""}, {"severe", {3, 1}, ""}};
  World w(plan, {{"a", 200, {40}, {10}}});
  for (auto& cell : w.cells)
    if (!cell.passed) cell.rest.edit().failures = {cell.arm == 1 ? "middling" : "minor"};
  auto const v = w.verdict();
  // 100 x 1 before, 70 x 2 now.
  EXPECT_EQ(v.arms[0].categories.sum->before, 100);
  EXPECT_EQ(v.arms[0].categories.sum->now, 140);
  EXPECT_EQ(v.outcome, Outcome::kill);
  EXPECT_EQ(v.decided_by, "C5");
  EXPECT_EQ(last_of(v.arms[0], "C5").clause, "the sum of severity weight x failures does not rise");
}

// Both gain and lie within the threshold of each other; one of them moved its errors.
TEST(Categories, OfTwoThatTieTheOneWithTheHeavierErrorsIsKilled) {
  auto plan = with_categories(2);
  World w(plan, {{"a", 200, {40, 40}, {0, 0}}});
  tag(w, 0, 0);     // the baseline's failures are severe
  tag(w, 1, 1000);  // arm1's are minor
  tag(w, 2, 90);    // arm2 has ten severe ones: fewer than the baseline, more than arm1
  auto const v = w.verdict();
  EXPECT_EQ(v.arms[0].decision.outcome, Outcome::ship);
  EXPECT_EQ(v.arms[1].decision.outcome, Outcome::kill);
  EXPECT_EQ(v.arms[1].decision.decided_by, "C5");
  EXPECT_EQ(last_of(v.arms[1], "C5").clause,
            "the sum of severity weight x failures does not lie above that of `arm1`, an arm within the "
            "threshold");
  EXPECT_EQ(last_of(v.arms[1], "C5").evidence,
            "75 against 60 at +0.0pp of effect between them, exact p of a rise 0.00098");
  EXPECT_EQ(v.winner, 0U);
  EXPECT_FALSE(v.ranking) << "there is one left";
}

// More failures of the same kinds are fewer points of effect, and no shift.
TEST(Categories, AHigherSumOfNoHeavierErrorsIsNoLoss) {
  World w(with_categories(2), {{"a", 200, {40, 42}, {0, 0}}});
  tag(w, 0, 0);
  tag(w, 1, 1000);
  tag(w, 2, 1000);
  auto const v = w.verdict();
  EXPECT_GT(v.arms[0].categories.sum->now, v.arms[1].categories.sum->now);
  EXPECT_EQ(v.arms[0].decision.outcome, Outcome::ship);
  EXPECT_TRUE(v.ranking);
}

TEST(Categories, AnArmFurtherAwayThanTheThresholdIsNoMeasure) {
  World w(with_categories(2), {{"a", 200, {40, 60}, {0, 0}}});
  tag(w, 0, 0);
  tag(w, 1, 1000);
  tag(w, 2, 60);
  auto const v = w.verdict();
  EXPECT_GT(v.arms[1].categories.sum->now, v.arms[0].categories.sum->now);
  EXPECT_EQ(v.arms[1].decision.outcome, Outcome::ship);
  EXPECT_EQ(v.winner, 1U);
}

TEST(Categories, NoDiscordantRowIsNoRise) {
  World w(with_categories(), {{"a", 100, {0}, {0}}});
  tag(w, 0, 0);
  tag(w, 1, 0);
  auto const v = w.verdict();
  EXPECT_EQ(*v.arms[0].categories.categories[1].p_rise, 1);
  EXPECT_EQ(last_of(v.arms[0], "C5").status, CheckStatus::pass);
  EXPECT_EQ(last_of(v.arms[0], "C5").evidence, "125 -> 125");
}

// --- several arms that ship

void price(World& w, std::vector<double> const& usd) {
  for (auto& cell : w.cells) cell.cost_usd = usd[cell.arm];
}

TEST(Ranking, TheLargerEffectIsTakenWhereItIsShown) {
  World w(small_plan(2), {{"a", 300, {40, 90}, {0, 0}}});
  price(w, {1, 0.5, 2});
  auto const v = w.verdict();
  ASSERT_TRUE(v.ranking);
  EXPECT_FALSE(v.ranking->tie);
  EXPECT_EQ(v.winner, 1U);
  EXPECT_EQ(
      ranking_words(w.plan, *v.ranking, v.arms),
      "`arm2` and `arm1` both ship; `arm2` is ahead by +16.7pp (two-sided p 4.9e-13), so `arm2` is taken");
}

TEST(Ranking, BetweenTwoThatDoNotDifferTheCheaperIsTaken) {
  World w(small_plan(2), {{"a", 300, {50, 52}, {0, 0}}});
  price(w, {1, 0.5, 2});
  auto v = w.verdict();
  EXPECT_TRUE(v.ranking->tie);
  EXPECT_EQ(v.ranking->first, 1U);
  EXPECT_EQ(v.winner, 0U);
  EXPECT_EQ(ranking_words(w.plan, *v.ranking, v.arms),
            "`arm2` and `arm1` both ship; `arm2` is ahead by +0.7pp (two-sided p 0.32), which shows no "
            "difference, so the cheaper `arm1` is taken ($0.5 against $2 a call)");
  price(w, {1, 2, 0.5});
  v = w.verdict();
  EXPECT_EQ(v.winner, 1U);
  EXPECT_EQ(ranking_words(w.plan, *v.ranking, v.arms),
            "`arm2` and `arm1` both ship; `arm2` is ahead by +0.7pp (two-sided p 0.32), which shows no "
            "difference; `arm2` costs no more and is taken ($0.5 against $2 a call)");
  for (auto& cell : w.cells) cell.cost_usd.reset();
  v = w.verdict();
  EXPECT_EQ(v.winner, 1U);
  EXPECT_EQ(ranking_words(w.plan, *v.ranking, v.arms),
            "`arm2` and `arm1` both ship; `arm2` is ahead by +0.7pp (two-sided p 0.32), which shows no "
            "difference; what both cost is not known, so `arm2` is taken");
}

TEST(Ranking, ArmsThatNeverDifferTie) {
  World w(small_plan(2), {{"a", 300, {50, 50}, {0, 0}}});
  auto const v = w.verdict();
  EXPECT_EQ(v.ranking->p, 1);
  EXPECT_EQ(v.winner, 0U);
}

// arm1 gains more rows, arm2 the heavy ones.
TEST(Ranking, BySeverityAnotherArmMayLead) {
  World w(weighed(2), {{"a", 300, {100, 50}, {0, 0}}});
  weigh(w, 0, 300, 1);
  weigh(w, 0, 50, 1);
  for (auto& cell : w.cells)  // arm2 gains the other half of the baseline's failures
    if (cell.arm == 2 && cell.row < 150) {
      cell.passed = cell.row >= 90;
      cell.score = cell.passed ? run::kScoreUnit : 0;
    }
  weigh(w, 100, 150, 20);
  auto const v = w.verdict();
  ASSERT_EQ(v.arms[0].decision.outcome, Outcome::ship);
  ASSERT_EQ(v.arms[1].decision.outcome, Outcome::ship);
  ASSERT_TRUE(v.ranking);
  EXPECT_TRUE(v.ranking->weighted);
  EXPECT_EQ(v.winner, 1U);
  EXPECT_EQ(v.ranking->first_unweighted, 0U);
  EXPECT_EQ(ranking_words(w.plan, *v.ranking, v.arms).substr(0, 91),
            "`arm2` and `arm1` both ship; `arm2` is ahead by +72.8pp, weighted by severity (two-sided p ");
  EXPECT_NE(
      ranking_words(w.plan, *v.ranking, v.arms)
          .find("; without the weights `arm1` would be ahead, and the unweighted effect of `arm2` reaches "
                "the threshold too"),
      std::string::npos);
}

// --- production's mix

plan::Plan over_tier() {
  auto plan = small_plan();
  plan.rule.over = spec::Name{"tier", {}};
  return plan;
}

TEST(Traffic, TheEffectOnProductionsMixIsGivenBesideTheOther) {
  World w(small_plan(), {{"a", 100, {40}, {0}}, {"b", 100, {0}, {0}}});
  w.slices[0].production_share = 0.1;
  w.slices[1].production_share = 0.9;
  auto const v = w.verdict();
  EXPECT_EQ(v.outcome, Outcome::ship) << "the rule asks for the rows of test";
  auto const& traffic = v.arms[0].traffic.at(0);
  EXPECT_EQ(traffic.column, "tier");
  EXPECT_NEAR(traffic.paired->effect, 0.04, 1e-12);
  EXPECT_NEAR(traffic.mix_distance, 0.4, 1e-12);
  EXPECT_DOUBLE_EQ(v.arms[0].measured.paired.effect, 0.2);
}

TEST(Traffic, TheRuleMayAskForIt) {
  World w(over_tier(), {{"a", 100, {40}, {0}}, {"b", 100, {0}, {0}}});
  EXPECT_EQ(w.verdict().outcome, Outcome::ship);
  w.slices[0].production_share = 0.1;
  w.slices[1].production_share = 0.9;
  auto const v = w.verdict();
  EXPECT_EQ(v.outcome, Outcome::inconclusive);
  EXPECT_EQ(v.decided_by, "C1");
  EXPECT_EQ(v.arms[0].checks[1].clause, "effect on accuracy over traffic of tier >= 5pp");
  EXPECT_EQ(v.arms[0].checks[1].evidence.substr(0, 7), "+4.0pp ");
  EXPECT_NE(v.arms[0].checks[1].evidence.find(" over traffic on 200 rows"), std::string::npos);
}

// .1 x 50pp is 5pp, though .1 is no binary number.
TEST(Traffic, ThresholdsAreInclusive) {
  World w(over_tier(), {{"a", 100, {50}, {0}}, {"b", 100, {0}, {0}}});
  w.slices[0].production_share = 0.1;
  w.slices[1].production_share = 0.9;
  EXPECT_EQ(w.verdict().arms[0].checks[1].status, CheckStatus::pass);
}

TEST(Traffic, AValueThatTestDoesNotHoldLeavesItOpen) {
  World w(over_tier(), {{"a", 100, {40}, {0}}});
  w.slices[0].production_share = 0.7;
  w.slices.push_back({"tier", "b", 0.3, true});
  auto const v = w.verdict();
  EXPECT_EQ(v.outcome, Outcome::inconclusive);
  for (auto const* id : {"C1", "C2", "C3"}) {
    EXPECT_EQ(last_of(v.arms[0], id).status, CheckStatus::unproven) << id;
    EXPECT_EQ(last_of(v.arms[0], id).evidence,
              "no effect over traffic of tier: tier=b has 0 test rows, too few for an interval");
  }
  World one(over_tier(), {{"a", 100, {40}, {0}}, {"b", 1, {0}, {0}}});
  EXPECT_EQ(last_of(one.verdict().arms[0], "C1").evidence,
            "no effect over traffic of tier: tier=b has 1 test row, too few for an interval");
  World none(over_tier(), {{"a", 100, {40}, {0}}});
  none.slices.clear();
  EXPECT_EQ(last_of(none.verdict().arms[0], "C1").evidence,
            "no effect over traffic of tier: tier has no values to weigh by");
}

TEST(Traffic, WhatIsLeftWithoutALosingSliceIsWeighedTheSameWay) {
  auto plan = over_tier();
  plan.rule.slices.push_back({{"tier", {}}, "", {-1, 50}, spec::SliceMode::point, {}});
  World w(plan, {{"a", 200, {60}, {0}}, {"b", 200, {40}, {0}}, {"c", 100, {0}, {10}}});
  auto const v = w.verdict();
  EXPECT_EQ(v.outcome, Outcome::ship_narrowly);
  ASSERT_TRUE(v.arms[0].narrowed);
  EXPECT_NEAR(v.arms[0].narrowed->paired.effect, 0.25, 1e-12);
  EXPECT_TRUE(v.arms[0].narrowed->over_traffic);
}

// --- dev and test

TEST(Gap, DevThatPromisedFarMoreIsAnAlarmAndChangesNothing) {
  World w(small_plan(), {{"a", 200, {30}, {0}}});
  auto t = tally(w.plan, w.rows, w.cells);
  auto const plain = conclude(w.plan, t, w.slices, {});
  EXPECT_FALSE(plain.arms[0].gap) << "nothing is known of dev";
  t.dev = {std::nullopt, DevEffect{0.4, 0.03, 1}};
  auto const v = conclude(w.plan, t, w.slices, {});
  ASSERT_TRUE(v.arms[0].gap);
  EXPECT_TRUE(v.arms[0].gap->alarm);
  EXPECT_TRUE(v.arms[0].gap->notice);
  EXPECT_EQ(v.outcome, plain.outcome);
  EXPECT_EQ(v.arms[0].measured.paired.effect, plain.arms[0].measured.paired.effect);
  t.dev[1] = DevEffect{0.17, 0.03, 1};
  auto const near = conclude(w.plan, t, w.slices, {});
  EXPECT_FALSE(near.arms[0].gap->alarm);
  EXPECT_TRUE(near.arms[0].gap->notice) << "trials that never differ have no noise";
}

TEST(Gap, DevIsMeasuredLikeTest) {
  World w(small_plan(2), {{"a", 100, {20, 0}, {2, 0}}});
  auto const dev = dev_effects(w.plan, tally(w.plan, w.rows, w.cells));
  ASSERT_EQ(dev.size(), 3U);
  EXPECT_FALSE(dev[0]);
  EXPECT_DOUBLE_EQ(dev[1]->effect, 0.18);
  EXPECT_GT(dev[2]->se, 0) << "a pair that never differs has an interval too";
  World none(small_plan(), {});
  EXPECT_FALSE(dev_effects(none.plan, tally(none.plan, none.rows, none.cells))[1]);
}

TEST(Spread, TrialsAgainstRows) {
  World w(small_plan(), {{"a", 90, {0}, {0}}});
  for (auto& cell : w.cells) {
    cell.passed = (cell.row + cell.arm + cell.trial) % 3 == 0;
    cell.score = cell.passed ? run::kScoreUnit : 0;
  }
  // Every row fails twice in three trials in both arms: all that moves is the trials.
  auto const still = w.verdict().arms[0];
  EXPECT_FALSE(still.spread) << "the rows' means do not differ at all";
  for (auto& cell : w.cells)
    if (cell.arm == 1 && cell.row < 10) cell.score = run::kScoreUnit;
  auto const v = w.verdict().arms[0];
  ASSERT_TRUE(v.spread);
  EXPECT_EQ(v.spread->trial_share, 1);
  EXPECT_TRUE(v.spread->more_trials);
}

}  // namespace
}  // namespace itera::verdict
