// A metric whose judge gives shares, and one whose judge has a file of its own, from the spec to the verdict.
#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "tests/support/experiment.hpp"

namespace itera::test {
namespace {

// A wrong answer holds the right word and another one: F1 is two thirds, not 0.
TEST(TextJudges, SharesOfATokenF1GoIntoTheVerdict) {
  Workspace w;
  Spec spec;
  spec.metric = "overlap using token_f1 { pass_at = 0.9 }";
  auto const rows = placed(make_rows(600));
  write_recorded(
      w, rows, [](auto const& r) { return among_first(r, .4); },
      [](auto const& r) { return among_first(r, .9); }, spec);
  for (auto const* name : {"old.jsonl", "new.jsonl"}) {
    std::map<std::string, Row const*> by_key;
    for (auto const& row : rows) by_key[row.row.key] = &row.row;
    std::string out;
    for (auto line : json_lines(w.read(name))) {
      auto const& answer = by_key.at(line.at("key"))->answer;
      for (auto& output : line.at("outputs")) {
        bool const right = output == answer;
        // The word `a` is an article, and the judge takes it out of both.
        if (answer == "a")
          output = right ? "the" : "a word";
        else
          output = right ? answer : "The " + answer + "! More";
      }
      out += line.dump() + "\n";
    }
    w.write(name, out);
  }
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
  EXPECT_TRUE(outcome.out.starts_with("verdict     ship")) << outcome.out;
  std::set<double> scores;
  for (auto const& line : json_lines(w.read("exp/rows.jsonl"))) {
    if (line.at("split") != "test") continue;
    double const score = line.at("score");
    scores.insert(std::round(score * 1000) / 1000);
    EXPECT_EQ(line.at("passed"), score >= .9) << line;
  }
  EXPECT_EQ(scores, (std::set<double>{0, 0.667, 1}));
}

TEST(TextJudges, ASchemaInAFileIsPartOfTheLock) {
  Workspace w;
  Spec spec;
  spec.metric = "valid using json_schema { schema = file(\"answer.schema.json\") }";
  write_recorded(
      w, placed(make_rows(600)), [](auto const& r) { return among_first(r, .5); },
      [](auto const& r) { return among_first(r, .8); }, spec);
  for (auto const* name : {"old.jsonl", "new.jsonl"}) {
    std::string out;
    for (auto line : json_lines(w.read(name))) {
      for (auto& output : line.at("outputs")) output = Json{{"label", output}}.dump();
      out += line.dump() + "\n";
    }
    w.write(name, out);
  }
  w.write("answer.schema.json", R"({"type": "object", "properties": {"label": {"enum": ["a", "b", "c"]}}})");
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
  EXPECT_EQ(data(w).at("arm_verdicts").at("new").at("outcome"), "ship");
  w.write("answer.schema.json", "true");
  EXPECT_EQ(run(w).code, 50) << "another schema is another experiment";
}

TEST(TextJudges, ASettingThatIsNoPatternStopsTheRunBeforeItBegins) {
  Workspace w;
  Spec spec;
  spec.metric = "shape using regex { pattern = \"(\" }";
  write_recorded(
      w, unplaced(make_rows(60)), [](auto const&) { return true; }, [](auto const&) { return false; }, spec);
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 2) << outcome.err;
  constexpr auto kSaid = "`pattern` of judge `regex` is no regular expression: missing ): (";
  EXPECT_NE(outcome.err.find(kSaid), std::string::npos) << outcome.err;
  // The judge of a secondary metric is not asked before the metric's own has scored.
  spec.metric = "accuracy using exact";
  spec.clauses += "\n  also shape using regex { pattern = \"(\" }";
  w.write("x.itera", spec.text());
  auto const also = run(w);
  EXPECT_EQ(also.code, 2) << also.err;
  EXPECT_NE(also.err.find(kSaid), std::string::npos) << also.err;
  EXPECT_FALSE(w.has("exp")) << "nothing was begun";
}

}  // namespace
}  // namespace itera::test
