// How each outcome is said, and its exit code. The closing lines are part of the contract: people read them
// in a terminal, reviewers quote them, scripts find them in a log.
#include <gtest/gtest.h>

#include "tests/support/experiment.hpp"

namespace itera::test {
namespace {

bool six_tenths(Placed const& row) {
  return among_first(row, .6);
}

// The same verdict from the numbers of data.json alone, which do not contradict each other.
void expect_the_same_again(Workspace const& w, int code) {
  auto const again = w.itera({"verdict", "--data", "exp/data.json"});
  EXPECT_EQ(again.code, code) << again.out << again.err;
  EXPECT_EQ(again.err, "");
  EXPECT_NE(again.out.find("decided again it is the same\n"), std::string::npos) << again.out;
  EXPECT_NE(again.out.find("lint        the file agrees with itself\n"), std::string::npos) << again.out;
  EXPECT_EQ(again.out.find("not assessed"), std::string::npos) << again.out;
}

TEST(Verdicts, Ship) {
  Workspace w;
  write_recorded(w, placed(make_rows(600)), six_tenths, [](auto const& r) { return among_first(r, .75); });
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(
      outcome.out,
      R"(verdict     ship. `new` ships: +15.0pp [+8.0pp, +21.5pp] on 120 rows on accuracy, and every clause of the rule holds.
decided by  every clause; effect on accuracy >= 5pp holds (+15.0pp [+8.0pp, +21.5pp] on 120 rows)
not shown   nothing that the rule asks for
next        replace `old` (rules.py:1) with `new`
open        exp/conclusion.md
)");
  expect_the_same_again(w, 0);
}

TEST(Verdicts, ShipNarrowly) {
  Workspace w;
  write_recorded(w, placed(make_rows(600)), six_tenths,
                 [](auto const& r) { return among_first(r, r.row.tier == "ent" ? .8 : .5); });
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 10) << outcome.err;
  EXPECT_EQ(
      outcome.out,
      R"(verdict     ship narrowly. `new` ships narrowly, for tier=ent only (not for tier=smb): +10.8pp [+3.1pp, +18.2pp] on 120 rows on accuracy over all rows.
decided by  C4 tier=smb >= -2pp by point fails (-11.1pp [-23.1pp, +2.1pp] on 36 rows)
not shown   nothing that the rule asks for
next        use `new` for tier=ent and keep `old` elsewhere
open        exp/conclusion.md
)");
  expect_the_same_again(w, 10);
}

TEST(Verdicts, Kill) {
  Workspace w;
  write_recorded(w, placed(make_rows(600)), six_tenths, [](auto const& r) { return among_first(r, .5); });
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 20) << outcome.err;
  EXPECT_EQ(
      outcome.out,
      R"(verdict     kill. `new` is killed: -10.0pp [-15.6pp, -4.0pp] on 120 rows on accuracy; it is worse than the baseline, the whole interval lies below zero.
decided by  C3 evidence: it is worse than the baseline, the whole interval lies below zero (-10.0pp [-15.6pp, -4.0pp] on 120 rows)
not shown   nothing that the rule asks for
next        keep `old` (rules.py:1); a new idea is a new experiment with fresh test rows
open        exp/conclusion.md
)");
  expect_the_same_again(w, 20);
}

// The arms differ on half of the rows, so 120 of them cannot show a gain of ten points. What is missing is
// said in rows, and what these could have shown in points.
TEST(Verdicts, Inconclusive) {
  Workspace w;
  write_recorded(
      w, placed(make_rows(600)), [](auto const& r) { return r.nth % 10 < 6; },
      [](auto const& r) { return r.nth % 10 < 4 || (r.nth % 10 >= 6 && r.nth % 10 < 9); });
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 30) << outcome.err;
  EXPECT_EQ(
      outcome.out,
      R"(verdict     inconclusive. `new` is inconclusive: +7.5pp [-5.0pp, +19.8pp] on 120 rows on accuracy; evidence, one-sided p <= 0.025 is not shown (p 0.12 (exact sign-flip 0.14, unadjusted; Tango [-4.9pp, +19.7pp]); on these rows +17.6pp or more could have been shown).
decided by  C3 evidence, one-sided p <= 0.025 is not shown (p 0.12 (exact sign-flip 0.14, unadjusted; Tango [-4.9pp, +19.7pp]); on these rows +17.6pp or more could have been shown)
not shown   whether there is a gain of 5pp: to show one takes about 1487 test rows, this test had 120 and could show +17.6pp
next        keep `old`; to decide, frame a new experiment with about 1487 test rows
open        exp/conclusion.md
)");
  expect_the_same_again(w, 30);
  auto const verdict = data(w).at("arm_verdicts").at("new");
  EXPECT_GT(verdict.at("rows_needed"), 120);
  EXPECT_GT(verdict.at("detectable"), 0.05);
}

// Outputs of 6 of 120 test rows are not there: 5%, where 2% may be missing.
TEST(Verdicts, Invalid) {
  Workspace w;
  auto const rows = placed(make_rows(600));
  write_recorded(w, rows, six_tenths, [](auto const& r) { return among_first(r, .75); });
  std::string kept;
  std::size_t lost = 0;
  for (auto const& line : json_lines(w.read("new.jsonl"))) {
    auto const row =
        std::find_if(rows.begin(), rows.end(), [&](auto const& r) { return r.row.key == line["key"]; });
    if (row->part == "test" && lost < 6)
      ++lost;
    else
      kept += line.dump() + "\n";
  }
  w.write("new.jsonl", kept);
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 40) << outcome.err;
  EXPECT_EQ(
      outcome.out,
      R"(verdict     invalid. The experiment is invalid: 6 of 120 test rows have no score for `new` (0 judge errors, 6 missing cells); at most 2% may; rows without a score are not spread alike over `old` and `new` (p 0.031).
decided by  C0 the experiment kept its own rules fails (6 of 120 test rows have no score for `new` (0 judge errors, 6 missing cells); at most 2% may; rows without a score are not spread alike over `old` and `new` (p 0.031))
not shown   anything about the question: the experiment is invalid
next        mend what is named above and start a new experiment with fresh test rows
open        exp/conclusion.md
)");
  expect_the_same_again(w, 40);
  EXPECT_EQ(data(w).at("endings").at("new").at("missing"), 6);
}

// One row in sixty may be missing: it leaves both arms, and the verdict stands.
TEST(Verdicts, OneMissingRowOfTestIsReportedAndNoReasonToStop) {
  Workspace w;
  auto const rows = placed(make_rows(600));
  write_recorded(w, rows, six_tenths, [](auto const& r) { return among_first(r, .75); });
  std::string kept;
  for (auto const& line : json_lines(w.read("new.jsonl")))
    if (line["key"] !=
        std::find_if(rows.begin(), rows.end(), [](auto const& r) { return r.part == "test"; })->row.key)
      kept += line.dump() + "\n";
  w.write("new.jsonl", kept);
  EXPECT_EQ(run(w).code, 0);
  auto const aggregate = data(w).at("effect_sizes").at("new").at("aggregate");
  EXPECT_EQ(aggregate.at("n"), 119);
  EXPECT_EQ(aggregate.at("excluded"), 1);
  expect_the_same_again(w, 0);
}

TEST(Verdicts, StoppedByARuleOfTheMethod) {
  Workspace w;
  write_recorded(w, placed(make_rows(600)), six_tenths, six_tenths);
  w.write("new.jsonl", recording(make_rows(600), 3, [](auto const&, auto) { return "TODO"; }));
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 50);
  EXPECT_EQ(outcome.out, "");
  EXPECT_NE(
      outcome.err.find(
          "stopped: the pilot failed on row `k0000`:\n  `new` output: placeholder text `TODO`\n  = help: "),
      std::string::npos)
      << outcome.err;
}

TEST(Verdicts, TheBestArmSetsTheOutcomeAndTheOthersAreSaidToo) {
  Workspace w;
  Spec spec;
  spec.arms += "\n  arm worse from old \"fewer words\" { deterministic  path = \"worse.jsonl\" }";
  auto const rows = placed(make_rows(600));
  write_recorded(
      w, rows, six_tenths, [](auto const& r) { return among_first(r, .75); }, spec);
  w.write("worse.jsonl", recording(make_rows(600), 3,
                                   [](auto const& r, auto) { return r.key < "k0200" ? r.answer : "wrong"; }));
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  auto const verdict = data(w).at("verdict");
  EXPECT_EQ(verdict.at("winner"), "new");
  EXPECT_EQ(verdict.at("killed"), Json({"worse"}));
  expect_the_same_again(w, 0);
  EXPECT_NE(outcome.out.find("`new` ships: "), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("`worse` is killed: "), std::string::npos) << outcome.out;
}

}  // namespace
}  // namespace itera::test
