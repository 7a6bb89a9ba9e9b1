#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/plugin/support.hpp"

namespace itera::tests {
namespace {

using Json = nlohmann::json;
using Kind = ports::StepResult::Kind;

class ArmRecorded : public ::testing::Test {
 protected:
  Result<std::unique_ptr<ports::Arm>> recorded(std::string_view lines) {
    return plugins_.arm("recorded", Json{{"path", folder_.write("out.jsonl", lines).string()}}.dump());
  }
  static Json ask(ports::Arm& arm, std::string_view key, std::uint32_t trial, std::string_view row = "{}") {
    ports::StepItem item;
    item.handle = 1;
    item.key = key;
    item.trial = trial;
    item.row = row;
    auto const out = step_one(arm, item);
    auto json = Json::parse(out.json);
    EXPECT_EQ(out.kind, json.contains("output") ? Kind::answer : Kind::error);
    return json;
  }

  TempFolder folder_;
  Plugins plugins_;
};

TEST_F(ArmRecorded, AnswersByKeyAndTrial) {
  auto arm = recorded(
      R"({"key": "a", "output": "x", "cost_usd": 0.01, "latency_ms": 12.5, "tokens": {"in": 3, "out": 4}}
{"key": "b", "outputs": ["p", "q"]}

{"key": "a", "trial": 1, "output": "y"}
)");
  ASSERT_TRUE(arm) << arm.error().what;
  EXPECT_EQ(
      ask(**arm, "a", 0),
      Json::parse(R"({"output": "x", "cost_usd": 0.01, "latency_ms": 12.5, "tokens": {"in": 3, "out": 4}})"));
  EXPECT_EQ(ask(**arm, "a", 1)["output"], "y");
  EXPECT_EQ(ask(**arm, "b", 1)["output"], "q");
}

TEST_F(ArmRecorded, WhatIsNotRecordedIsMissing) {
  auto arm = recorded(R"({"key": "a", "output": "x"})");
  ASSERT_TRUE(arm);
  auto const no_key = ask(**arm, "zz", 0);
  EXPECT_EQ(no_key["kind"], "infrastructure");
  EXPECT_EQ(no_key["message"], "no output is recorded for key `zz`");
  EXPECT_EQ(ask(**arm, "a", 1)["message"], "trial 1 of key `a` is not recorded (1 trial is)");
}

TEST_F(ArmRecorded, ColumnsHoldTheTrials) {
  auto arm = plugins_.arm("recorded", R"({"columns": ["first", "second"]})");
  ASSERT_TRUE(arm);
  EXPECT_EQ(ask(**arm, "", 0, R"({"first": "x", "second": 2})")["output"], "x");
  EXPECT_EQ(ask(**arm, "", 1, R"({"first": "x", "second": 2})")["output"], "2");
  EXPECT_EQ(ask(**arm, "", 1, R"({"first": "x", "second": null})")["kind"], "infrastructure");
  EXPECT_EQ(ask(**arm, "", 2, R"({})")["message"], "trial 2 is not recorded (2 trials are)");
  ports::StepItem item;
  item.row = "{}";
  auto const wrong = (*arm)->step({&item, 1});
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().kind, ErrorClass::invalid);
  EXPECT_EQ(wrong.error().what, "arm `recorded`: the row has no input `first`");
}

TEST_F(ArmRecorded, BadFilesNameTheLine) {
  for (auto const& [lines, part] :
       {std::pair{"{\"key\": \"a\", \"output\": \"x\"}\nnonsense\n", ":2: no JSON object"},
        {"{\"output\": \"x\"}", ":1: no text `key`"},
        {"{\"key\": 7, \"output\": \"x\"}", ":1: no text `key`"},
        {"{\"key\": \"a\"}", ":1: a line needs either `output` or `outputs`"},
        {"{\"key\": \"a\", \"output\": \"x\", \"outputs\": []}", "either `output` or `outputs`"},
        {"{\"key\": \"a\", \"output\": 1}", "`output` is no text"},
        {"{\"key\": \"a\", \"outputs\": []}", "`outputs` must list one text per trial"},
        {"{\"key\": \"a\", \"output\": \"x\", \"trial\": -1}", "`trial` is no number"},
        {"{\"key\": \"a\", \"output\": \"x\", \"cost_usd\": -1}", "`cost_usd` is no amount"},
        {"{\"key\": \"a\", \"output\": \"x\", \"tokens\": 3}", "`tokens` is not"},
        {"{\"key\": \"a\", \"output\": \"x\"}\n{\"key\": \"a\", \"output\": \"y\"}",
         ":2: key `a` has trial 0 already"},
        {"\n", "holds no outputs"}}) {
    auto const arm = recorded(lines);
    ASSERT_FALSE(arm) << lines;
    EXPECT_EQ(arm.error().kind, ErrorClass::invalid);
    EXPECT_NE(arm.error().what.find(part), std::string::npos) << arm.error().what;
  }
}

// Plain lines and unusual ones are read by different readers; both know every form.
TEST_F(ArmRecorded, EveryFormOfALineIsRead) {
  std::string lines = "\n  \n{\"key\": \"deep\", \"output\": \"d\", \"more\": " + std::string(2000, '[') +
                      std::string(2000, ']') + "}\r\n";
  lines += R"({"trial": 7, "key": "k\u00e9y", "output": "caf\u00e9\n", "note": {"any": ["thing"]}})"
           "\n";
  lines += R"({"key": "k\u00e9y", "outputs": ["0", "1"], "cost_usd": 1, "latency_ms": 2})"
           "\n";
  lines += R"({"key": "big", "output": "b", "note": 123456789012345678901234567890})"
           "\n";
  lines += R"({"key": "last", "key": "again", "output": "first", "output": "second"})"
           "\n";
  lines += "{\"key\": \"long\", \"output\": \"" + std::string(std::size_t{3} << 20, 'x') + "\"}";
  auto arm = recorded(lines);
  ASSERT_TRUE(arm) << arm.error().what;
  EXPECT_EQ(ask(**arm, "deep", 0)["output"], "d");
  EXPECT_EQ(ask(**arm, "k\xC3\xA9y", 7), Json::parse(R"({"output": "caf\u00e9\n"})"));
  EXPECT_EQ(ask(**arm, "k\xC3\xA9y", 1),
            Json::parse(R"({"output": "1", "cost_usd": 1.0, "latency_ms": 2.0})"));
  EXPECT_EQ(ask(**arm, "k\xC3\xA9y", 2)["message"],
            "trial 2 of key `k\xC3\xA9y` is not recorded (3 trials are)");
  EXPECT_EQ(ask(**arm, "big", 0)["output"], "b");
  EXPECT_EQ(ask(**arm, "again", 0)["output"], "second");
  EXPECT_EQ(ask(**arm, "long", 0)["output"].get<std::string>().size(), std::size_t{3} << 20);
}

TEST_F(ArmRecorded, ATrialStandsInOneLineOnly) {
  for (auto const& [lines, part] : {std::pair{R"({"key": "a", "output": "x", "trial": 1}
{"key": "b", "outputs": ["x", "y"]}
{"key": "a", "outputs": ["x", "y"]}
)",
                                              ":3: key `a` has trial 1 already; give each line its `trial`"},
                                    {R"({"key": "a", "outputs": ["x", "y", "z"]}
{"key": "a", "output": "x", "trial": 3}
{"key": "a", "output": "x", "trial": 2}
nonsense
)",
                                     ":3: key `a` has trial 2 already"},
                                    {R"({"key": "a", "output": "x"}
nonsense
{"key": "a", "output": "x"}
)",
                                     ":2: no JSON object"}}) {
    auto const arm = recorded(lines);
    ASSERT_FALSE(arm) << lines;
    EXPECT_NE(arm.error().what.find(part), std::string::npos) << arm.error().what;
  }
}

// Where the lines stand is remembered, not what they hold.
TEST_F(ArmRecorded, AFileThatChangesMeanwhileIsNoticed) {
  auto arm = recorded("{\"key\": \"a\", \"output\": \"x\"}\n{\"key\": \"b\", \"output\": \"x\"}\n");
  ASSERT_TRUE(arm);
  EXPECT_EQ(ask(**arm, "a", 0)["output"], "x");
  // In place: a file that is put in its stead is another file.
  folder_.write("out.jsonl", "{\"key\": \"a\", \"output\": \"x\"}\n{\"key\": \"b\", \"output\": \"y\"}\n");
  EXPECT_EQ(ask(**arm, "a", 0)["output"], "x");
  ports::StepItem item;
  item.key = "b";
  auto const changed = (*arm)->step({&item, 1});
  ASSERT_FALSE(changed);
  EXPECT_EQ(changed.error().kind, ErrorClass::unavailable);
  EXPECT_EQ(changed.error().what,
            "arm `recorded`: `" + (folder_.path() / "out.jsonl").string() + "` changed while it was read");
}

TEST_F(ArmRecorded, NeedsOneSourceOfOutputs) {
  for (auto const* settings : {"{}", R"({"columns": []})", R"({"path": "x", "columns": ["y"]})"}) {
    auto const arm = plugins_.arm("recorded", settings);
    ASSERT_FALSE(arm) << settings;
    EXPECT_NE(arm.error().what.find("needs either `path` or `columns`"), std::string::npos);
  }
  EXPECT_FALSE(plugins_.arm("recorded", R"({"path": "/nowhere"})"));
  EXPECT_TRUE(ports::has_trait(plugins_.info(ports::PluginKind::arm, "recorded"), "recorded"));
}

}  // namespace
}  // namespace itera::tests
