// Stories in which a plausible candidate must not ship. Each is built so that it would, but for the one rule.
#include <array>
#include <cmath>
#include <map>

#include <gtest/gtest.h>

#include "tests/support/experiment.hpp"

namespace itera::test {
namespace {

// 400 rows of test, 280 of tier `ent` and 120 of `smb`. Six points more in all, eight points less on a major
// slice.
class AMajorSliceLoses : public ::testing::Test {
 protected:
  static std::vector<Placed> rows() { return placed(make_rows(2000)); }
  static bool old_right(Placed const& row) { return row.nth * 10 < row.of * 6; }
  // On test 34 of 280 more and 10 of 120 less: +24 of 400.
  static bool new_right(Placed const& row) {
    auto const right = row.of * 6 / 10;
    return row.row.tier == "ent" ? row.nth < right + row.of * 34 / 280 : row.nth < right - row.of * 10 / 120;
  }

  void expect_story(Json const& evidence) {
    auto const& effects = evidence.at("effect_sizes").at("new");
    EXPECT_NEAR(effects.at("aggregate").at("delta").get<double>(), .06, 1e-12);
    EXPECT_NEAR(effects.at("per_slice").at("tier=smb").at("delta").get<double>(), -10.0 / 120, 1e-12);
    EXPECT_EQ(effects.at("per_slice").at("tier=smb").at("status"), "fail");
    for (auto const* id : {"C0", "C1", "C2", "C3"})
      EXPECT_EQ(check_of(evidence, "new", id).at("status"), "pass") << id;
  }

  Workspace w;
  Spec spec;
};

TEST_F(AMajorSliceLoses, ItShipsWhereItWonIfThatCarriesTheDecisionAlone) {
  write_recorded(w, rows(), old_right, new_right);
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 10) << outcome.out;
  expect_story(data(w));
  auto const evidence = data(w);
  EXPECT_EQ(evidence.at("verdict").at("decided_by"), "C4");
  EXPECT_EQ(evidence.at("arm_verdicts").at("new").at("ships_for"), Json({"tier=ent"}));
  EXPECT_EQ(evidence.at("arm_verdicts").at("new").at("not_for"), Json({"tier=smb"}));
}

// What is left without the losing slice gains less than the rule demands, so there is nothing to ship for.
TEST_F(AMajorSliceLoses, ItIsKilledIfWhatIsLeftDoesNotCarryTheDecision) {
  spec.row = "key id  input text  expected answer  slice tier, half";
  spec.rule = "effect >= 5pp\n        and every half >= -2pp";
  auto const half_of = [](Row const& row) { return std::string(row.key[4] < '5' ? "low" : "high"); };
  auto table = std::string("id,text,tier,answer,half\n");
  auto const plain = make_rows(2000);
  for (auto const& row : plain)
    table += row.key + "," + row.text + "," + row.tier + "," + row.answer + "," + half_of(row) + "\n";
  w.write("rows.csv", table);
  // `low` gains much, `high` loses: with `low` named by the rule as well, both fail and nothing is left.
  spec.rule = "effect >= 5pp\n        and half=high >= -2pp\n        and half=low >= +60pp";
  w.write("old.jsonl",
          recording(plain, 3, [](Row const& r, auto) { return r.key[3] < '6' ? r.answer : "wrong"; }));
  w.write("new.jsonl", recording(plain, 3, [&](Row const& r, auto) {
            return half_of(r) == "low" ? (r.key[3] < '9' ? r.answer : "wrong")
                                       : (r.key[3] < '5' ? r.answer : "wrong");
          }));
  w.write("x.itera", spec.text());
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 20) << outcome.out << outcome.err;
  auto const evidence = data(w);
  EXPECT_EQ(evidence.at("verdict").at("decided_by"), "C4");
  for (auto const* id : {"C1", "C2", "C3"})
    EXPECT_EQ(check_of(evidence, "new", id).at("status"), "pass") << id;
}

// Five trials of an arm that is right on 84% of the rows in the mean, once on 91%; the baseline is always at
// 84%.
TEST(BestOfFive, TheMeanDecidesNotTheBestTrial) {
  auto const rows = placed(make_rows(500));
  std::map<std::string, std::size_t> nth;
  std::map<std::string, std::size_t> next;
  std::map<std::string, std::string> part;
  for (auto const& row : rows) {
    nth[row.row.key] = next[row.part]++;
    part[row.row.key] = row.part;
  }
  // Right on the first so many of each hundred: within a trial the baseline's right rows are the arm's too,
  // if it has more.
  auto const right = [&](std::array<std::size_t, 5> percent) {
    return recording(make_rows(500), 5, [&, percent](Row const& row, unsigned trial) {
      return nth.at(row.key) % 100 < percent[trial] ? row.answer : std::string("wrong");
    });
  };
  Workspace w;
  Spec spec;
  spec.baseline = R"(using recorded { ref "rules.py:1"  path = "old.jsonl" })";
  spec.arms = R"(arm new from old "more words" { path = "new.jsonl" })";
  spec.clauses += "\n  trials 5";
  spec.rule = "effect >= 5pp";
  w.write("rows.csv", csv(make_rows(500)));
  w.write("old.jsonl", right({84, 84, 84, 84, 84}));
  w.write("new.jsonl", right({82, 91, 81, 82, 84}));
  w.write("x.itera", spec.text());
  auto const outcome = run(w);
  ASSERT_TRUE(w.has("exp/data.json")) << outcome.err;
  auto const evidence = data(w);
  ASSERT_EQ(evidence.at("experiment").at("test_set_n"), 100);
  EXPECT_EQ(evidence.at("variance_trials").at("new"), Json({.82, .91, .81, .82, .84}))
      << "every trial is shown";
  EXPECT_NEAR(evidence.at("test_set_aggregate").at("new").get<double>(), .84, 1e-9);
  EXPECT_NEAR(evidence.at("effect_sizes").at("new").at("aggregate").at("delta").get<double>(), 0, 1e-9);
  EXPECT_NEAR(evidence.at("test_set_per_slice").at("old").at("tier=ent").get<double>(), .84, .05);
  EXPECT_EQ(check_of(evidence, "new", "C1").at("status"), "fail");
  EXPECT_EQ(outcome.code, 20) << "the whole interval lies below the threshold:\n" << outcome.out;
  EXPECT_GT(evidence.at("arm_verdicts").at("new").at("s_noise").get<double>(), .02);
}

void expect_contains(std::string const& text, std::string const& part) {
  EXPECT_NE(text.find(part), std::string::npos) << "`" << part << "` is not in:\n" << text;
}

// data.json alone leads to the same verdict.
void expect_the_same_again(Workspace const& w, int code) {
  auto const again = w.itera({"verdict", "--data", "exp/data.json"});
  EXPECT_EQ(again.code, code) << again.out << again.err;
  expect_contains(again.out, "decided again it is the same\n");
}

// Fifty test rows, on which the arm is right 2.7 rows more often in the mean of three trials, while one
// trial of either differs from the next by two rows or more.
TEST(AGainWithinTheNoise, IsNoGainOnFiftyRows) {
  auto const rows = placed(make_rows(250));
  std::map<std::string, std::size_t> nth, next;
  for (auto const& row : rows) nth[row.row.key] = next[row.part]++;
  ASSERT_EQ(next["test"], 50U);
  auto const right = [&](std::array<std::size_t, 3> counts) {
    return recording(make_rows(250), 3, [&, counts](Row const& row, unsigned trial) {
      return nth.at(row.key) % 50 < counts[trial] ? row.answer : std::string("wrong");
    });
  };
  Workspace w;
  Spec spec;
  spec.baseline = R"(using recorded { ref "rules.py:1"  path = "old.jsonl" })";
  spec.arms = R"(arm new from old "more words" { path = "new.jsonl" })";
  spec.rule = "effect >= 5pp";
  w.write("rows.csv", csv(make_rows(250)));
  w.write("old.jsonl", right({28, 30, 32}));
  w.write("new.jsonl", right({31, 32, 35}));
  w.write("x.itera", spec.text());
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 30) << outcome.out << outcome.err;
  auto const evidence = data(w);
  EXPECT_NEAR(evidence.at("effect_sizes").at("new").at("aggregate").at("delta").get<double>(), 8.0 / 150,
              1e-9);
  EXPECT_GE(evidence.at("arm_verdicts").at("new").at("s_noise").get<double>(), .04);
  EXPECT_EQ(check_of(evidence, "new", "C1").at("status"), "pass");
  EXPECT_EQ(check_of(evidence, "new", "C2").at("status"), "fail");
  EXPECT_EQ(evidence.at("verdict").at("decided_by"), "C2");
  EXPECT_EQ(evidence.at("verdict").at("winner"), nullptr);
  expect_the_same_again(w, 30);
}

// The rubric says which answers are as good as the expected one. After the scores are known, a line is added
// that makes the arm's failures right.
class ARubricRewrittenAfterTheScores : public ::testing::Test {
 protected:
  void SetUp() override {
    spec.uses = "use rubric from \"team/judge_rubric.so\"";
    spec.metric = "helpful using rubric { rubric = file(\"rubric.txt\") }";
    std::filesystem::create_directories(w.at("team"));
    std::filesystem::copy_file(ITERA_RUBRIC_JUDGE, w.at("team/judge_rubric.so"));
    w.write("rubric.txt", "n/a\n");
    write_recorded(
        w, unplaced(make_rows(300)), [](auto const& r) { return r.nth % 10 < 6; },
        [](auto const& r) { return r.nth % 10 < 7; }, spec);
    ASSERT_EQ(run(w, {"--until", "dev"}).code, 0);
  }

  // Refused by name, and nothing is written.
  void expect_refused(std::string const& change) {
    auto const ledger = w.read("exp/ledger.jsonl"), plan = w.read("exp/plan.json");
    auto const outcome = run(w);
    EXPECT_EQ(outcome.code, 50) << outcome.out << outcome.err;
    EXPECT_EQ(outcome.out, "");
    expect_contains(outcome.err, "stopped: experiment `router` is registered");
    expect_contains(outcome.err, change);
    expect_contains(outcome.err, "start a new experiment under a new name with fresh test rows");
    EXPECT_EQ(w.read("exp/ledger.jsonl"), ledger);
    EXPECT_EQ(w.read("exp/plan.json"), plan);
    EXPECT_FALSE(w.has("exp/data.json"));
  }

  Workspace w;
  Spec spec;
};

TEST_F(ARubricRewrittenAfterTheScores, IsRefusedByItsName) {
  w.write("rubric.txt", "n/a\nwrong\n");
  expect_refused("/metric/judge/files/rubric.txt: ");
  w.write("rubric.txt", "n/a\n");
  EXPECT_NE(run(w).code, 50) << "put back, it goes on";
}

TEST_F(ARubricRewrittenAfterTheScores, AnotherMetricOrJudgeIsRefusedAsWell) {
  w.edit("x.itera", "metric helpful", "metric pleasant");
  expect_refused(R"(/metric/name: "helpful" -> "pleasant")");
  w.edit("x.itera", "metric pleasant using rubric { rubric = file(\"rubric.txt\") }",
         "metric helpful using exact");
  expect_refused("/metric/judge/plugin: ");
}

// The rubric does what the story says: with it rewritten from the start the arm's failures would be right.
TEST_F(ARubricRewrittenAfterTheScores, ItWouldHaveChangedTheScores) {
  auto const scores = [&](std::string const& folder) {
    double sum = 0;
    for (auto const& line : json_lines(w.read(folder + "/rows.jsonl"))) sum += line.at("score").get<double>();
    return sum;
  };
  w.write("rubric.txt", "n/a\nwrong\n");
  w.edit("x.itera", "experiment router", "experiment other");
  ASSERT_EQ(w.itera({"run", "x.itera", "--out", "other", "--until", "dev"}).code, 0);
  EXPECT_GT(scores("other"), 1.3 * scores("exp"));
}

// Two arms are right on the same rows. One is silent where the other answers wrongly, and silence is the most
// severe failure.
TEST(TwoArmsTie, TheOneWhoseErrorsBecomeMoreSevereIsKilled) {
  auto const rows = placed(make_rows(600));
  Workspace w;
  Spec spec;
  spec.uses = "use prefix from \"team/judge_prefix.so\"";
  spec.metric = "start using prefix { length = 1 }";
  spec.arms +=
      "\n  arm silent from old \"says nothing when unsure\" { deterministic  path = \"silent.jsonl\" }";
  spec.clauses =
      "failure wrong_start  weight 1  \"begins with another letter\"\n"
      "  failure empty  weight 3  \"says nothing\"";
  std::filesystem::create_directories(w.at("team"));
  std::filesystem::copy_file(ITERA_TEAM_JUDGE, w.at("team/judge_prefix.so"));
  auto const better = [](auto const& r) { return among_first(r, .8); };
  write_recorded(
      w, rows, [](auto const& r) { return among_first(r, .6); }, better, spec);
  std::map<std::string, Placed const*> by_key;
  for (auto const& row : rows) by_key[row.row.key] = &row;
  w.write("silent.jsonl", recording(make_rows(600), 3, [&](Row const& row, unsigned) {
            auto const& r = *by_key.at(row.key);
            return better(r) ? row.answer : r.part == "test" ? std::string() : std::string("wrong");
          }));
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
  auto const evidence = data(w);
  auto const& effects = evidence.at("effect_sizes");
  EXPECT_EQ(effects.at("new").at("aggregate"), effects.at("silent").at("aggregate")) << "a tie";
  EXPECT_EQ(check_of(evidence, "new", "C5").at("status"), "pass");
  EXPECT_EQ(check_of(evidence, "silent", "C5").at("status"), "fail");
  for (auto const* id : {"C0", "C1", "C2", "C3", "C4"})
    EXPECT_EQ(check_of(evidence, "silent", id).at("status"), "pass") << id;
  EXPECT_EQ(evidence.at("verdict").at("winner"), "new");
  EXPECT_EQ(evidence.at("verdict").at("killed"), Json({"silent"}));
  expect_contains(outcome.out, "`silent` is killed: +20.0pp");
  expect_contains(outcome.out, "empty does not rise fails (0 -> 24 of 120 rows, exact p of a rise 6e-08)");
  expect_the_same_again(w, 0);
}

}  // namespace
}  // namespace itera::test
