// Secondary metrics: floors by mode, what is not known of them, and the benefit that they may be.
#include "core/verdict/secondary.hpp"

#include <gtest/gtest.h>

#include "tests/unit/core/world.hpp"

namespace itera::verdict {
namespace {

using namespace itera::test;
using spec::SliceMode;

// The arm gains 20 of 100 rows and loses 2 by the metric; by `polite` as is said.
struct Polite : World {
  Polite(plan::Plan p, std::size_t wins, std::size_t losses)
      : World(with_metric(std::move(p)), {{"a", 100, {20}, {2}}}) {
    for (auto& cell : cells) {
      bool right = cell.row >= 50;
      if (cell.arm == 1 && cell.row < wins) right = true;
      if (cell.arm == 1 && cell.row >= 100 - losses) right = false;
      score(cell, right ? run::kScoreUnit : 0);
    }
  }
  static plan::Plan with_metric(plan::Plan p) {
    p.secondaries.push_back({"polite", {}});
    return p;
  }
  static void score(run::Cell& cell, std::optional<std::int64_t> value) {
    cell.rest.edit().secondaries = {{value, value ? "" : "not to be read"}};
  }
  // The judge fails on the first `n` rows of an arm.
  void lose(std::size_t arm, std::size_t n) {
    for (auto& cell : cells)
      if (cell.arm == arm && cell.row < n && cell.trial == 0) score(cell, std::nullopt);
  }
  void floor(Rational bound, SliceMode mode = SliceMode::point, bool relative = false) {
    plan.rule.metrics = {{{"polite", {}}, bound, mode, {}, relative}};
  }
  SecondaryResult result() const { return verdict().arms.at(0).secondaries.at(0); }
  CheckStatus status() const { return result().status; }
};

TEST(Secondary, WithoutAClauseItIsDescribedAndDecidesNothing) {
  Polite const w(small_plan(), 0, 40);
  auto const v = w.verdict();
  EXPECT_EQ(v.outcome, Outcome::ship);
  auto const& s = v.arms[0].secondaries.at(0);
  EXPECT_DOUBLE_EQ(s.measured.paired.effect, -.4);
  EXPECT_EQ(s.status, CheckStatus::not_applicable);
  EXPECT_FALSE(s.by_point);
  EXPECT_DOUBLE_EQ(v.arms[0].measured.paired.effect, .18) << "the metric's own";
}

TEST(Secondary, AFloorByPointIncludesItsBound) {
  Polite w(small_plan(), 0, 2);
  w.floor({-2, 100});
  EXPECT_EQ(w.status(), CheckStatus::pass);
  EXPECT_EQ(w.result().by_interval, CheckStatus::fail);
  w.floor({-19, 1000});
  EXPECT_EQ(w.status(), CheckStatus::fail);
  EXPECT_EQ(w.verdict().outcome, Outcome::kill);
  EXPECT_EQ(w.verdict().decided_by, "C7");
}

TEST(Secondary, AFloorByIntervalAsksForItsLowEnd) {
  Polite w(small_plan(), 0, 2);
  auto const low = w.result().measured.paired.ci_low;
  EXPECT_LT(low, -.02);
  w.floor({static_cast<std::int64_t>(std::floor(low * 1000)), 1000}, SliceMode::interval);
  EXPECT_EQ(w.status(), CheckStatus::pass);
  w.floor({static_cast<std::int64_t>(std::ceil(low * 1000)), 1000}, SliceMode::interval);
  EXPECT_EQ(w.status(), CheckStatus::fail);
}

TEST(Secondary, AFloorByHarmFailsOnlyWhereHarmIsShown) {
  Polite w(small_plan(), 0, 2);
  w.floor({0, 1}, SliceMode::harm);
  EXPECT_EQ(w.status(), CheckStatus::pass);
  Polite worse(small_plan(), 0, 20);
  worse.floor({0, 1}, SliceMode::harm);
  EXPECT_EQ(worse.status(), CheckStatus::fail);
}

// Of a baseline of 50%, two lost rows of a hundred are 4%.
TEST(Secondary, ARelativeFloorIsAShareOfTheBaselinesScore) {
  Polite w(small_plan(), 0, 2);
  w.floor({-4, 100}, SliceMode::point, true);
  EXPECT_EQ(w.status(), CheckStatus::pass);
  ASSERT_TRUE(w.result().to_floor);
  EXPECT_NEAR(w.result().to_floor->delta, 0, 1e-12);
  w.floor({-3, 100}, SliceMode::point, true);
  EXPECT_EQ(w.status(), CheckStatus::fail);
}

// Two of a hundred rows may be unknown. A judge that fails takes nothing from the metric itself.
TEST(Secondary, WhatIsNotKnownOnTwoPercentOfTheRowsIsUnproven) {
  Polite w(small_plan(), 20, 0);
  w.floor({-1, 100});
  w.lose(1, 2);
  EXPECT_EQ(w.status(), CheckStatus::pass);
  EXPECT_EQ(w.result().lost, 2U);
  w.lose(1, 3);
  auto const v = w.verdict();
  EXPECT_EQ(v.arms[0].secondaries[0].status, CheckStatus::unproven);
  EXPECT_EQ(v.outcome, Outcome::inconclusive);
  EXPECT_EQ(v.arms[0].measured.rows.size(), 100U);
  EXPECT_EQ(v.arms[0].checks[0].status, CheckStatus::pass) << "C0 does not count it";
}

// Within 2%, and still not by chance: eight rows of one arm only (p .008).
TEST(Secondary, ScoresMissingMoreInOneArmAreUnproven) {
  auto plan = Polite::with_metric(small_plan());
  plan.rule.metrics = {{{"polite", {}}, {-1, 10}, SliceMode::point, {}, false}};
  World w(plan, {{"a", 600, {120}, {2}}});
  for (auto& cell : w.cells) {
    bool const lost = cell.arm == 1 && cell.row < 8;
    Polite::score(cell, lost ? std::nullopt : std::optional(run::kScoreUnit));
  }
  auto const one_sided = w.verdict().arms[0].secondaries[0];
  EXPECT_TRUE(one_sided.uneven);
  EXPECT_EQ(one_sided.status, CheckStatus::unproven);
  for (auto& cell : w.cells)
    if (cell.row >= 4 && cell.row < 8)
      Polite::score(cell, cell.arm == 0 ? std::nullopt : std::optional(run::kScoreUnit));
  auto const even = w.verdict().arms[0].secondaries[0];
  EXPECT_FALSE(even.uneven);
  EXPECT_EQ(even.lost, 8U);
  EXPECT_EQ(even.status, CheckStatus::pass);
}

TEST(Secondary, FewerThanFiveRowsShowNothing) {
  auto plan = Polite::with_metric(small_plan());
  plan.rule.metrics = {{{"polite", {}}, {-1, 1}, SliceMode::point, {}, false}};
  for (auto const rows : {4U, 5U}) {
    World w(plan, {{"a", rows, {1}, {0}}});
    for (auto& cell : w.cells) Polite::score(cell, run::kScoreUnit);
    EXPECT_EQ(w.verdict().arms[0].secondaries[0].status,
              rows < 5 ? CheckStatus::unproven : CheckStatus::pass);
  }
}

// --- the benefit that non-inferiority needs

CheckStatus benefit(Polite& w, Rational floor, SliceMode mode) {
  w.plan.rule.effect = {-5, 100};
  w.floor(floor, mode);
  auto const v = w.verdict();
  EXPECT_EQ(v.arms[0].checks.back().clause, "a registered benefit holds");
  return v.arms[0].checks.back().status;
}

TEST(Secondary, AGainIsABenefitOnceItIsShown) {
  Polite shown(small_plan(), 20, 0), luck(small_plan(), 3, 0);
  EXPECT_EQ(benefit(shown, {2, 100}, SliceMode::point), CheckStatus::pass);
  EXPECT_EQ(shown.verdict().outcome, Outcome::ship);
  EXPECT_EQ(benefit(luck, {2, 100}, SliceMode::point), CheckStatus::unproven);
  EXPECT_EQ(luck.status(), CheckStatus::pass) << "the floor itself holds";
  EXPECT_EQ(luck.verdict().outcome, Outcome::inconclusive);
}

TEST(Secondary, NoLossAndNoHarmAreNoBenefit) {
  EXPECT_TRUE(is_benefit({{"m", {}}, {1, 100}, SliceMode::interval, {}, false}));
  EXPECT_FALSE(is_benefit({{"m", {}}, {0, 1}, SliceMode::point, {}, false}));
  EXPECT_FALSE(is_benefit({{"m", {}}, {1, 100}, SliceMode::harm, {}, false}));
}

}  // namespace
}  // namespace itera::verdict
