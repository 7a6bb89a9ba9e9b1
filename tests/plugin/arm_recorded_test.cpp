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
