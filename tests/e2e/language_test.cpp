// Clauses that are read and not executed, several experiments in a file, the traffic, and `explain`.
#include <gtest/gtest.h>

#include "tests/support/experiment.hpp"

namespace itera::test {
namespace {

bool half(Placed const& row) {
  return among_first(row, .5);
}
bool most(Placed const& row) {
  return among_first(row, .9);
}

// Enough to be looked at, and for the first lock.
void write_any(Workspace const& w, Spec const& spec = {}) {
  auto const rows = make_rows(60);
  w.write("rows.csv", csv(rows));
  w.write("old.jsonl", recording(rows, 3, [](auto const&, auto) { return "a"; }));
  w.write("new.jsonl", recording(rows, 3, [](auto const&, auto) { return "b"; }));
  w.write("x.itera", spec.text());
}

void expect_contains(std::string const& text, std::string const& part) {
  EXPECT_NE(text.find(part), std::string::npos) << "`" << part << "` is not in:\n" << text;
}

TEST(Language, WhatIsNotExecutedPassesCheckAndPlanAndStopsTheRunBeforeAnyLock) {
  Workspace w;
  Spec spec;
  spec.clauses =
      "failure wrong weight 1 \"another answer\" when output != expected\n"
      "  budget $40\n"
      "  control again from old \"nothing else\" { deterministic  path = \"new.jsonl\"  columns = [\"text\"] "
      "}";
  spec.arms = R"(arm new from old "more words" { deterministic  path = "new.jsonl" })"
              "\n  sprint new { iteration less \"fewer words\" { path = \"old.jsonl\" } }";
  spec.rule = "effect >= 5pp\n        and cost <= +60%";
  write_any(w, spec);

  auto const checked = w.itera({"check", "x.itera"});
  EXPECT_EQ(checked.code, 0) << checked.err;
  expect_contains(checked.out, "cost <= +60% against the baseline");
  expect_contains(checked.out, "`run` refuses this experiment:");
  expect_contains(checked.out, "`sprint` is not executed by this version of itera yet");
  auto const planned = w.itera({"plan", "x.itera"});
  EXPECT_EQ(planned.code, 0) << planned.err;
  expect_contains(planned.out, "budget $40");
  expect_contains(planned.out, "sprint new, outside of both locks");
  expect_contains(planned.out, "again (a control) never ships");
  auto const json = Json::parse(w.itera({"plan", "x.itera", "--format", "json"}).out);
  auto const& waits = json["not_executed"];
  ASSERT_FALSE(waits.empty());
  EXPECT_EQ(waits.front()["message"], "`sprint` is not executed by this version of itera yet") << waits.dump(2);
  EXPECT_EQ(json["plan"]["registration"]["budget_usd"], "40");
  EXPECT_EQ(json["plan"]["frame"]["categories"][0]["when"], "output != expected");
  EXPECT_EQ(json["plan"]["sprints"][0]["iterations"][0]["from"], "new");

  auto const refused = run(w);
  EXPECT_EQ(refused.code, 2);
  expect_contains(refused.err, "error[E209]: `sprint` is not executed by this version of itera yet");
  auto const in_json = Json::parse(run(w, {"--format", "json"}).out);
  EXPECT_EQ(in_json["ok"], false);
  EXPECT_EQ(in_json["diagnostics"].size(), waits.size());
  EXPECT_FALSE(w.has("exp")) << "nothing was begun";
}

TEST(Language, SprintsAreOutsideOfThePlansDigest) {
  Workspace w;
  Spec spec;
  write_any(w, spec);
  auto const digest = [&] {
    return Json::parse(w.itera({"plan", "x.itera", "--format", "json"}).out)["plan"]["digests"];
  };
  auto const before = digest();
  spec.arms += "\n  sprint new { iteration less \"fewer words\" { path = \"old.jsonl\" } }";
  w.write("x.itera", spec.text());
  EXPECT_EQ(digest(), before);
  spec.clauses += "\n  budget $40";
  w.write("x.itera", spec.text());
  EXPECT_EQ(digest()["frame"], before["frame"]);
  EXPECT_NE(digest()["plan"], before["plan"]);
}

TEST(Language, OneOfSeveralExperimentsIsChosenByName) {
  Workspace w;
  Spec other;
  other.name = "second";
  write_any(w);
  w.write("x.itera", w.read("x.itera") + other.text());
  auto const checked = w.itera({"check", "x.itera"});
  EXPECT_EQ(checked.code, 0);
  expect_contains(checked.out, "no mistake found in experiment router");
  expect_contains(checked.out, "no mistake found in experiment second");
  EXPECT_EQ(Json::parse(w.itera({"check", "x.itera", "--format", "json"}).out)["experiments"].size(), 2U);

  for (auto const* command : {"plan", "run"}) {
    auto const which = w.itera({command, "x.itera"});
    EXPECT_EQ(which.code, 2) << command;
    expect_contains(which.err, "x.itera has 2 experiments: `router` and `second`");
    auto const wrong = w.itera({command, "x.itera", "--experiment", "secnd"});
    EXPECT_EQ(wrong.code, 2) << command;
    expect_contains(wrong.err, "did you mean `second`?");
  }
  expect_contains(w.itera({"plan", "x.itera", "--experiment", "second"}).out, "experiment second");
  EXPECT_EQ(run(w, {"--experiment", "second", "--until", "frame"}).code, 0);
  expect_contains(w.read("exp/frame.md"), "# second");
}

TEST(Language, TrafficIsWhatTheAuditHoldsTheRowsAgainst) {
  Workspace w;
  Spec spec;
  auto const rows = placed(make_rows(400));
  spec.clauses += "\n  traffic { tier ent 70%, smb 30% }";
  write_recorded(w, rows, half, most, spec);
  EXPECT_EQ(run(w, {"--until", "source"}).code, 0);
  expect_contains(w.read("exp/frame.md"), "Traffic, as declared: `tier` ent 70%, smb 30%.");

  w.edit("x.itera", "ent 70%, smb 30%", "ent 20%, smb 80%");
  auto const apart = run(w, {"--until", "source"});
  EXPECT_EQ(apart.code, 50) << apart.err;
  expect_contains(apart.err, "differs from production in `tier`");

  w.edit("x.itera", "ent 20%, smb 80%", "ent 69%, smb 31%");
  EXPECT_EQ(run(w, {"--until", "source"}).code, 0)
      << "an audit that failed may be repaired before the registration";
}

TEST(Language, AFileThatIsTooLargeIsRefusedByItsSize) {
  Workspace w;
  w.write("x.itera", std::string(50'000'000, ' '));
  auto const outcome = w.itera({"check", "x.itera"});
  EXPECT_EQ(outcome.code, 2);
  expect_contains(outcome.err, "error[E107]: the file has 50000000 bytes, a spec has at most 4194304");
}

TEST(Explain, TellsOfCodesAndRules) {
  Workspace w;
  auto const code = w.itera({"explain", "e221"});
  EXPECT_EQ(code.code, 0);
  EXPECT_EQ(
      code.out,
      "E221: an arm changes more than one thing\n\n"
      "The arm differs from its parent in two dimensions. Whatever comes out could be the work of either,\n"
      "so nothing is learnt of both.\n\n"
      "for example\n"
      "  baseline old using openai { ref \"a.py:1\"  model = \"m\"  api_key = env(\"KEY\")  system = \"a\" "
      "}\n"
      "  arm new from old { model = \"n\"  system = \"b\" }\n\n"
      "the way on\n"
      "  make an arm of each change, the second derived from the first\n\n"
      "rule F3 of the method\n"
      "  each arm changes one thing against the arm it derives from; several separate places of a text are\n"
      "  one thing only if somebody says why\n\n"
      "what is said against it, and the answer\n"
      "  \"three related things changed\"\n"
      "    three lines are three dimensions: pick one\n");
  expect_contains(w.itera({"explain", "S8"}).out, "\"one look at a test row, to understand\"");
  expect_contains(w.itera({"explain", "C4"}).out, "C4 as a clause of a verdict\n  floors on slices hold");
  expect_contains(w.itera({"explain"}).out, "  W201  no failure category is registered\n");
  expect_contains(w.itera({"explain", "excuses"}).out, "\"the pilot is overkill\"");
  auto const unknown = w.itera({"explain", "E2211"});
  EXPECT_EQ(unknown.code, 2);
  expect_contains(unknown.err, "there is no error code or rule `E2211`");
  expect_contains(unknown.err, "did you mean `E2");
}

TEST(Explain, InJson) {
  Workspace w;
  auto const json = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--format", "json"});
    return Json::parse(w.itera(arguments).out);
  };
  EXPECT_EQ(json({"explain", "E226"})["rule"]["rule"], "R4");
  EXPECT_EQ(json({"explain", "D4"})["excuses"].size(), 3U);
  EXPECT_GE(json({"explain"})["codes"].size(), 60U);
  EXPECT_EQ(json({"explain", "excuses"})["excuses"].size(), 17U);
  EXPECT_EQ(json({"explain", "Z9"})["ok"], false);
}

}  // namespace
}  // namespace itera::test
