// `itera plan`: what would run, before anything does, and from the locks once they stand.
#include <regex>

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

Json planned(Workspace const& w) {
  auto const outcome = w.itera({"plan", "x.itera", "--format", "json"});
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
  return Json::parse(outcome.out);
}

std::string text(Workspace const& w) {
  auto const outcome = w.itera({"plan", "x.itera"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  return std::regex_replace(outcome.out, std::regex("[0-9a-f]{64}"), "DIGEST");
}

TEST(Plan, ReadsLikeAProtocol) {
  Workspace w;
  Spec spec;
  spec.accept = "";
  spec.clauses += "\n  sample 4000 rows\n  traffic { tier ent 70%, smb 30% }";
  spec.baseline = R"(using process { ref "rules.py:1"  command = ["python3", "old.py"] })";
  spec.arms = R"(arm new from old "more words" { deterministic  command = ["python3", "new.py"] })";
  w.write("rows.csv", csv(make_rows(60)));
  w.write("x.itera", spec.text());
  EXPECT_EQ(text(w), R"(experiment router
  Do the new rules sort better?
not begun: nothing is locked

rows from csv 1.0.0 (production)
  `sample 4000 rows`; duplicates and caps may leave fewer
                 train         dev       test
  share            30%         50%        20%
  rows      about 1200  about 2000  about 800
  tier=ent         840        1400        560
  tier=smb         360         600        240
  slices: expected, from `traffic`
  stratified by tier, answer; seed 20260412

arms
  old  process 1.0.0, baseline, rules.py:1
  new  process 1.0.0, from old, changes program: more words (declared deterministic, verified on dev first)
metric accuracy by exact 1.0.0
failure wrong weight 1: another answer
traffic tier: ent 70%, smb 30%

answers asked for, about; one that is lost is asked for again, three times in all
            trials  pilot  determinism   dev  test  in all  judged
  old            3      1            0  6000  2400    8401    8401
  new            1      1           60  2000   800    2861    2801
  all arms                                           11262   11202

ship when
  C0  the experiment kept its own rules: plan unchanged, test opened once, pilot and audit passed, at most 2% of rows without a score  (always applies)
  C1  effect on accuracy >= 5pp
  C2  effect >= 2 x the noise floor of the test pass  (always applies)
  C3  evidence: one-sided p <= 0.025  (always applies)
  C4  every major tier >= -2pp by point
  C5  wrong (the most severe category) does not rise  (always applies)
  C6  severity-weighted effect: n/a, no severity field is registered  (always applies)
  C7  cost and latency guards: n/a, none is registered: both are measured, neither decides  (always applies)

what the test can show: the least effect (two-sided 5%, 80% power), by the share of rows on which baseline
and arm differ; none: not even if every one of them is a win
                rows      5%     10%     20%     30%
  test           800  +2.2pp  +3.1pp  +4.4pp  +5.4pp
  tier=ent       560  +2.6pp  +3.7pp  +5.3pp  +6.5pp
  tier=smb       240  +4.0pp  +5.7pp  +8.0pp  +9.9pp
  rows for 5pp          none     312     626     940
  rule of thumb beside it: about 80 rows in all for a threshold of 5pp or more

what the whole rule would do, by simulation
  how often the arm ships, by its true effect and the share of rows that truly differ, assumed;
  the line of +0.0pp is the risk of shipping for nothing; -: so few rows that differ cannot make it up
  true effect                5%   10%   20%   30%
  +0.0pp                   0.0%  0.0%  0.0%  1.3%
  +5.0pp                    48%   59%   51%   53%
  +7.5pp                      -   93%   97%   92%
  +10.0pp                     -  100%  100%  100%
  rows for 80% at +10.0pp     -    85   173   269
  clause by clause for an arm that truly gains +10.0pp (10% of rows differ):
    C1  effect on accuracy >= 5pp       100%
    C2  effect >= 2 x noise floor       100%
    C3  evidence, one-sided p <= 0.025  100%
    C4  tier=ent >= -2pp by point       100%
    C4  tier=smb >= -2pp by point       100%
    C5  wrong does not rise             100%
  made up: 75 to 375 test sets a figure, scores of 0 and 1; 10% of rows waver between trials; of the others the
    baseline passes 65%, or less where a gain needs it
  a floor of -2pp by interval takes 1963 test rows of a slice that gains nothing, 161 of one that gains 5pp (10% of rows differ)

what is locked when
  framed, before any row is read
    name, question, hypothesis, origin, metric with its judge, failure categories, ship rule,
    trials, split policy, seed
    digest DIGEST
  sealed, when the rows are split; opened once, after dev
    test rows
  registered, after the pilot, before the first dev score
    source, row mapping, sample, traffic, arms
    digest DIGEST
)");
  EXPECT_FALSE(w.has("docs")) << "a plan runs nothing and writes nothing";
}

TEST(Plan, WithoutASampleTheRowsOfTheSourceAreCounted) {
  Workspace w;
  Spec spec;
  write_recorded(w, unplaced(make_rows(200)), half, most, spec);
  auto const json = planned(w);
  EXPECT_EQ(json["rows_from"], "source");
  EXPECT_EQ(json["source_rows"], 200);
  EXPECT_EQ(json["rows"], Json({{"train", 60}, {"dev", 100}, {"test", 40}}));
  expect_contains(text(w),
                  "of 200 in the source, counted without their contents; duplicates and caps take some away");
  expect_contains(text(w), "rows by slice are known once the split is locked: `itera run --until source`");

  w.write("rows.csv", "id,text,tier,answer\n1,a,b,c\n2,a\n");
  EXPECT_EQ(planned(w)["rows_from"], nullptr);
  EXPECT_EQ(planned(w)["answers"], nullptr);
  expect_contains(text(w), "as many as the source gives, which cannot be told here: source `csv`:");
  expect_contains(text(w), "the row has 2 cells, the header has 4");
  expect_contains(text(w), "trials  pilot  determinism      dev     test  in all  judged");
  expect_contains(text(w), "1 a row  1 a row       ?       ?");
  w.remove("rows.csv");
  expect_contains(text(w), "which cannot be told here: ");
}

// What the ledger locked, cell by cell.
TEST(Plan, OnceTheSplitIsLockedItsCountsAreShown) {
  Workspace w;
  write_recorded(w, unplaced(make_rows(400)), half, most);
  EXPECT_EQ(planned(w)["standing"], nullptr);
  EXPECT_EQ(run(w, {"--until", "frame"}).code, 0);
  EXPECT_EQ(planned(w)["rows_from"], "source");
  expect_contains(text(w), "  frame is done, source is next\n");
  EXPECT_EQ(run(w, {"--until", "source"}).code, 0);

  auto const json = planned(w);
  EXPECT_EQ(json["standing"]["done"], "source");
  EXPECT_EQ(json["standing"]["next"], "pilot");
  EXPECT_EQ(json["standing"]["folder"], w.at("exp").string());
  auto const split = entries(w, "split").front()["body"];
  EXPECT_EQ(json["rows"], split["parts"]);
  EXPECT_EQ(json["rows_from"], "split");
  EXPECT_EQ(json["slices_from"], "split");
  auto const tier = split["audit"]["dimensions"][0];
  ASSERT_EQ(tier["column"], "tier");
  ASSERT_EQ(json["slices"].size(), 2U);
  for (std::size_t i = 0; i < 2; ++i)
    for (auto const* key : {"value", "train", "dev", "test"})
      EXPECT_EQ(json["slices"][i][key], tier["cells"][i][key]) << key;
  EXPECT_EQ(json["slices"][0]["test"].get<int>() + json["slices"][1]["test"].get<int>(),
            json["rows"]["test"]);
  EXPECT_EQ(json["calls"][0]["dev"], json["rows"]["dev"]) << "recorded outputs are deterministic: one trial";
  EXPECT_EQ(json["locks"][0]["entry"], 1);
  EXPECT_EQ(json["locks"][1]["entry"], 3);
  EXPECT_EQ(json["locks"][2]["entry"], nullptr);
  EXPECT_EQ(json["locks"][0]["digest"], entries(w, "framed").front()["body"]["frame_digest"]);
  auto const human = text(w);
  expect_contains(human, "  as the locked split has them\n");
  expect_contains(human, "stands in " + w.at("exp").string() + "\n  source is done, pilot is next\n");
  expect_contains(human, "  framed, before any row is read: done, ledger entry 1\n");
  EXPECT_EQ(human.find("tok0"), std::string::npos) << "no row's text";

  EXPECT_EQ(run(w, {"--until", "dev"}).code, 0);
  expect_contains(text(w), "  dev is done, test is next; registered: nothing moves any more\n");
  EXPECT_EQ(planned(w)["locks"][2]["digest"], entries(w, "registered").front()["body"]["plan_digest"]);
  EXPECT_EQ(run(w).code, 0);
  expect_contains(text(w), "  concluded: the test was opened, and nothing runs any more\n");
  EXPECT_EQ(planned(w)["standing"]["next"], nullptr);
}

TEST(Plan, WhatMovedSinceTheLockIsTold) {
  Workspace w;
  Spec spec;
  write_recorded(w, unplaced(make_rows(200)), half, most, spec);
  EXPECT_EQ(run(w, {"--until", "source"}).code, 0);

  w.edit("x.itera", "\"more words\"", "\"even more words\"");
  expect_contains(text(w),
                  "moved since the lock, which `run` records as an amendment and shows in the conclusion:\n"
                  "    /arms/1/summary: \"more words\" -> \"even more words\"\n");
  EXPECT_EQ(planned(w)["rows_from"], "split") << "other words ask for no other rows";
  EXPECT_EQ(planned(w)["standing"]["moved"]["registration"].size(), 1U);

  w.edit("x.itera", "slice tier", "");
  w.edit("x.itera", "and every tier >= -2pp", "");
  auto const json = planned(w);
  EXPECT_EQ(json["rows_from"], "source") << "the locked split is not that of this spec";
  EXPECT_FALSE(json["standing"]["moved"]["frame"].empty());
  expect_contains(text(w), "moved since the lock, so `run` refuses:\n");
  EXPECT_EQ(run(w).code, 50);
}

// An amendment that asks for other rows: the counts of the old split are not those of the next.
TEST(Plan, ASplitThatAnAmendmentUndidIsNotShown) {
  Workspace w;
  write_recorded(w, unplaced(make_rows(200)), half, most);
  EXPECT_EQ(run(w, {"--until", "source"}).code, 0);
  w.edit("x.itera", "seed 20260412 }", "seed 20260412 }\n  sample 150 rows");
  EXPECT_EQ(planned(w)["rows"]["dev"], 75);
  EXPECT_EQ(run(w, {"--until", "frame"}).code, 0);
  EXPECT_EQ(planned(w)["rows_from"], "sample");
  EXPECT_EQ(planned(w)["standing"]["done"], "frame");
  EXPECT_EQ(planned(w)["locks"][1]["entry"], nullptr);
  EXPECT_EQ(run(w, {"--until", "source"}).code, 0);
  EXPECT_EQ(planned(w)["rows_from"], "split");
}

TEST(Plan, WhatCannotBeBelievedIsRefusedAsRunWould) {
  Workspace w;
  write_recorded(w, unplaced(make_rows(200)), half, most);
  EXPECT_EQ(run(w, {"--until", "source"}).code, 0);
  auto const plan_json = w.read("exp/plan.json");
  w.write("exp/plan.json", "{}");
  auto const no_plan = w.itera({"plan", "x.itera"});
  EXPECT_EQ(no_plan.code, 50);
  expect_contains(no_plan.err, "plan.json is not a plan of itera");
  w.remove("exp/plan.json");
  EXPECT_EQ(w.itera({"plan", "x.itera"}).code, 50);
  w.write("exp/plan.json", plan_json);
  EXPECT_EQ(w.itera({"plan", "x.itera"}).code, 0);
  w.edit("exp/ledger.jsonl", "\"kind\":\"split\"", "\"kind\":\"spilt\"");
  auto const broken = w.itera({"plan", "x.itera", "--format", "json"});
  EXPECT_EQ(broken.code, 50);
  expect_contains(Json::parse(broken.out)["error"]["message"].get<std::string>(),
                  "its digest does not match its body");
}

TEST(Plan, ManySliceValuesAreListedForPrograms) {
  Workspace w;
  auto rows = make_rows(3000);
  for (std::size_t i = 0; i < rows.size(); ++i)
    rows[i].tier = std::string(i % 2 ? "big" : "t" + std::to_string(i % 46));
  write_recorded(w, unplaced(rows), half, most);
  EXPECT_EQ(run(w, {"--until", "source"}).code, 0);
  auto const values = planned(w)["slices"].size();
  EXPECT_EQ(values, 24U);
  auto const human = text(w);
  expect_contains(human, "  and 4 more values, in `--format json`\n");
  expect_contains(human, "tier=big");
}

}  // namespace
}  // namespace itera::test
