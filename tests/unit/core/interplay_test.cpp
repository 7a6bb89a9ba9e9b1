// Where one rule meets another.
#include <gtest/gtest.h>

#include "core/plan/rule_text.hpp"
#include "core/stats/paired_binary.hpp"
#include "tests/unit/core/world.hpp"

namespace itera::verdict {
namespace {

using test::small_plan, test::World;

plan::Plan over_tier(std::size_t arms = 1, bool entities = false) {
  auto plan = small_plan(arms, entities);
  plan.rule.over = spec::Name{"tier", {}};
  return plan;
}

// --- production's mix

// An entity of one row in each tier: what the second row says is what the first one said.
TEST(TrafficMeets, EntitiesThatLieInSeveralValues) {
  World w(over_tier(1, true), {{"a", 60, {9}, {2}}, {"b", 60, {9}, {2}}});
  for (std::size_t i = 0; i < 60; ++i) w.rows[i].entity = w.rows[60 + i].entity = fmt::format("v{}", i);
  auto const both = w.verdict().arms[0];
  World one(small_plan(), {{"a", 60, {9}, {2}}});
  auto const half = one.verdict().arms[0];
  ASSERT_TRUE(both.estimand);
  EXPECT_NEAR(both.estimand->paired.effect, half.measured.paired.effect, 1e-12);
  EXPECT_GE(both.estimand->paired.se, both.measured.paired.se * (1 - 1e-9));
  EXPECT_GT(*both.estimand->p, *half.measured.p * 0.8) << "60 entities say no more than 60 rows do";
}

TEST(TrafficMeets, EntitiesOfOneValueEachAreWorthTheirOwnVariance) {
  World w(over_tier(1, true), {{"a", 60, {9}, {2}}, {"b", 60, {9}, {2}}});
  for (std::size_t i = 0; i < 120; ++i) w.rows[i].entity = fmt::format("v{}", i);
  World free(over_tier(), {{"a", 60, {9}, {2}}, {"b", 60, {9}, {2}}});
  EXPECT_NEAR(w.verdict().arms[0].estimand->paired.se, free.verdict().arms[0].estimand->paired.se, 1e-12);
}

// On the rows of test arm1 is ahead of arm2, on production's mix it is behind.
TEST(TrafficMeets, TheRankingOfTheArmsThatShip) {
  World w(over_tier(2), {{"a", 200, {100, 40}, {0, 0}}, {"b", 100, {10, 45}, {0, 0}}});
  w.slices[0].production_share = 0.2;
  w.slices[1].production_share = 0.8;
  auto const v = w.verdict();
  ASSERT_EQ(v.arms[0].decision.outcome, Outcome::ship);
  ASSERT_EQ(v.arms[1].decision.outcome, Outcome::ship);
  ASSERT_TRUE(v.ranking);
  EXPECT_EQ(v.ranking->first, 1U);
  EXPECT_NEAR(v.ranking->difference.effect, 0.2 * -0.3 + 0.8 * 0.35, 1e-12);
  EXPECT_FALSE(v.ranking->tie);
  EXPECT_EQ(v.winner, 1U);
}

// Nine tenths of production are the few rows whose answers waver as one from pass to pass.
TEST(TrafficMeets, TheNoiseFloorIsThatOfTheSameMix) {
  auto plan = over_tier();
  World w(plan, {{"a", 280, {0}, {0}}, {"b", 20, {0}, {0}}});
  w.slices[0].production_share = 0.1;
  w.slices[1].production_share = 0.9;
  w.cells.clear();
  for (std::size_t row = 0; row < 300; ++row)
    for (std::uint32_t k = 0; k < 3; ++k) {
      bool const few = row >= 280;
      w.add(row, 0, k, few ? row < 281 : row < 140);
      w.add(row, 1, k, few ? k != 1 : row < 140);
    }
  auto const v = w.verdict().arms[0];
  ASSERT_TRUE(v.estimand && v.estimand->noise);
  EXPECT_GT(v.estimand->noise->s_noise, 5 * v.measured.noise->s_noise);
  EXPECT_EQ(v.checks[2].status, CheckStatus::fail) << v.checks[2].evidence;
}

// --- narrow

// Nothing was shown of tier=c: it is no place where the arm won.
TEST(NarrowMeets, ASliceThatIsNotShown) {
  auto plan = small_plan();
  plan.rule.slices.push_back({{"tier", {}}, "", {-1, 50}, spec::SliceMode::point, {}});
  World w(plan, {{"a", 300, {80}, {0}}, {"b", 100, {0}, {10}}, {"c", 4, {2}, {0}}});
  w.slices[2].major = true;  // in production it is
  auto const v = w.verdict();
  ASSERT_EQ(v.outcome, Outcome::ship_narrowly);
  EXPECT_EQ(v.arms[0].narrow_scope, (std::vector<std::string>{"tier=a"}));
  EXPECT_EQ(v.arms[0].narrow_excludes, (std::vector<std::string>{"tier=b", "tier=c"}));
  EXPECT_EQ(v.arms[0].narrowed->rows.size(), 300U);
}

// All weight lies on the rows of the slice that loses.
TEST(NarrowMeets, ASeverityThatSaysNothingOfWhatIsLeft) {
  auto plan = small_plan();
  plan.row.severity.emplace();
  plan.row.severity->text = "amount";
  plan.rule.slices.push_back({{"tier", {}}, "", {-1, 50}, spec::SliceMode::point, {}});
  World w(plan, {{"a", 300, {80}, {0}}, {"b", 100, {5}, {10}}});
  for (std::size_t i = 300; i < 306; ++i) w.rows[i].severity = 1;
  auto const v = w.verdict();
  EXPECT_EQ(v.outcome, Outcome::kill) << to_string(v.outcome);
  EXPECT_EQ(v.decided_by, "C4");
}

// --- the methods that stand beside each other

TEST(Methods, ThatDisagreeAboutAlphaAreNamed) {
  auto const v = World(small_plan(), {{"a", 100, {16}, {6}}}).verdict();
  EXPECT_EQ(v.outcome, Outcome::ship) << "plus-two decides";
  EXPECT_EQ(
      v.arms[0].checks[3].evidence,
      "p 0.02 (exact sign-flip 0.026, unadjusted); method-sensitive: by the exact sign-flip it would not be "
      "shown");
  EXPECT_TRUE(v.arms[0].method_sensitive);
  for (auto const& [wins, losses] : {std::pair{20, 2}, {4, 2}}) {
    World const w(small_plan(),
                  {{"a", 100, {static_cast<std::size_t>(wins)}, {static_cast<std::size_t>(losses)}}});
    auto const other = w.verdict().arms[0];
    EXPECT_EQ(other.checks[3].evidence.find("method-sensitive"), std::string::npos);
    EXPECT_FALSE(other.method_sensitive);
  }
}

// Of two arms both methods are adjusted alike: what neither shows is sensitive to none.
TEST(Methods, AreHeldAgainstEachOtherAfterHolm) {
  auto const v = World(small_plan(2), {{"a", 100, {16, 4}, {6, 4}}}).verdict();
  EXPECT_GT(v.arms[0].p_holm, 0.025);
  EXPECT_DOUBLE_EQ(*v.arms[0].sign_flip_holm, 2 * *v.arms[0].measured.sign_flip);
  EXPECT_FALSE(v.arms[0].method_sensitive) << v.arms[0].checks[3].evidence;
}

// Neither method shows an effect that the interval says is below the threshold.
TEST(Methods, AreNotComparedWhereTheClauseFailsByBoth) {
  auto plan = small_plan();
  plan.rule.effect = Rational{30, 100};
  auto const v = World(plan, {{"a", 100, {16}, {6}}}).verdict();
  EXPECT_EQ(v.arms[0].checks[3].status, CheckStatus::fail);
  EXPECT_FALSE(v.arms[0].method_sensitive);
}

TEST(Methods, TangosIntervalStandsBesideOneTrialOfZeroOrOne) {
  auto plan = small_plan();
  for (auto& arm : plan.arms) arm.deterministic = true;
  World w(plan, {{"a", 100, {20}, {2}}});
  std::erase_if(w.cells, [](auto const& c) { return c.trial > 0; });
  auto const one = w.verdict().arms[0];
  auto const tango = stats::tango({20, 2, 100});
  ASSERT_TRUE(one.measured.tango);
  EXPECT_EQ(one.measured.tango->low, tango->low);
  EXPECT_EQ(one.measured.tango->high, tango->high);
  EXPECT_NE(one.checks[3].evidence.find(", unadjusted; Tango [+9.9pp, +27.3pp])"), std::string::npos)
      << one.checks[3].evidence;
  auto no_worse = w;
  no_worse.plan.rule.effect = Rational{-1, 100};
  EXPECT_NE(no_worse.verdict().arms[0].checks[3].evidence.find(" (Tango [+9.9pp, +27.3pp])"),
            std::string::npos)
      << "tested at the threshold";
  w.cells.front().score = run::kScoreUnit / 2;
  EXPECT_FALSE(w.verdict().arms[0].measured.tango) << "a score between";
  EXPECT_FALSE(World(small_plan(), {{"a", 100, {20}, {2}}}).verdict().arms[0].measured.tango)
      << "three trials";
  World entities(small_plan(1, true), {{"a", 100, {20}, {2}}});
  entities.plan.trials = 1;
  std::erase_if(entities.cells, [](auto const& c) { return c.trial > 0; });
  EXPECT_FALSE(entities.verdict().arms[0].measured.tango) << "rows that are not independent";
}

// --- failures within a margin

// The arm loses four rows within its margin. They fail as the baseline's do, or graver.
CheckStatus sum_within_margin(Rational effect, bool graver, std::string* evidence = nullptr) {
  auto plan = small_plan();
  plan.rule.effect = effect;
  plan.categories = {{"light", {1, 1}, "", ""}, {"middle", {2, 1}, "", ""}, {"heavy", {3, 1}, "", ""}};
  World w(plan, {{"a", 400, {0}, {4}}});
  for (auto& cell : w.cells)
    if (!cell.passed) cell.rest.edit().failures = {graver && cell.row >= 396 ? "middle" : "light"};
  auto const checks = w.verdict().arms[0].checks;
  for (auto const& check : checks)
    if (check.id == "C5" && check.clause.starts_with(plan::kSeveritySum)) {
      if (evidence) *evidence = check.evidence;
      return check.status;
    }
  return CheckStatus::not_applicable;
}

TEST(MarginMeets, TheSumOfFailuresThatItAllows) {
  std::string said;
  EXPECT_EQ(sum_within_margin({-5, 100}, false, &said), CheckStatus::pass);
  EXPECT_NE(said.find(": more failures, which the margin allows, and no graver ones"), std::string::npos)
      << said;
  EXPECT_EQ(sum_within_margin({-5, 100}, true), CheckStatus::fail);
  EXPECT_EQ(sum_within_margin({5, 100}, false), CheckStatus::fail) << "no margin";
}

// --- guards

TEST(GuardsMeet, NumbersOfAnySize) {
  for (double const base : {1e101, 1e200, 1.7e308})
    for (double const arm : {1e-300, 1.0, 1e101, 1.7e308})
      for (Rational const most : {Rational{-1, 1}, Rational{0, 1}, Rational{3, 1}}) {
        auto plan = small_plan();
        plan.rule.guards.push_back({spec::GuardClause::Of::cost, most, {}});
        World w(plan, {{"a", 40, {15}, {0}}});
        for (auto& cell : w.cells) cell.cost_usd = cell.arm == 0 ? base : arm;
        auto const v = w.verdict();
        auto const& c7 = v.arms[0].checks.back();
        EXPECT_EQ(c7.status, CheckStatus::unproven);
        EXPECT_EQ(c7.evidence, "numbers as large as these cannot be compared");
      }
}

// Latencies are known where the answers were quick.
TEST(GuardsMeet, CallsThatSayNothingOfTheirTime) {
  auto plan = small_plan();
  plan.rule.guards.push_back({spec::GuardClause::Of::latency_p95, {1, 5}, {}});
  World w(plan, {{"a", 300, {100}, {0}}});
  for (auto& cell : w.cells)
    if (cell.arm == 0 || cell.row < 200) cell.latency_ms = 10;
  auto const v = w.verdict();
  EXPECT_EQ(v.arms[0].checks.back().status, CheckStatus::unproven) << v.arms[0].checks.back().evidence;
  EXPECT_EQ(v.arms[0].checks.back().evidence,
            "latency is known on 200 of 300 rows only, so nothing is shown");
}

}  // namespace
}  // namespace itera::verdict
