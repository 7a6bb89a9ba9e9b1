// Control arms, by made-up tallies: how they are read, and that they never ship.
#include <gtest/gtest.h>

#include "core/verdict/conclude.hpp"
#include "tests/unit/core/world.hpp"

namespace itera::verdict {
namespace {

using test::small_plan, test::Tier, test::World;

plan::Plan with_control(Rational effect = {1, 20}) {
  auto plan = small_plan(2);
  plan.rule.effect = effect;
  plan.arms[2].control = true;
  plan.arms[2].name = "bigger";
  return plan;
}

TEST(Control, IsReadAndNeverShips) {
  auto const read = [](Tier const& tier) {
    auto const v = World(with_control(), {tier}).verdict();
    EXPECT_EQ(v.arms.size(), 1U);
    EXPECT_EQ(v.controls.size(), 1U);
    EXPECT_EQ(v.outcome, Outcome::ship);
    // Not in Holm's number of arms.
    EXPECT_EQ(v.arms[0].p_holm, v.arms[0].measured.p);
    return v.controls[0];
  };
  auto const still = read({"a", 400, {80, 8}, {0, 6}});
  EXPECT_EQ(still.reading, Reading::unmoved);
  EXPECT_NE(still.evidence.find("the 90% interval lies within +-5pp: overall ["), std::string::npos);
  auto const gone = read({"a", 400, {80, 120}, {0, 0}});
  EXPECT_EQ(gone.reading, Reading::moved);
  EXPECT_NE(
      gone.evidence.find("an effect is shown, and the 90% interval does not lie within +-5pp: overall ["),
      std::string::npos);
  auto const open = read({"a", 60, {25, 4}, {0, 3}});
  EXPECT_EQ(open.reading, Reading::not_shown);
  EXPECT_NE(open.evidence.find("reaches beyond +-5pp, but leaves no effect shown either"), std::string::npos);
}

TEST(Control, IsReadOnEachRegisteredSlice) {
  // Level in all, but +10pp in one tier and -10pp in the other.
  auto const v =
      World(with_control(), {{"a", 300, {60, 30}, {0, 0}}, {"b", 300, {60, 0}, {0, 30}}}).verdict();
  EXPECT_EQ(v.controls[0].reading, Reading::moved);
  EXPECT_NE(v.controls[0].evidence.find("tier=a ["), std::string::npos);
  EXPECT_EQ(v.controls[0].evidence.find("overall"), std::string::npos) << v.controls[0].evidence;
}

TEST(Control, OfAnArmIsHeldAgainstThatArm) {
  auto plan = with_control();
  plan.arms[2].parent = "arm1";
  auto const v = World(plan, {{"a", 400, {80, 82}, {0, 0}}}).verdict();
  EXPECT_EQ(v.controls[0].against, 1U);
  EXPECT_EQ(v.controls[0].reading, Reading::unmoved);
}

TEST(Control, AMarginThatIsAShareIsOneOfTheBaselinesScore) {
  // The baseline scores 50%: 10% of that are 5pp.
  auto plan = with_control({1, 10});
  plan.rule.relative = true;
  auto const v = World(plan, {{"a", 400, {80, 8}, {0, 6}}}).verdict();
  EXPECT_EQ(v.controls[0].reading, Reading::unmoved) << v.controls[0].evidence;
  EXPECT_NE(v.controls[0].evidence.find("within +-10% of the baseline's score"), std::string::npos);
}

TEST(Control, RowsThatItMissesBreakNothingAndShowNothing) {
  World w(with_control(), {{"a", 200, {40, 0}, {0, 0}}});
  for (auto& cell : w.cells)
    if (cell.arm == 2 && cell.row < 20) cell.ending = run::Ending::missing;
  auto const v = w.verdict();
  EXPECT_EQ(v.outcome, Outcome::ship);
  EXPECT_EQ(v.controls[0].reading, Reading::not_shown);
  EXPECT_EQ(v.controls[0].evidence, "20 of 200 rows have no score");
}

}  // namespace
}  // namespace itera::verdict
