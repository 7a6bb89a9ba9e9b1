// The command line itself: exit codes 1 and 2, help, and the JSON view.
#include <gtest/gtest.h>

#include "tests/support/experiment.hpp"

namespace itera::test {
namespace {

bool half(Placed const& row) {
  return row.nth % 10 < 5;
}

// A complete experiment that is only looked at.
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

// One document on one line, and nothing beside it.
Json document(Outcome const& outcome) {
  EXPECT_EQ(outcome.out.find('\n'), outcome.out.size() - 1) << outcome.out;
  return Json::parse(outcome.out);
}

TEST(CommandLine, AnUnknownCommandIsAUsageErrorWithASuggestion) {
  Workspace w;
  auto const outcome = w.itera({"chek", "x.itera"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.out, "");
  expect_contains(outcome.err, "did you mean `itera check`?");
}

TEST(CommandLine, NoCommandAtAllIsAUsageError) {
  Workspace w;
  EXPECT_EQ(w.itera({}).code, 2);
  EXPECT_EQ(w.itera({"plugins"}).code, 2);
  EXPECT_EQ(w.itera({"run"}).code, 2);
}

TEST(CommandLine, WrongOptionsAreUsageErrors) {
  Workspace w;
  write_any(w);
  EXPECT_EQ(w.itera({"run", "x.itera", "--until", "tset"}).code, 2);
  EXPECT_EQ(w.itera({"run", "x.itera", "--workers", "0"}).code, 2);
  EXPECT_EQ(w.itera({"check", "x.itera", "--format", "yaml"}).code, 2);
  EXPECT_FALSE(w.has("docs")) << "nothing was begun";
}

TEST(CommandLine, AMissingSpecIsAUsageErrorOfEveryCommand) {
  Workspace w;
  for (auto const* command : {"check", "plan", "run"}) {
    auto const outcome = w.itera({command, "nowhere.itera"});
    EXPECT_EQ(outcome.code, 2) << command;
    EXPECT_EQ(outcome.out, "") << command;
    expect_contains(outcome.err, "nowhere.itera");
  }
}

TEST(CommandLine, MistakesInASpecAreShownAtTheirPlaceAndNothingIsRun) {
  Workspace w;
  Spec spec;
  spec.metric = "accuracy using exactt";
  spec.row = "key id  input text  expected answer  slise tier";
  write_any(w, spec);
  for (auto const* command : {"check", "plan", "run"}) {
    auto const outcome = w.itera({command, "x.itera"});
    EXPECT_EQ(outcome.code, 2) << command;
    EXPECT_EQ(outcome.out, "") << command;
    expect_contains(outcome.err, "x.itera:7:");
    expect_contains(outcome.err, "did you mean `exact`?");
    expect_contains(outcome.err, "x.itera: 2 errors");
  }
  EXPECT_FALSE(w.has("docs"));
}

TEST(CommandLine, AMissingSourceIsAFailureNotAMistakeOfTheSpec) {
  Workspace w;
  write_any(w);
  w.remove("rows.csv");
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 1);
  expect_contains(outcome.err, "error: ");
  expect_contains(outcome.err, "rows.csv");
}

// A mistake of the spec where the header can be read with it, else a failure when the rows are read.
TEST(CommandLine, AColumnThatTheSourceDoesNotHaveIsNamedWithASuggestion) {
  Workspace w;
  Spec spec;
  spec.row = "key id  input txt  expected answer  slice tier";
  write_any(w, spec);
  auto const outcome = run(w);
  EXPECT_TRUE(outcome.code == 2 || outcome.code == 1) << outcome.code;
  EXPECT_EQ(outcome.out, "");
  expect_contains(outcome.err, "no column `txt`");
  expect_contains(outcome.err, "did you mean `text`?");
  EXPECT_FALSE(w.has("exp/state/test.sealed"));
}

TEST(CommandLine, HelpIsGivenEverywhereOnStandardOutput) {
  Workspace w;
  for (auto const& command : std::vector<std::vector<std::string>>{{"--help"},
                                                                   {"check", "--help"},
                                                                   {"fmt", "--help"},
                                                                   {"plan", "--help"},
                                                                   {"run", "--help"},
                                                                   {"plugins", "--help"},
                                                                   {"plugins", "list", "--help"}}) {
    auto const outcome = w.itera(command);
    EXPECT_EQ(outcome.code, 0) << command.front();
    EXPECT_EQ(outcome.err, "") << command.front();
    expect_contains(outcome.out, "--help");
  }
  expect_contains(w.itera({"--help"}).out,
                  "0 ship, 10 ship narrowly, 20 kill, 30 inconclusive, 40 invalid, 50 stopped");
  expect_contains(w.itera({"--version"}).out, "itera ");
}

TEST(CommandLine, CheckInJson) {
  Workspace w;
  write_any(w);
  auto const good = w.itera({"check", "x.itera", "--format", "json"});
  EXPECT_EQ(good.code, 0);
  EXPECT_EQ(good.err, "");
  auto const json = document(good);
  EXPECT_EQ(json.at("ok"), true);
  EXPECT_EQ(json.at("diagnostics"), Json::array());
  EXPECT_EQ(json.at("rule").at(1).at("check"), "C1");
  EXPECT_EQ(json.at("rule").at(1).at("implied"), false);

  w.edit("x.itera", "using exact", "using exactt");
  auto const bad = w.itera({"--format", "json", "check", "x.itera"});
  EXPECT_EQ(bad.code, 2);
  EXPECT_EQ(bad.err, "");
  auto const problem = document(bad).at("diagnostics").at(0);
  EXPECT_EQ(document(bad).at("ok"), false);
  for (auto const* field : {"code", "severity", "message"}) EXPECT_TRUE(problem.contains(field)) << problem;
  EXPECT_EQ(problem.at("severity"), "error");
}

TEST(CommandLine, AMissingSpecInJson) {
  Workspace w;
  auto const outcome = w.itera({"check", "nowhere.itera", "--format", "json"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(document(outcome).at("ok"), false);
  EXPECT_EQ(document(outcome).at("error").at("kind"), "invalid");
}

TEST(CommandLine, PlanInJson) {
  Workspace w;
  Spec spec;
  spec.clauses += "\n  sample 400 rows";
  write_any(w, spec);
  auto const outcome = w.itera({"plan", "x.itera", "--format", "json"});
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
  EXPECT_EQ(outcome.err, "");
  auto const json = document(outcome);
  EXPECT_EQ(json.at("plan").at("frame").at("seed"), 20260412);
  EXPECT_EQ(json.at("plan").at("registration").at("arms").size(), 2U);
  EXPECT_EQ(json.at("rows"), Json({{"train", 120}, {"dev", 200}, {"test", 80}}));
  EXPECT_FALSE(json.at("power").empty());
  for (auto const& line : json.at("power"))
    for (auto const* field : {"discordance", "least_effect", "rows_for_threshold"})
      EXPECT_TRUE(line.contains(field)) << line;
  EXPECT_FALSE(json.at("rule_of_thumb").get<std::string>().empty());
  EXPECT_FALSE(w.has("docs")) << "a plan runs nothing and writes nothing";
}

TEST(CommandLine, RunInJsonKeepsResultsOnStandardOutputAndProgressOnStandardError) {
  Workspace w;
  write_recorded(w, unplaced(make_rows(200)), half, [](auto const& r) { return r.nth % 10 < 8; });
  auto const stopped = run(w, {"--until", "source", "--format", "json"});
  EXPECT_EQ(stopped.code, 0);
  EXPECT_EQ(document(stopped).at("status"), "stopped");
  EXPECT_EQ(document(stopped).at("outcome"), nullptr);
  expect_contains(stopped.err, "[source]");

  auto const outcome = run(w, {"--format", "json"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  auto const json = document(outcome);
  EXPECT_EQ(json.at("ok"), true);
  EXPECT_EQ(json.at("status"), "concluded");
  EXPECT_EQ(json.at("outcome"), "ship");
  EXPECT_EQ(json.at("exit"), 0);
  EXPECT_EQ(json.at("folder"), w.at("exp").string());
  EXPECT_EQ(json.at("open"), w.at("exp/conclusion.md").string());
  for (auto const* field : {"verdict", "decided_by", "not_shown", "next"})
    EXPECT_FALSE(json.at(field).get<std::string>().empty()) << field;
  expect_contains(outcome.err, "[test]");

  auto const again = run(w, {"--format", "json"});
  EXPECT_EQ(again.code, 50);
  EXPECT_EQ(document(again).at("ok"), false);
  EXPECT_EQ(document(again).at("error").at("kind"), "refused");
  EXPECT_FALSE(document(again).at("error").at("help").get<std::string>().empty());
}

TEST(CommandLine, PluginsInBothViews) {
  Workspace w;
  auto const human = w.itera({"plugins", "list"});
  EXPECT_EQ(human.code, 0);
  EXPECT_EQ(human.err, "");
  for (auto const* name : {"csv", "process", "recorded", "exact", "markdown"})
    expect_contains(human.out, name);

  auto const list = document(w.itera({"plugins", "list", "--format", "json"})).at("plugins");
  ASSERT_GE(list.size(), 5U);
  for (auto const& plugin : list) {
    for (auto const* field : {"kind", "name", "id", "version", "summary", "library"})
      EXPECT_FALSE(plugin.at(field).get<std::string>().empty()) << plugin;
    EXPECT_TRUE(plugin.at("traits").is_array());
  }
}

}  // namespace
}  // namespace itera::test
