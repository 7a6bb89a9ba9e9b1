// Fewer than 50 rows: five folds in place of train and dev, said wherever the experiment is told. What an arm
// that learns may learn from is tested in tests/simulation.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/experiment.hpp"

namespace itera::test {
namespace {

using testing::HasSubstr;

void write_small(Workspace const& w) {
  Spec spec;
  spec.split = "train 20% dev 30% test 50%  seed 20260412";
  write_recorded(
      w, unplaced(make_rows(48)), [](auto const& r) { return r.nth % 2 == 0; },
      [](auto const&) { return true; }, spec);
}

TEST(Folds, AreSaidWhereverTheExperimentIsTold) {
  Workspace w;
  write_small(w);
  w.edit("x.itera", "report using markdown", "report using markdown\n  report using html");
  run(w);
  auto const note = std::string(
      "With fewer than 50 rows there is no fixed train part. The rows that are not test's are divided into 5 "
      "folds: "
      "5 rows are the reading fold, which is open as train is, and 19 rows are the other 4, which are dev. "
      "What an "
      "arm learns, it learns for each fold without that fold, and for test from all of them. The 24 test "
      "rows are "
      "sealed all the same.");
  EXPECT_THAT(w.read("exp/frame.md"), HasSubstr("Reading fold 5, dev 19, test 24 rows. " + note));
  EXPECT_THAT(w.read("exp/frame.md"), HasSubstr("of the reading fold: passed"));
  EXPECT_THAT(w.read("exp/conclusion.md"), HasSubstr(note));
  EXPECT_THAT(w.read("exp/conclusion.html"), HasSubstr("divided into 5 folds"));
  EXPECT_EQ(data(w).at("split"),
            Json({{"train", 5}, {"dev", 19}, {"test", 24}, {"folds", 5}, {"note", note}}));
  auto const evidence_document = data(w);
  for (auto const& line : evidence_document.at("self_audit")) {
    auto const evidence = line.at("evidence").get<std::string>();
    if (line.at("line") == "pilot passed") {
      EXPECT_THAT(evidence, HasSubstr("on the reading fold's row `")) << line;
    }
    if (line.at("line") == "distribution audit against production") {
      EXPECT_THAT(evidence,
                  HasSubstr("fewer than 50 rows: dev is judged in folds, and the reading fold, which "
                            "stands in train's place, is not audited"));
    }
    if (line.at("line") == "nothing moved after registration") {
      EXPECT_EQ(line.at("answer"), "yes") << line;
    }
  }
  EXPECT_THAT(w.itera({"status", "exp"}).out, HasSubstr("5 folds: reading fold 5, dev 19, test 24 rows"));
}

TEST(Folds, PlanSaysSoBeforeAndAfter) {
  Workspace w;
  write_small(w);
  auto const before = w.itera({"plan", "x.itera"}).out;
  EXPECT_THAT(before,
              HasSubstr("  share      10%       40%       50%\n  rows   about 5  about 19  about 24\n"));
  EXPECT_THAT(
      before,
      HasSubstr("fewer than 50 rows: five folds in place of train and dev; train is the reading fold, dev "
                "the other four\n"));
  ASSERT_EQ(run(w, {"--until", "source"}).code, 0);
  auto const after = w.itera({"plan", "x.itera"}).out;
  EXPECT_THAT(after, HasSubstr("five folds in place of train and dev"));
  EXPECT_THAT(after, HasSubstr("the split against production, as it was audited\n"));
  auto const json = Json::parse(w.itera({"plan", "x.itera", "--format", "json"}).out);
  EXPECT_EQ(json.at("folds"), 5);
  EXPECT_EQ(json.at("distribution").at(0).at("column"), "tier");
}

TEST(Folds, NeedTenRowsAndARowForEachFold) {
  Workspace w;
  write_recorded(
      w, unplaced(make_rows(9)), [](auto const&) { return false; }, [](auto const&) { return true; });
  auto const few = run(w);
  EXPECT_EQ(few.code, 50);
  EXPECT_THAT(
      few.err,
      HasSubstr("9 rows remain after duplicates, caps and the sample; with fewer than 10 a fold of dev "
                "holds a row or none, and test too few to show anything"));
  EXPECT_THAT(w.itera({"plan", "x.itera"}).out, HasSubstr("fewer than 10 rows: `run` refuses\n"));

  // Thirty rows of three customers are three units.
  Workspace c;
  Spec spec;
  spec.row = "key id  input text  expected answer  entity customer";
  spec.rule = "effect >= 5pp";
  spec.split = "cap 20 per customer  seed 1";
  auto const rows = make_rows(30);
  auto table = std::string("id,text,answer,customer\n");
  for (auto const& row : rows)
    table += row.key + "," + row.text + "," + row.answer + ",c" + std::to_string((row.key.back() - '0') % 3) +
             "\n";
  write_recorded(
      c, unplaced(rows), [](auto const&) { return false; }, [](auto const&) { return true; }, spec);
  c.write("rows.csv", table);
  auto const lumps = run(c);
  EXPECT_EQ(lumps.code, 50) << lumps.err;
  EXPECT_THAT(lumps.err, HasSubstr("rows of one entity stay together"));
}

}  // namespace
}  // namespace itera::test
