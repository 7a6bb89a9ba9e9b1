// A test set that is too small, or blind, is found before anything is paid for it.
#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>

#include <gtest/gtest.h>

#include "tests/support/experiment.hpp"

namespace itera::test {
namespace {

void expect_contains(std::string const& text, std::string const& part) {
  EXPECT_NE(text.find(part), std::string::npos) << "`" << part << "` is not in:\n" << text;
}

bool half(Placed const& row) {
  return row.nth % 10 < 5;
}
bool most(Placed const& row) {
  return row.nth % 10 < 8;
}

class TooSmall : public ::testing::Test {
 protected:
  TooSmall() { spec.accept = ""; }
  Workspace w;
  Spec spec;
};

TEST_F(TooSmall, IsRefusedBeforeTheFrameWhereTheSplitMayStillBeChanged) {
  write_recorded(w, unplaced(make_rows(200)), half, most, spec);
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 50);
  EXPECT_EQ(outcome.err,
            "[frame]\n"
            "stopped: the test is too small: with at most 40 test rows the declared rule ships an arm that "
            "is truly +10pp better, twice the threshold, in 18% of 80 made-up test sets at best, where every "
            "row that differs is a win\n"
            "  = help: a chance of 80% takes at least 78 test rows, 390 rows in all with this split; `split "
            "{ train 20%  dev 40%  test 40% }` does with the 200 rows there are; or say why it is worth it: "
            "accept underpowered \"why\"\n");
  EXPECT_FALSE(w.has("exp/ledger.jsonl")) << "nothing is locked";

  w.edit("x.itera", "split { seed", "split { train 20%  dev 30%  test 50%  seed");
  auto const mended = run(w, {"--until", "source"});
  EXPECT_EQ(mended.code, 0) << mended.err;
  EXPECT_EQ(entries(w, "split").front()["body"]["parts"]["test"], 100);
}

// 600 rows, of which duplicates leave a hundred: what a count of rows could not tell.
TEST_F(TooSmall, IsRefusedOnceTheSplitIsKnownAndTheSpecMayStillAcceptIt) {
  auto rows = make_rows(600);
  for (std::size_t i = 100; i < rows.size(); ++i) {
    rows[i].text = rows[i % 100].text;
    rows[i].tier = rows[i % 100].tier;
    rows[i].answer = rows[i % 100].answer;
  }
  write_recorded(w, unplaced(rows), half, most, spec);
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 50);
  EXPECT_EQ(outcome.err,
            "[frame]\n"
            "[source]\n"
            "  100 rows: train 30, dev 50, test 20 (sealed)\n"
            "stopped: the test is too small: with 20 test rows the declared rule ships an arm that is truly "
            "+10pp better, twice the threshold, in 0% of 20 made-up test sets at best, where every row that "
            "differs is a win\n"
            "  = help: a chance of 80% takes at least 77 test rows, 385 rows in all with this split; or say "
            "why it is worth it: accept underpowered \"why\"\n");
  EXPECT_EQ(kinds(w), (std::vector<std::string>{"framed", "split", "sealed"})) << "before the pilot";

  w.edit("x.itera", "ship when", "accept underpowered \"no more rows this year\"\n  ship when");
  auto const accepted = run(w);
  EXPECT_TRUE(w.has("exp/data.json")) << accepted.err;
  expect_contains(accepted.err, "accepted: no more rows this year");
  auto const size = entries(w, "registered").front()["body"]["size"];
  EXPECT_EQ(size["accepted"], "no more rows this year");
  EXPECT_EQ(size["test_rows"], 20);
  EXPECT_EQ(size["best_case"]["ships"], 0);
  EXPECT_EQ(entries(w, "amended").front()["body"]["changes"].size(), 1U);
  expect_contains(w.read("exp/conclusion.md"), "accepted as underpowered: \"no more rows this year\"");
}

TEST_F(TooSmall, PlanSaysSoBeforeAndWhatDevShowedAfterwards) {
  write_recorded(w, unplaced(make_rows(200)), half, most, spec);
  expect_contains(
      w.itera({"plan", "x.itera"}).out,
      "  too small: at best, where every row that differs is a win, an arm of twice the threshold ships in "
      "18% of 80 made-up test sets;\n    80% takes 78 test rows; `run` refuses it\n");
  w.edit("x.itera", "ship when", "accept underpowered \"why\"\n  ship when");
  EXPECT_EQ(run(w, {"--until", "dev"}).code, 0);
  auto const plan = w.itera({"plan", "x.itera"}).out;
  expect_contains(
      plan,
      "by its true effect and the share of rows that truly differ, what dev showed (middle, and 90% "
      "sure not to be more);\n");
  expect_contains(plan, "; accepted as underpowered\n");
  expect_contains(plan, " at what dev cost a row\n");
  auto const outlook = Json::parse(w.itera({"plan", "x.itera", "--format", "json"}).out).at("outlook");
  EXPECT_EQ(outlook.at("discordance_from"), "dev");
  EXPECT_EQ(outlook.at("discordance").size(), 2U);
  EXPECT_EQ(outlook.at("assumed").at("noisy"), 0) << "recorded arms repeat themselves";
  EXPECT_NEAR(outlook.at("cost_per_test_row_usd").get<double>(), .001, 1e-9);
  EXPECT_EQ(outlook.at("best_case").at("accepted"), true);
  EXPECT_EQ(outlook.at("effects").size(), 4U);
}

TEST_F(TooSmall, AnAcceptanceThatIsTakenBackIsRefusedAgain) {
  spec.accept = R"(accept underpowered "for now")";
  write_recorded(w, unplaced(make_rows(200)), half, most, spec);
  EXPECT_EQ(run(w, {"--until", "pilot"}).code, 0);
  w.edit("x.itera", R"(accept underpowered "for now")", "");
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 50);
  expect_contains(outcome.err, "the test is too small: with 40 test rows");
  EXPECT_FALSE(w.has("exp/rows.jsonl"));
}

TEST_F(TooSmall, BeyondAllRowsNoSplitHelps) {
  spec.rule = "effect >= 0.1pp";
  write_recorded(w, unplaced(make_rows(200)), half, most, spec);
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 50);
  EXPECT_EQ(outcome.err,
            "[frame]\n"
            "stopped: the test is too small: with at most 40 test rows the declared rule ships an arm that "
            "is truly +0.2pp better, twice the threshold, in 0% of 20 made-up test sets at best, where every "
            "row that differs is a win\n"
            "  = help: a chance of 80% takes at least 3874 test rows, 19370 rows in all with this split; or "
            "say why it is worth it: accept underpowered \"why\"\n");
}

// What docs/sizing.md shows is what the program prints.
class SizingPage : public ::testing::Test {
 protected:
  SizingPage() {
    std::ifstream file(ITERA_SOURCE_DIR "/docs/sizing.md");
    page.assign(std::istreambuf_iterator<char>(file), {});
    spec.accept = "";
    spec.baseline = R"(using recorded { ref "rules.py:1"  path = "old.jsonl" })";
    spec.arms = R"(arm new from old "more words" { path = "new.jsonl" })";
  }
  std::string page;
  Workspace w;
  Spec spec;
};

TEST_F(SizingPage, ShowsAPlanAsItIsPrinted) {
  spec.clauses += "\n  sample 1500 rows\n  traffic { tier ent 70%, smb 30% }";
  write_recorded(w, unplaced(make_rows(60)), half, most, spec);
  auto const outcome = w.itera({"plan", "x.itera"});
  auto const begin = outcome.out.find("what the whole rule would do");
  auto const end = outcome.out.find("\nwhat is locked when");
  ASSERT_NE(begin, std::string::npos) << outcome.out << outcome.err;
  expect_contains(page, "```\n" + outcome.out.substr(begin, end - begin) + "```");
}

TEST_F(SizingPage, ShowsTheRefusalAsItIsPrinted) {
  write_recorded(w, unplaced(make_rows(200)), half, most, spec);
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 50);
  expect_contains(page, "```\n" + outcome.err + "```");
}

// Story 8: all that the new rules mend are rows of a rare tier, and a test set of 120 holds hardly any.
class OnlyRareRowsDiffer : public ::testing::Test {
 protected:
  OnlyRareRowsDiffer() {
    rows = make_rows(600);
    for (std::size_t i = 0; i < rows.size(); i += 60) rows[i].tier = "rare";
    spec.accept = "";
    spec.split = "stratify answer  seed 20260412";
    spec.rule = "effect >= 5pp";
    write_recorded(
        w, unplaced(rows), [](Placed const& r) { return r.row.tier != "rare" && r.nth % 10 < 8; },
        [](Placed const& r) { return r.row.tier == "rare" || r.nth % 10 < 8; }, spec);
  }
  std::vector<Row> rows;
  Workspace w;
  Spec spec;
};

TEST_F(OnlyRareRowsDiffer, TheTestIsBlindAndIsNotOpened) {
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 30) << outcome.out << outcome.err;
  auto const all = kinds(w);
  EXPECT_EQ(std::count(all.begin(), all.end(), "unsealed"), 0);
  EXPECT_EQ(all.back(), "verdict");
  auto const verdict = data(w).at("verdict");
  EXPECT_EQ(verdict.at("outcome"), "inconclusive");
  EXPECT_EQ(verdict.at("decided_by"), "blind");
  EXPECT_EQ(verdict.at("killed"), Json::array());
  EXPECT_EQ(
      outcome.out,
      "verdict     inconclusive. The test is blind, so it was not opened: by what dev shows, its rows on "
      "which an arm differs from `old` would be too few, `new` on about 2.7 (a chance of 8% of 6 or more).\n"
      "decided by  blind: the test could not have shown an effect, and was not opened\n"
      "not shown   anything about the question: too few test rows would differ, which is not that there is "
      "no effect\n"
      "next        frame a new experiment with more rows of the kind on which the arms differ; this test set "
      "was not opened and may be part of it\n"
      "open        exp/conclusion.md\n");
  expect_contains(outcome.err,
                  "`new` will differ from `old` on about 2.7 test rows, and on the 6 that an effect takes "
                  "with a chance of 8%: test is blind to it");
  auto const again = run(w);
  EXPECT_EQ(again.code, 50);
  expect_contains(again.err, "experiment `router` is concluded: its test set was blind, and was not opened");
  expect_contains(w.itera({"plan", "x.itera"}).out,
                  "  concluded: the test was blind and not opened, and nothing runs any more\n");
  expect_contains(w.read("exp/conclusion.md"),
                  "Test was not opened: too few of its rows would have differed to show anything.\n");
  EXPECT_EQ(w.itera({"verdict", "--data", "exp/data.json"}).code, 30);
}

TEST_F(OnlyRareRowsDiffer, OpenedAllTheSameItIsInconclusiveAndNeverNoEffect) {
  w.edit("x.itera", "ship when", "accept underpowered \"we want to see\"\n  ship when");
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 30) << outcome.out << outcome.err;
  EXPECT_TRUE(entries(w, "unsealed").front()["body"].contains("blind"));
  auto const evidence = data(w);
  EXPECT_EQ(evidence.at("verdict").at("decided_by"), "blind");
  EXPECT_LT(evidence.at("effect_sizes").at("new").at("aggregate").at("ci_high").get<double>(), .1);
  expect_contains(evidence.at("verdict").at("summary"), "which does not say that there is none");
}

TEST(Foretold, ATestThatIsWeakIsOpenedWithAWarning) {
  Workspace w;
  Spec spec;
  spec.accept = "";
  spec.split = "stratify answer  seed 20260412";
  spec.rule = "effect >= 5pp";
  auto const rows = placed(make_rows(300), spec);
  std::map<std::string, std::size_t> next;
  std::map<std::string, std::size_t> nth;
  for (auto const& row : rows) nth[row.row.key] = next[row.part]++;
  write_recorded(
      w, rows, [&](Placed const& r) { return nth.at(r.row.key) % 10 < 5; },
      [&](Placed const& r) {
        return nth.at(r.row.key) % 10 < 5 || (r.part == "dev" && nth.at(r.row.key) % 10 == 7);
      },
      spec);
  auto const outcome = run(w);
  EXPECT_TRUE(w.has("exp/data.json")) << outcome.err;
  EXPECT_FALSE(entries(w, "unsealed").empty());
  expect_contains(outcome.err,
                  "`new` will differ from `old` on about 6.7 test rows, and on the 6 that an effect takes "
                  "with a chance of 64%: test is weak\n");
}

TEST(Foretold, ABaselineThatHardlyFailsLeavesNothingToGain) {
  Workspace w;
  Spec spec;
  spec.accept = "";
  spec.rule = "effect >= 5pp";
  write_recorded(
      w, unplaced(make_rows(300)), [](Placed const& r) { return r.nth % 50 != 7; },
      [](Placed const&) { return true; }, spec);
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 30);
  expect_contains(outcome.err,
                  "warning: the baseline fails 1 of 150 dev rows: test will hold about 1.2 failures, and 6 "
                  "or more with a chance of 1%; below 6 no arm can be shown to gain\n");
}

TEST(Foretold, ASliceThatTestLacksIsNamed) {
  Workspace w;
  Spec spec;
  spec.split = "stratify answer  seed 20260412";
  auto rows = make_rows(300);
  rows[4].tier = "odd";
  write_recorded(w, unplaced(rows), half, most, spec);
  auto const outcome = run(w, {"--until", "source"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  expect_contains(outcome.err, "test holds none of the 1 rows of tier=odd: the verdict will be blind to it");
}

}  // namespace
}  // namespace itera::test
