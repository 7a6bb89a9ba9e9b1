// What programs are told of a verdict follows docs/schemas/verdict-1.json, in every way that a run can end.
#include "tests/support/schema.hpp"

#include <gtest/gtest.h>

#include "tests/support/experiment.hpp"

namespace itera::test {
namespace {

Json document(Outcome const& outcome) {
  EXPECT_EQ(outcome.out.find('\n'), outcome.out.size() - 1) << outcome.out;
  auto out = Json::parse(outcome.out, nullptr, false);
  EXPECT_EQ(wrong_by_schema(out), "");
  EXPECT_EQ(out.value("exit_code", -1), outcome.code) << outcome.out;
  return out;
}

bool six_tenths(Placed const& row) {
  return among_first(row, .6);
}

bool better(Placed const& row) {
  return among_first(row, .75);
}

struct Ending {
  std::string outcome;
  int code;
  Right new_right;
};

class RunInJson : public ::testing::Test {
 protected:
  Json conclude(Ending const& ending) {
    write_recorded(w, rows, six_tenths, ending.new_right);
    auto const out = document(run(w, {"--format", "json"}));
    EXPECT_EQ(out.value("status", ""), "concluded");
    EXPECT_EQ(out.value("outcome", ""), ending.outcome);
    EXPECT_EQ(out.value("exit_code", -1), ending.code);
    // The same from the file, with as many clauses and more said of each.
    auto const again = document(w.itera({"verdict", "--data", "exp/data.json", "--format", "json"}));
    EXPECT_EQ(again.value("outcome", ""), ending.outcome);
    EXPECT_EQ(again.at("winner"), out.at("winner"));
    EXPECT_EQ(again.at("killed"), out.at("killed"));
    EXPECT_EQ(again.at("arms").at(0).at("effect"), out.at("arms").at(0).at("effect"));
    EXPECT_EQ(again.at("differences"), Json::array());
    return out;
  }

  std::vector<Placed> rows = placed(make_rows(600));
  Workspace w;
};

TEST_F(RunInJson, Ship) {
  auto const out = conclude({"ship", 0, better});
  EXPECT_EQ(out.at("winner"), "new");
  EXPECT_EQ(out.at("experiment"), "router");
  EXPECT_EQ(out.at("rule").at("text"),
            "ship when effect on accuracy >= 5pp and every major tier >= -2pp by point");
  auto const& arm = out.at("arms").at(0);
  EXPECT_NEAR(arm.at("effect").at("delta").get<double>(), .15, 1e-9);
  EXPECT_EQ(arm.at("clauses").at(0).at("check"), "C0");
  EXPECT_EQ(out.at("files"),
            Json({"conclusion.md", "data.json", "frame.md", "ledger.jsonl", "plan.json", "rows.jsonl"}));
}

TEST_F(RunInJson, ShipNarrowly) {
  auto const out = conclude(
      {"ship narrowly", 10, [](auto const& r) { return among_first(r, r.row.tier == "ent" ? .8 : .5); }});
  EXPECT_EQ(out.at("decided_by"), "C4");
  EXPECT_EQ(out.at("arms").at(0).at("ships_for"), Json({"tier=ent"}));
}

TEST_F(RunInJson, Kill) {
  auto const out = conclude({"kill", 20, [](auto const& r) { return among_first(r, .5); }});
  EXPECT_EQ(out.at("winner"), nullptr);
  EXPECT_EQ(out.at("killed"), Json({"new"}));
}

TEST_F(RunInJson, Inconclusive) {
  conclude({"inconclusive", 30, [](auto const& r) { return r.nth % 10 < 5 || r.nth % 10 == 8; }});
}

TEST_F(RunInJson, Invalid) {
  write_recorded(w, rows, six_tenths, better);
  std::string kept;
  for (auto const& line : json_lines(w.read("new.jsonl")))
    if (line["key"] > "k0050" || line["key"] == "k0000" || line["key"] == "k0001") kept += line.dump() + "\n";
  // Enough rows are missing on test only: those of train and dev are put back.
  for (auto const& row : rows)
    if (row.part != "test" && row.row.key <= "k0050" && row.row.key > "k0001")
      kept += Json{{"key", row.row.key},
                   {"outputs", {row.row.answer, row.row.answer, row.row.answer}},
                   {"cost_usd", 0.0005}}
                  .dump() +
              "\n";
  w.write("new.jsonl", kept);
  auto const out = document(run(w, {"--format", "json"}));
  EXPECT_EQ(out.at("outcome"), "invalid") << out;
  EXPECT_EQ(out.at("decided_by"), "C0");
  EXPECT_EQ(document(w.itera({"verdict", "--data", "exp/data.json", "--format", "json"})).at("outcome"),
            "invalid");
}

TEST_F(RunInJson, StoppedAfterEachPhaseAsAsked) {
  write_recorded(w, rows, six_tenths, better);
  for (auto const* phase : {"frame", "source", "pilot", "dev"}) {
    auto const out = document(run(w, {"--until", phase, "--format", "json"}));
    EXPECT_EQ(out.at("status"), "stopped");
    EXPECT_EQ(out.at("phase"), phase);
    EXPECT_EQ(out.at("files").at(0), "frame.md");
    EXPECT_EQ(out.at("arms"), Json::array());
  }
}

TEST_F(RunInJson, RefusedByTheMethod) {
  write_recorded(w, rows, six_tenths, better);
  ASSERT_EQ(run(w, {"--until", "frame"}).code, 0);
  w.edit("x.itera", "effect >= 5pp", "effect >= 3pp");
  auto const out = document(run(w, {"--format", "json"}));
  EXPECT_EQ(out.at("status"), "refused");
  EXPECT_EQ(out.at("exit_code"), 50);
  EXPECT_EQ(out.at("error").at("kind"), "refused");
}

TEST_F(RunInJson, MistakesOfTheSpecAreFoundAtTheirPlace) {
  Spec spec;
  spec.metric = "accuracy using exactt";
  spec.row = "key id  input text  expected answer  slise tier";
  write_recorded(w, rows, six_tenths, better, spec);
  auto const out = document(run(w, {"--format", "json"}));
  EXPECT_EQ(out.at("exit_code"), 2);
  EXPECT_EQ(out.at("error").at("where"), "x.itera:7:46");
  EXPECT_EQ(out.at("error").at("code"), "E203");
  EXPECT_EQ(out.at("diagnostics").size(), 2U);
}

TEST_F(RunInJson, AClauseThatThisVersionDoesNotExecute) {
  Spec spec;
  spec.arms += "\n  sprint new { iteration less \"fewer words\" { path = \"old.jsonl\" } }";
  write_recorded(w, rows, six_tenths, better, spec);
  auto const out = document(run(w, {"--format", "json"}));
  EXPECT_EQ(out.at("error").at("code"), "E209");
}

TEST_F(RunInJson, FailuresOutsideOfTheSpec) {
  EXPECT_EQ(document(run(w, {"--format", "json"})).at("exit_code"), 2) << "no spec at all";
  write_recorded(w, rows, six_tenths, better);
  w.remove("rows.csv");
  auto const out = document(run(w, {"--format", "json"}));
  EXPECT_EQ(out.at("exit_code"), 1);
  EXPECT_EQ(out.at("status"), "failed");
  Spec other;
  other.name = "other";
  w.write("x.itera", Spec().text() + other.text());
  EXPECT_EQ(document(run(w, {"--format", "json"})).at("error").at("kind"), "invalid") << "two experiments";
}

TEST(VerdictInJson, MistakesOfFileAndRule) {
  Workspace w;
  w.write("d.json", R"({"experiment": {"threshold_pct": 5}, "arms": [{"id": "a"}, {"id": "b"}],
    "test_set_aggregate": {"a": 0.5, "b": 5.6}})");
  auto const file = document(w.itera({"verdict", "--data", "d.json", "--format", "json"}));
  EXPECT_EQ(file.at("error").at("where"), "d.json: /test_set_aggregate/b");
  auto const rule =
      document(w.itera({"verdict", "--data", "d.json", "--rule", "ship when", "--format", "json"}));
  EXPECT_EQ(rule.at("error").at("where"), "d.json: /test_set_aggregate/b") << "the file comes first";
  w.edit("d.json", "5.6", "0.6");
  auto const again =
      document(w.itera({"verdict", "--data", "d.json", "--rule", "ship when", "--format", "json"}));
  EXPECT_EQ(again.at("error").at("where"), "--rule:1:10");
  EXPECT_EQ(document(w.itera({"verdict", "--data", "d.json", "--format", "json"})).at("as_far_as_assessed"),
            true);
}

// Of what a check of the schema is worth: it finds what is wrong.
TEST(VerdictSchema, TellsWhatIsNoVerdict) {
  Workspace w;
  w.write("d.json", R"({"experiment": {"threshold_pct": 5}, "arms": [{"id": "a"}, {"id": "b"}],
    "test_set_aggregate": {"a": 0.5, "b": 0.6}})");
  auto const good = document(w.itera({"verdict", "--data", "d.json", "--format", "json"}));
  ASSERT_EQ(wrong_by_schema(good), "");
  for (auto const& [key, value] : good.items()) {
    auto without = good;
    without.erase(key);
    EXPECT_NE(wrong_by_schema(without), "") << key << " is missing";
  }
  auto other = good;
  other["arms"][0]["clauses"][0]["status"] = "passed";
  EXPECT_NE(wrong_by_schema(other), "");
  other = good;
  other["more"] = 1;
  EXPECT_NE(wrong_by_schema(other), "") << "not described";
}

}  // namespace
}  // namespace itera::test
