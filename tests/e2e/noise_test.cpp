// Repetition: a declaration of determinism is tried before it is believed, and noise is measured.
#include <cmath>

#include <gtest/gtest.h>

#include "tests/support/experiment.hpp"
#include "tests/support/programs.hpp"

namespace itera::test {
namespace {

void expect_contains(std::string const& text, std::string const& part) {
  EXPECT_NE(text.find(part), std::string::npos) << "`" << part << "` is not in:\n" << text;
}

void write_programs(Workspace const& w, std::string const& old_answer, std::string const& new_answer,
                    bool declared) {
  Spec spec;
  std::string const word = declared ? "deterministic  " : "";
  spec.baseline = "using process { ref \"old.py:1\"  " + word + program("old.py") + " }";
  spec.arms = "arm new from old \"more words\" { " + word + program("new.py") + " }";
  w.write("rows.csv", csv(make_rows(250)));
  w.write("old.py", python_arm(old_answer, "log.jsonl", "old"));
  w.write("new.py", python_arm(new_answer, "log.jsonl", "new"));
  w.write("x.itera", spec.text());
}

TEST(Noise, ADeclarationOfDeterminismThatIsFalseIsRefusedForGood) {
  Workspace w;
  write_programs(w, right_on(500), noisy_on(800), true);
  for (int attempt = 0; attempt < 2; ++attempt) {
    auto const outcome = run(w);
    EXPECT_EQ(outcome.code, 50) << outcome.out << outcome.err;
    expect_contains(outcome.err, "stopped: `new` is declared deterministic and is not");
    expect_contains(outcome.err, "take out `deterministic`");
  }
  auto const tried = entries(w, "determinism");
  ASSERT_EQ(tried.size(), 1U);
  EXPECT_EQ(tried.front().at("body").at("differing"), Json({"new"}));
  EXPECT_TRUE(entries(w, "dev_pass").empty());
}

TEST(Noise, ATrueDeclarationIsTriedAndThenRunsOneTrial) {
  Workspace w;
  write_programs(w, right_on(500), right_on(900), true);
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(entries(w, "determinism").front().at("body").at("exact"), true);
  EXPECT_EQ(json_lines(w.read("log.jsonl")).size(), 2U * (1 + 3 * 20 + 125 + 50));
  EXPECT_EQ(data(w).at("arm_verdicts").at("new").at("s_noise"), 0.0);
  EXPECT_EQ(data(w).at("experiment").at("trials_per_arm"), 1);
  expect_contains(check_of(data(w), "new", "C2").at("evidence"),
                  "the noise floor is zero: power, not noise, is binding");
}

// Trials that were not recorded say nothing on whether the arm repeats itself, neither way.
TEST(Noise, ADeclarationThatCannotBeTriedIsNotCalledFalse) {
  Workspace w;
  write_recorded(
      w, unplaced(make_rows(200)), [](auto const& r) { return r.nth % 10 < 5; },
      [](auto const& r) { return r.nth % 10 < 8; });
  w.write("new.jsonl", recording(make_rows(200), 1, [](auto const& r, auto) { return r.answer; }));
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 1) << outcome.err;
  EXPECT_EQ(outcome.err.find("and is not"), std::string::npos) << outcome.err;
  expect_contains(outcome.err, "`new` is declared deterministic, which could not be tried");
  expect_contains(outcome.err, "is not recorded");
  EXPECT_TRUE(entries(w, "determinism").empty());
}

// What is written down of the baseline stays: an outage is no row that it fails.
TEST(Noise, ABaselineThatCouldNotBeHadHasNoValue) {
  Workspace w;
  Spec spec;
  spec.baseline = R"(using recorded { ref "rules.py:1"  path = "old.jsonl" })";
  spec.arms = R"(arm new from old "more words" { path = "new.jsonl" })";
  auto const rows = placed(make_rows(200), spec);
  auto const right = [](auto const&) { return true; };
  write_recorded(w, rows, right, right, spec);
  std::vector<Row> all, had;
  for (auto const& r : rows) {
    all.push_back(r.row);
    if (r.part != "dev" || r.nth % 4 > 0) had.push_back(r.row);
  }
  auto const answer = [](auto const& r, auto) { return r.answer; };
  w.write("new.jsonl", recording(all, 3, answer));
  w.write("old.jsonl", recording(had, 3, answer));
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 1) << outcome.out << outcome.err;
  expect_contains(outcome.err, "dev rows have no score for `old`");
  EXPECT_TRUE(entries(w, "baseline_pass").empty());
}

TEST(Noise, TheNoiseFloorOfNoisyArmsIsMeasuredAndCounts) {
  Workspace w;
  write_programs(w, noisy_on(500), noisy_on(800), false);
  auto const outcome = run(w);
  ASSERT_TRUE(w.has("exp/data.json")) << outcome.err;
  auto const evidence = data(w);
  EXPECT_EQ(evidence.at("experiment").at("trials_per_arm"), 3);
  auto const floor = evidence.at("arm_verdicts").at("new").at("s_noise").get<double>();
  EXPECT_GT(floor, 0.0);
  EXPECT_GT(evidence.at("dev").at("effects").at("new").at("s_noise").get<double>(), 0.0);
  EXPECT_EQ(evidence.at("variance_trials").at("old").size(), 3U);
  auto const effect = evidence.at("effect_sizes").at("new").at("aggregate").at("delta").get<double>();
  EXPECT_EQ(check_of(evidence, "new", "C2").at("status"), effect >= 2 * floor ? "pass" : "fail");
}

// A gain of five points where a repetition moves the score by four is no gain.
TEST(Noise, AnEffectUnderTwiceTheNoiseDoesNotShip) {
  auto const rows = placed(make_rows(600));
  Workspace w;
  Spec spec;
  spec.baseline = R"(using recorded { ref "rules.py:1"  path = "old.jsonl" })";
  spec.arms = R"(arm new from old "more words" { path = "new.jsonl" })";
  write_recorded(
      w, rows, [](auto const&) { return true; }, [](auto const&) { return true; }, spec);
  std::map<std::string, Placed const*> by_key;
  for (auto const& row : rows) by_key[row.row.key] = &row;
  auto const trials = [&](std::array<double, 3> shares) {
    return recording(make_rows(600), 3, [&, shares](Row const& row, unsigned trial) {
      return among_first(*by_key.at(row.key), shares[trial]) ? row.answer : std::string("wrong");
    });
  };
  w.write("old.jsonl", trials({.56, .60, .64}));
  w.write("new.jsonl", trials({.62, .66, .70}));
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 30) << outcome.out << outcome.err;
  auto const evidence = data(w);
  EXPECT_EQ(check_of(evidence, "new", "C1").at("status"), "pass");
  EXPECT_EQ(check_of(evidence, "new", "C2").at("status"), "fail");
  EXPECT_EQ(evidence.at("verdict").at("decided_by"), "C2");
  EXPECT_NEAR(evidence.at("arm_verdicts").at("new").at("s_noise"), .04, .005);
}

}  // namespace
}  // namespace itera::test
