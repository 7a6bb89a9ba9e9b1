#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/plan/lock.hpp"
#include "core/plan/plan_json.hpp"
#include "core/plan/rule_text.hpp"
#include "tests/unit/core/support.hpp"

namespace itera::plan {
namespace {

using test::small_plan;

TEST(Lock, TellsTheFrameFromTheRest) {
  auto plan = small_plan();
  auto const locked = to_json(plan).dump();
  auto same = moved_since(locked, plan);
  ASSERT_TRUE(same);
  EXPECT_TRUE(same->frame.empty() && same->registration.empty());

  plan.rule.effect = {3, 100};
  plan.arms[1].summary = "another idea";
  auto const moved = moved_since(locked, plan);
  ASSERT_TRUE(moved);
  EXPECT_EQ(moved->frame, std::vector<std::string>{"/rule/effect: \"0.05\" -> \"0.03\""});
  EXPECT_EQ(moved->registration, std::vector<std::string>{"/arms/1/summary: \"\" -> \"another idea\""});
}

TEST(Lock, RefusalNamesWhatMovedAndTheWayOn) {
  auto const error = refusal("router", {"/rule/effect: \"0.05\" -> \"0.03\""}, true);
  EXPECT_EQ(error.what,
            "experiment `router` is registered (dev scores may exist), and this moved:\n  /rule/effect: "
            "\"0.05\" -> \"0.03\"");
  EXPECT_NE(error.help.find("new experiment under a new name"), std::string::npos);
}

TEST(Lock, EveryPartOfTheFrameIsCovered) {
  auto const base = frame_digest(small_plan());
  std::vector<void (*)(Plan&)> const changes{
      [](Plan& p) { p.question = "other"; },
      [](Plan& p) { p.hypothesis = "other"; },
      [](Plan& p) { p.metric = "other"; },
      [](Plan& p) { p.judge.locked_json = "1"; },
      [](Plan& p) {
        p.rule.effect = {1, 10};
      },
      [](Plan& p) {
        p.split.test = {3, 10};
      },
      [](Plan& p) { p.split.stratify = {}; },
      [](Plan& p) { p.seed = 8; },
      [](Plan& p) { p.trials = 4; },
      [](Plan& p) {
        p.categories.push_back({"x", {1, 1}, ""});
      },
      [](Plan& p) { p.split.cap_per_entity = 9; },
      [](Plan& p) {
        p.rule.slices.push_back({{"tier", {}}, "", {-1, 50}, spec::SliceMode::point, {}});
      }};
  for (std::size_t i = 0; i < changes.size(); ++i) {
    auto plan = small_plan();
    changes[i](plan);
    EXPECT_NE(frame_digest(plan), base) << i;
  }
}

TEST(Rule, IsGivenWholeWithImpliedClauses) {
  auto plan = small_plan(2);
  plan.categories = {{"wrong_code", {1, 1}, ""}, {"wrong_sign", {3, 1}, ""}};
  plan.rule.slices.push_back({{"tier", {}}, "", {-1, 50}, spec::SliceMode::interval, {}});
  std::vector<std::string> text;
  for (auto const& line : rule_lines(plan))
    text.push_back(line.check + (line.implied ? "* " : " ") + line.text);
  EXPECT_EQ(
      text,
      (std::vector<std::string>{
          "C0* the experiment kept its own rules: plan unchanged, test opened once, pilot and "
          "audit passed, at most 2% of rows without a score",
          "C1 effect on accuracy >= 5pp", "C2* effect >= 2 x the noise floor of the test pass",
          "C3* evidence: one-sided p <= 0.025, Holm over 2 arms", "C4 every major tier >= -2pp by interval",
          "C5* wrong_sign (the most severe category) does not rise",
          "C5* the sum of severity weight x failures does not rise, nor lie above that of an arm within the "
          "threshold",
          "C6* severity-weighted effect: n/a, no severity field is registered",
          "C7* cost and latency guards: n/a, none is registered: both are measured, neither decides"}));
}

TEST(Rule, PointsAreWrittenTheWayASpecWritesThem) {
  EXPECT_EQ(points(Rational{1, 20}), "5pp");
  EXPECT_EQ(points(Rational{-1, 50}), "-2pp");
  EXPECT_EQ(points(Rational{1, 200}, true), "+0.5pp");
  EXPECT_EQ(points(0.0888), "+8.9pp");
  EXPECT_EQ(points(-0.00001), "+0.0pp");
}

}  // namespace
}  // namespace itera::plan
