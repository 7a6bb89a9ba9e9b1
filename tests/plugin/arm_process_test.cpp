#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/host/process_caller.hpp"
#include "tests/plugin/support.hpp"

namespace itera::tests {
namespace {

using Json = nlohmann::ordered_json;
using Kind = ports::StepResult::Kind;

class ArmProcess : public ::testing::Test {
 protected:
  std::unique_ptr<ports::Arm> make(Json settings) {
    Json all = {{"feed", "json"}, {"timeout", 60}, {"cost_per_row", 0}};
    all.update(settings);
    auto arm = plugins_.arm("process", all.dump());
    return arm ? std::move(*arm) : nullptr;
  }
  static ports::StepResult step(ports::Arm& arm, std::string_view row,
                                std::optional<std::string_view> reply = {}) {
    ports::StepItem item;
    item.handle = 41;
    item.seed = 18'446'744'073'709'551'615U;
    item.trial = 2;
    item.step = reply ? 1 : 0;
    item.row = row;
    item.reply = reply;
    if (reply) item.state = "null";
    return step_one(arm, item);
  }
  static Json reply(Json exec) {
    Json all = {{"status", "done"}, {"code", 0}, {"output", ""}, {"error", ""}, {"latency_ms", 1.5}};
    all.update(exec);
    return {{"exec", all}};
  }
  static Json after(ports::Arm& arm, Json exec) {
    auto const out = step(arm, "{}", reply(std::move(exec)).dump());
    auto json = Json::parse(out.json);
    EXPECT_EQ(out.kind, json.contains("output") ? Kind::answer : Kind::error) << out.json;
    return json;
  }

  Plugins plugins_;
};

TEST_F(ArmProcess, JsonFeedAsksForALine) {
  auto arm = make({{"command", {"python3", "arm.py"}}, {"timeout", 2.5}});
  auto const out = step(*arm, R"({"subject": "hi", "amount": 3})");
  EXPECT_EQ(out.kind, Kind::call);
  auto const exec = Json::parse(out.json)["call"]["exec"];
  EXPECT_EQ(exec["argv"], Json({"python3", "arm.py"}));
  EXPECT_EQ(exec["framing"], "lines");
  EXPECT_EQ(exec["id"], "9007199254740991") << "fits a double";
  EXPECT_EQ(exec["timeout_ms"], 2500);
  EXPECT_EQ(
      exec["input"],
      R"({"id":"9007199254740991","input":{"subject":"hi","amount":3},"seed":18446744073709551615,"trial":2})");
}

TEST_F(ArmProcess, RawFeedAsksForOneRun) {
  auto arm = make({{"command", {"filter"}}, {"feed", "raw"}});
  auto const exec =
      Json::parse(step(*arm, R"({"b": "x\ny", "a": 3, "none": null, "e": ""})").json)["call"]["exec"];
  EXPECT_EQ(exec["framing"], "once");
  EXPECT_EQ(exec["input"], "x\ny\n3\n\n") << "declared order, one line break between two";
  EXPECT_EQ(exec["timeout_ms"], 60'000);
  EXPECT_FALSE(exec.contains("id"));
}

TEST_F(ArmProcess, ReadsAReplyLine) {
  auto arm = make({{"command", {"x"}}, {"cost_per_row", 0.5}});
  EXPECT_EQ(after(*arm, {{"output", R"({"id": "41", "output": "games"})"}}),
            Json::parse(R"({"output":"games","cost_usd":0.5,"latency_ms":1.5})"));
  auto const rich = after(
      *arm,
      {{"output",
        R"({"id": "41", "output": "", "cost_usd": 0, "tokens": {"in": 1, "out": 2}, "trace": ["t", 3]})"}});
  EXPECT_EQ(rich["output"], "");
  EXPECT_EQ(rich["cost_usd"], 0);
  EXPECT_EQ(rich["tokens"]["in"], 1);
  EXPECT_EQ(rich["trace"], Json({"t", "3"}));
}

TEST_F(ArmProcess, BadReplyLinesAreTheArmsFault) {
  auto arm = make({{"command", {"x"}}});
  for (auto const& [line, part] :
       {std::pair{R"({"id": "41"})", "has no text `output`"},
        {R"({"id": "41", "output": 3})", "has no text `output`"},
        {R"({"id": "41", "error": "quota"})", "the program says: quota"},
        {R"({"id": "41", "output": "x", "cost_usd": "1"})", "`cost_usd` that is no amount"},
        {R"({"id": "41", "output": "x", "tokens": {"in": 1}})", "has `tokens` that are not"},
        {R"({"id": "41", "output": "x", "trace": "t"})", "`trace` that is no list"}}) {
    auto const out = after(*arm, {{"output", line}});
    EXPECT_EQ(out["kind"], "arm") << line;
    EXPECT_NE(out["message"].get<std::string>().find(part), std::string::npos) << out;
  }
}

TEST_F(ArmProcess, RawOutputLosesOneLineBreak) {
  auto arm = make({{"command", {"x"}}, {"feed", "raw"}});
  EXPECT_EQ(after(*arm, {{"output", "a\n\r\n"}})["output"], "a\n");
  EXPECT_EQ(after(*arm, {{"output", "a"}})["output"], "a");
  EXPECT_EQ(after(*arm, {{"output", ""}})["output"], "");
}

TEST_F(ArmProcess, EndingsAreMappedToWhoIsToBlame) {
  auto arm = make({{"command", {"x"}}, {"feed", "raw"}});
  auto const error = [&](Json exec) {
    auto const out = after(*arm, std::move(exec));
    return out["kind"].get<std::string>() + ": " + out["message"].get<std::string>();
  };
  EXPECT_EQ(error({{"code", 3}, {"error", "Traceback\nValueError: x\n"}}),
            "arm: the program ended with exit code 3: ValueError: x");
  EXPECT_EQ(error({{"status", "signalled"}, {"code", 11}}), "arm: the program was ended by signal 11");
  EXPECT_EQ(error({{"status", "ended"}, {"code", 1}}),
            "arm: the program ended with exit code 1 before it answered");
  EXPECT_EQ(error({{"status", "timed_out"}}), "arm: the program did not answer in time and was killed");
  EXPECT_EQ(
      error({{"status", "timed_out"}, {"error", "{\"output\": \"a\"}\n"}}),
      "arm: the program did not answer in time and was killed: {\"output\": \"a\"}; an answer must repeat "
      "the `id` of the line that it answers");
  EXPECT_EQ(error({{"status", "timed_out"}, {"error", "{\"id\": \"1\", \"output\": \"a\"}\n"}}),
            "arm: the program did not answer in time and was killed: {\"id\": \"1\", \"output\": \"a\"}");
  EXPECT_EQ(error({{"status", "output_limit"}}), "arm: the program printed more than an answer may hold");
  EXPECT_EQ(error({{"invalid_utf8", true}}), "arm: the program's output is not UTF-8");
  EXPECT_EQ(error({{"status", "not_started"}, {"error", "no program `x` in the folders of PATH"}}),
            "infrastructure: the program did not start: no program `x` in the folders of PATH");
  EXPECT_EQ(error({{"status", "cancelled"}}), "infrastructure: stopped on request");
  EXPECT_EQ(error({{"status", "melted"}}), "infrastructure: the host gave the unknown status `melted`");
}

TEST_F(ArmProcess, PreparesOnlyIfToldTo) {
  EXPECT_EQ(make({{"command", {"x"}}})->prepare().value(), std::nullopt);
  auto const exec = Json::parse(**make({{"command", {"x"}}, {"prepare", {"x", "train"}}})->prepare())["exec"];
  EXPECT_EQ(exec["argv"], Json({"x", "train"}));
  EXPECT_EQ(exec["framing"], "once");
  EXPECT_EQ(make({{"command", Json::array()}}), nullptr);
}

// The whole way: the plugin's call through the real caller to a program, and the reply back into the plugin.
TEST_F(ArmProcess, AnswersThroughARealProgram) {
  TempFolder folder;
  auto const script = folder.write(
      "arm.py",
      "import json, sys\n"
      "for line in sys.stdin:\n"
      "    row = json.loads(line)\n"
      "    print('thinking about', row['id'], flush=True)\n"
      "    print(json.dumps({'id': row['id'], 'output': row['input']['word'].upper()}), flush=True)\n");
  auto arm = make({{"command", {"python3", script.string()}}});
  auto const exec = Json::parse(step(*arm, R"({"word": "stra\u00dfe"})").json)["call"]["exec"];
  host::ProcessCaller caller({});
  ports::ExecCall call;
  call.argv = exec["argv"].get<std::vector<std::string>>();
  call.input = exec["input"];
  call.id = exec["id"];
  call.framing = ports::ExecCall::Framing::lines;
  caller.submit(1, call);
  auto const done = caller.wait();
  ASSERT_EQ(done.size(), 1U);
  ASSERT_EQ(done[0].second.status, ports::ExecReply::Status::done) << done[0].second.error;
  EXPECT_EQ(after(*arm, {{"output", done[0].second.output}})["output"], "STRASSE");
}

}  // namespace
}  // namespace itera::tests
