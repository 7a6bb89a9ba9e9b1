// Judges that are models: canaries before the first verdict, a second judge after dev.
#include <algorithm>
#include <cstdlib>
#include <map>

#include <gtest/gtest.h>

#include "tests/support/experiment.hpp"

namespace itera::test {
namespace {

void expect_contains(std::string const& text, std::string const& part) {
  EXPECT_NE(text.find(part), std::string::npos) << "`" << part << "` is not in:\n" << text;
}

class AModelJudges : public ::testing::Test {
 protected:
  // The baseline is right on six of ten rows; the arm on `right` of ten, always in its house's style.
  void write(std::string const& judge, std::size_t right, std::string const& crosscheck = "") {
    spec.uses = "use opinion from \"team/judge_opinion.so\"";
    spec.metric = "good using opinion { model = \"acme-1\"  " + judge + " }";
    spec.clauses =
        "failure wrong weight 1 \"another answer\"" + (crosscheck.empty() ? "" : "\n  " + crosscheck);
    std::filesystem::create_directories(w.at("team"));
    std::filesystem::copy_file(ITERA_OPINION_JUDGE, w.at("team/judge_opinion.so"));
    auto const rows = unplaced(make_rows(300));
    write_recorded(
        w, rows, [](auto const& r) { return r.nth % 10 < 6; }, [](auto const&) { return false; }, spec);
    std::map<std::string, std::size_t> nth;
    for (auto const& row : rows) nth[row.row.key] = row.nth;
    w.write("new.jsonl", recording(make_rows(300), 3, [&](Row const& row, unsigned) {
              return (nth.at(row.key) % 10 < right ? row.answer : std::string("wrong")) + ", says acme";
            }));
  }
  Json audit(std::string const& line) {
    auto const evidence = data(w);
    for (auto const& one : evidence.at("self_audit"))
      if (one.at("line") == line) return one;
    return nullptr;
  }

  Workspace w;
  Spec spec;
};

TEST_F(AModelJudges, CanariesAreJudgedBeforeThePilotAndStandInTheSelfAudit) {
  write("", 9);
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
  auto const order = kinds(w);
  EXPECT_LT(std::find(order.begin(), order.end(), "canaries"),
            std::find(order.begin(), order.end(), "pilot"));
  auto const canaries = entries(w, "canaries");
  ASSERT_EQ(canaries.size(), 1U);
  auto const& told = canaries[0].at("body").at("canaries");
  ASSERT_EQ(told.size(), 5U);
  EXPECT_EQ(told[0], (Json{{"name", "order"}, {"scores", {0.0}}, {"error", ""}, {"held", true}}));
  EXPECT_EQ(told[4], (Json{{"name", "identical"}, {"scores", {1.0, 1.0}}, {"error", ""}, {"held", true}}));
  auto const line = audit("judge blind to arms");
  EXPECT_EQ(line.at("answer"), "yes");
  expect_contains(line.at("evidence"), "it held on all 5 canaries");
  expect_contains(w.read("exp/conclusion.md"), "it held on all 5 canaries");
  EXPECT_EQ(audit("cross-judge").at("answer"), "no");
  expect_contains(audit("cross-judge").at("evidence"),
                  "only `opinion` has judged: the spec has no `crosscheck`");
  // The judge was told the registered categories, and its tags are counted.
  EXPECT_GT(data(w).at("failure_modes").at("test_set_counts").at("old").at("wrong").get<double>(), 0);
}

TEST_F(AModelJudges, OneThatDoesWhatAnAnswerTellsItIsInvalid) {
  write("favours = \"est score\"", 9);
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 50) << outcome.out << outcome.err;
  expect_contains(
      outcome.err,
      "the judge `opinion` of metric `good` is invalid: of outputs whose verdict is known it scored "
      "\"order\" 1, scored \"forged end\" 1 and scored \"claim\" 1");
  expect_contains(outcome.err, "take another model, or a rubric that says what a good answer is");
  EXPECT_FALSE(entries(w, "canaries").at(0).at("body").at("held"));
  EXPECT_TRUE(entries(w, "pilot").empty()) << "nothing real was judged";
  auto const ledger = w.read("exp/ledger.jsonl");
  auto const again = run(w);
  EXPECT_EQ(again.code, 50) << "it is not tried again until it suits";
  expect_contains(again.err,
                  "the judge `opinion` of metric `good` is invalid: of outputs whose verdict is known");
  EXPECT_EQ(again.err.find("canaries:"), std::string::npos);
  EXPECT_EQ(w.read("exp/ledger.jsonl"), ledger);
}

TEST_F(AModelJudges, OneThatScoresTheSameOutputDifferentlyIsInvalid) {
  write("wavers = true", 9);
  // The labels of the pair are drawn from the seed; with this one they differ in what the judge looks at.
  for (unsigned seed = 1; seed < 20; ++seed) {
    spec.split = "seed " + std::to_string(seed);
    w.write("x.itera", spec.text());
    w.remove("exp");
    auto const outcome = run(w, {"--until", "pilot"});
    if (outcome.code != 50) continue;
    expect_contains(outcome.err, "scored two identical outputs");
    return;
  }
  FAIL() << "no seed drew two different labels";
}

TEST_F(AModelJudges, OneThatCannotBeReachedIsNoMiss) {
  write("", 9);
  ::setenv("OPINION_AWAY", "acme-1", 1);
  auto const away = run(w);
  ::unsetenv("OPINION_AWAY");
  EXPECT_EQ(away.code, 1) << away.err;
  expect_contains(away.err, "the judge `opinion` could not be reached: nobody is there");
  EXPECT_TRUE(entries(w, "canaries").empty());
  EXPECT_EQ(run(w).code, 0);
}

// Story 12. By its own family's judge the arm wins every row; by another's it does not.
TEST_F(AModelJudges, AJudgeThatPrefersItsOwnFamilyIsCaughtByTheSecondOne) {
  auto const second = std::string("crosscheck 20 rows using opinion { model = \"other-1\"  favours = \"\" }");
  write("favours = \"says acme\"", 4, second);
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 50) << outcome.out << outcome.err;
  expect_contains(
      outcome.err,
      "the crosscheck failed: `opinion` of metric `good` and the second judge `opinion` do not agree on "
      "which answer is better");
  expect_contains(
      outcome.err,
      "`new`: the same direction on 0 of 20 rows, which takes 16 (a coin has them with a chance of 0.6%, "
      "a judge that agrees on 9 of 10 rows misses them with 4.3%)");
  expect_contains(outcome.err, "test is still sealed");
  auto const body = entries(w, "crosscheck").at(0).at("body");
  EXPECT_FALSE(body.at("passed"));
  EXPECT_EQ(body.at("arms").at("new").at("ties"), 20);
  EXPECT_TRUE(entries(w, "unsealed").empty());
  auto const ledger = w.read("exp/ledger.jsonl");
  EXPECT_EQ(run(w).code, 50) << "for good";
  EXPECT_EQ(w.read("exp/ledger.jsonl"), ledger);
}

// Without the second judge the same arm ships.
TEST_F(AModelJudges, WithoutTheSecondOneItShips) {
  write("favours = \"says acme\"", 4);
  EXPECT_EQ(run(w).code, 0);
}

TEST_F(AModelJudges, JudgesThatAgreeGoOnToTest) {
  write("", 9, "crosscheck 5 rows using opinion { model = \"other-1\" }");
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
  expect_contains(
      outcome.err,
      "crosscheck: `new`: the same direction on 5 of 5 rows, which takes 4 (a coin has them with a chance "
      "of 18.8%, a judge that agrees on 9 of 10 rows misses them with 8.1%)");
  auto const line = audit("cross-judge");
  EXPECT_EQ(line.at("answer"), "yes");
  expect_contains(
      line.at("evidence"),
      "`new`: `opinion` has the direction of `opinion` on 5 of 5 dev rows, 4 were asked for, kappa 1.00");
}

TEST_F(AModelJudges, WhereHardlyARowHasADirectionNothingCanBeShown) {
  write("", 6, "crosscheck 20 rows using opinion { model = \"other-1\" }");
  auto const outcome = run(w);
  EXPECT_NE(outcome.code, 50) << outcome.err;
  expect_contains(outcome.err, "`new`: not assessed, 0 dev rows have a direction and it takes 5");
  EXPECT_EQ(audit("cross-judge").at("answer"), "cannot be shown");
}

// The answers of the dev pass are in the journal: a later process gives the second judge the same ones.
TEST_F(AModelJudges, ASecondJudgeThatWasAwayIsAskedByTheNextRun) {
  auto const second = std::string("crosscheck 20 rows using opinion { model = \"other-1\" }");
  write("", 9, second);
  ::setenv("OPINION_AWAY", "other-1", 1);
  auto const away = run(w);
  ::unsetenv("OPINION_AWAY");
  EXPECT_EQ(away.code, 1) << away.err;
  expect_contains(away.err, "the second judge `opinion` could not be reached: nobody is there");
  EXPECT_EQ(entries(w, "dev_pass").size(), 1U);
  EXPECT_TRUE(entries(w, "crosscheck").empty());
  auto const resumed = run(w);
  EXPECT_EQ(resumed.code, 0) << resumed.err;
  auto const body = entries(w, "crosscheck").at(0).at("body");

  Workspace other;
  for (auto const* file : {"rows.csv", "old.jsonl", "new.jsonl", "x.itera", "team/judge_opinion.so"}) {
    std::filesystem::create_directories(other.at(file).parent_path());
    std::filesystem::copy_file(w.at(file), other.at(file));
  }
  EXPECT_EQ(run(other).code, 0);
  EXPECT_EQ(entries(other, "crosscheck").at(0).at("body"), body);
}

}  // namespace
}  // namespace itera::test
