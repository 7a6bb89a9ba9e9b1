// Stories in which a plausible candidate must not ship. Each is built so that it would, but for the one rule.
#include <cmath>

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

}  // namespace
}  // namespace itera::test
