#include "core/run/pass.hpp"

#include <map>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/base/json.hpp"
#include "core/base/text.hpp"
#include "core/run/answer.hpp"
#include "core/run/call_json.hpp"
#include "core/run/records.hpp"
#include "tests/unit/core/support.hpp"

namespace itera::run {
namespace {

using test::small_plan;

std::vector<split::Row> some_rows(std::size_t n) {
  std::vector<split::Row> out;
  for (std::size_t i = 0; i < n; ++i)
    out.push_back(test::row(fmt::format("k{}", i), fmt::format("t{}", i), "x", "a"));
  return out;
}

TEST(Interleaved, PutsTheArmsOfARowSideBySideInADrawnOrder) {
  auto const plan = small_plan(2);
  auto const rows = some_rows(50);
  auto const tasks =
      interleaved(plan, rows, {0, 1, 2}, 0, [](std::size_t arm) { return arm == 1 ? 1U : 3U; });
  EXPECT_EQ(tasks.size(), 50U * 7);
  std::set<std::vector<std::size_t>> orders;
  for (std::size_t i = 0; i < 150; i += 3) {
    EXPECT_EQ(tasks[i].row, tasks[i + 2].row);
    EXPECT_EQ(tasks[i].trial, 0U);
    orders.insert({tasks[i].arm, tasks[i + 1].arm, tasks[i + 2].arm});
  }
  EXPECT_EQ(orders.size(), 6U);
}

ports::StepResult result(ports::StepResult::Kind kind, std::string json) {
  return {0, kind, std::move(json)};
}

TEST(Answer, ReadsWhatAnArmGives) {
  Cell cell;
  ASSERT_TRUE(read_answer(
      result(ports::StepResult::Kind::answer, R"({"output":"x","cost_usd":0.5,"tokens":{"in":3,"out":4}})"),
      cell, "arm `a`"));
  EXPECT_EQ(cell.rest->output, "x");
  EXPECT_EQ(cell.cost_usd, 0.5);
  EXPECT_EQ(cell.rest->tokens->out, 4U);
  ASSERT_TRUE(read_answer(result(ports::StepResult::Kind::error, R"({"kind":"arm","message":"exit code 3"})"),
                          cell, "arm `a`"));
  EXPECT_EQ(cell.ending, Ending::arm_error);
  ASSERT_TRUE(read_answer(
      result(ports::StepResult::Kind::error, R"({"kind":"infrastructure","message":"no such program"})"),
      cell, "arm `a`"));
  EXPECT_EQ(cell.ending, Ending::missing);
}

// By both readers: the second form is not the plain one.
TEST(Answer, KeepsWhatItCostInASteadyStateAndOfWhatTokens) {
  for (auto const* more : {"", R"(,"latency_ms":null)"}) {
    Cell cell;
    auto const json = std::string(R"({"output":"x","cost_usd":0.5,"steady_usd":0.25,)") +
                      R"("tokens":{"in":30,"out":4,"cached_in":20,"cache_write":5})" + more + "}";
    ASSERT_TRUE(read_answer(result(ports::StepResult::Kind::answer, json), cell, "arm `a`"));
    EXPECT_EQ(cell.cost_usd, 0.5);
    EXPECT_EQ(cell.rest->steady_usd, 0.25);
    EXPECT_EQ(cell.rest->tokens, (Tokens{30, 4, 20, 5}));
  }
  Cell same;
  ASSERT_TRUE(read_answer(
      result(ports::StepResult::Kind::answer, R"({"output":"x","cost_usd":0.5,"steady_usd":0.5})"), same,
      ""));
  EXPECT_FALSE(same.rest->steady_usd);
}

TEST(Answer, AnErrorCostsToo) {
  Cell cell;
  ASSERT_TRUE(
      read_answer(result(ports::StepResult::Kind::error,
                         R"({"kind":"arm","message":"cut off","cost_usd":0.5,"tokens":{"in":1,"out":9}})"),
                  cell, "arm `a`"));
  EXPECT_EQ(cell.ending, Ending::arm_error);
  EXPECT_EQ(cell.cost_usd, 0.5);
  EXPECT_EQ(cell.rest->tokens->out, 9U);
}

TEST(Answer, WhatJudgingCostsIsNeverTheArms) {
  auto const plan = small_plan();
  for (auto const* more : {"", R"(,"failures":[])"}) {
    Cell cell;
    cell.cost_usd = 0.5;
    auto const json = std::string(R"({"value":1,"cost_usd":0.125,"tokens":{"in":2,"out":1})") + more + "}";
    ASSERT_TRUE(read_score(result(ports::StepResult::Kind::score, json), plan, cell, "metric `m`"));
    EXPECT_EQ(cell.cost_usd, 0.5);
    EXPECT_EQ(cell.rest->judge_usd, 0.125);
    EXPECT_EQ(cell.rest->judge_tokens, (Tokens{2, 1}));
    EXPECT_FALSE(cell.rest->tokens);
  }
  Cell cell;
  ASSERT_TRUE(read_score(
      result(ports::StepResult::Kind::error, R"({"kind":"judge","message":"no verdict","cost_usd":0.125})"),
      plan, cell, "metric `m`"));
  EXPECT_EQ(cell.rest->judge_usd, 0.125);
  EXPECT_FALSE(cell.cost_usd);
  EXPECT_EQ(read_score(result(ports::StepResult::Kind::score, R"({"value":1,"cost_usd":-1})"), plan, cell,
                       "metric `m`")
                .error()
                .what,
            "metric `m`: its cost is not a number >= 0");
}

TEST(Answer, NamesThePluginThatBreaksTheForm) {
  Cell cell;
  std::map<std::string, std::string> const bad{
      {"[]", "arm `a`: its answer is not a JSON object"},
      {"nonsense", "arm `a`: its answer is not a JSON object"},
      {"{}", "arm `a`: its answer has a missing or mistyped field"},
      {R"({"output":null})", "arm `a`: its answer has a missing or mistyped field"},
      {R"({"output":"x","cost_usd":-1})", "arm `a`: its cost is not a number >= 0"}};
  for (auto const& [json, want] : bad) {
    auto const got = read_answer(result(ports::StepResult::Kind::answer, json), cell, "arm `a`");
    ASSERT_FALSE(got) << json;
    EXPECT_EQ(got.error().what, want);
    EXPECT_EQ(got.error().kind, ErrorClass::plugin);
  }
}

TEST(Score, StaysInsideItsRangeAndTaxonomy) {
  auto plan = small_plan();
  plan.categories = {{"known", {1, 1}, ""}};
  Cell cell;
  ASSERT_TRUE(read_score(result(ports::StepResult::Kind::score,
                                R"({"value":0.25,"passed":false,"failures":["known","new","known"]})"),
                         plan, cell, "metric `m`"));
  EXPECT_EQ(cell.score, 250000);
  EXPECT_EQ(cell.rest->failures, std::vector<std::string>{"known"});
  EXPECT_EQ(read_score(result(ports::StepResult::Kind::score, R"({"value":1.5})"), plan, cell, "metric `m`")
                .error()
                .what,
            "metric `m`: gave the score 1.5, which is not in 0..1");
  EXPECT_FALSE(
      read_score(result(ports::StepResult::Kind::answer, R"({"value":1})"), plan, cell, "metric `m`"));
  ASSERT_TRUE(
      read_score(result(ports::StepResult::Kind::error, R"({"kind":"judge","message":"no expected answer"})"),
                 plan, cell, "metric `m`"));
  EXPECT_EQ(cell.ending, Ending::judge_error);
  ASSERT_TRUE(read_score(
      result(ports::StepResult::Kind::error, R"({"kind":"infrastructure","message":"no response"})"), plan,
      cell, "metric `m`"));
  EXPECT_EQ(cell.ending, Ending::missing) << "it is tried again";
}

TEST(Call, RefusesKindsThatItDoesNotKnow) {
  EXPECT_EQ(read_call(R"({"call":{"pigeon":{"to":"x"}},"state":null})", "arm `a`").error().what,
            "arm `a`: asked for a call of an unknown kind (pigeon)");
  auto const call = read_call(
      R"({"call":{"exec":{"argv":["a","b"],"framing":"lines","input":"{}","id":"7","timeout_ms":5}},"state":{"n":1}})",
      "arm `a`");
  ASSERT_TRUE(call);
  ASSERT_TRUE(std::holds_alternative<ports::ExecCall>(call->call));
  EXPECT_EQ(std::get<ports::ExecCall>(call->call).argv.size(), 2U);
  EXPECT_EQ(call->state, R"({"n":1})");
  EXPECT_FALSE(read_call(R"({"call":{"exec":{"argv":[]}}})", "arm `a`"));
  EXPECT_FALSE(read_call(R"({"call":{"exec":{"argv":"sh"}}})", "arm `a`"));
}

TEST(Call, OverHttpHasTheFieldsOfThePage) {
  auto const call = read_call(
      R"({"call":{"http":{"method":"PUT","url":"https://a/b","headers":{"x-k":"v"},"body":"{}","timeout_ms":5,)"
      R"("idle_ms":4,"stream":{"first_token":["/delta"]},"limits":{"in_flight":8,"requests_per_minute":60,)"
      R"("tokens_per_minute":100.5},"tokens":{"in":7,"out":9},"most_usd":0.25,"ca_file":"ca.pem"}}})",
      "arm `a`");
  ASSERT_TRUE(call);
  EXPECT_EQ(call->state, "null");
  auto const* http = std::get_if<ports::HttpCall>(&call->call);
  ASSERT_TRUE(http);
  EXPECT_EQ(http->method, "PUT");
  EXPECT_EQ(http->url, "https://a/b");
  ASSERT_EQ(http->headers.size(), 1U);
  EXPECT_EQ(http->headers[0].first, "x-k");
  EXPECT_EQ(http->headers[0].second, "v");
  EXPECT_EQ(http->body, "{}");
  EXPECT_EQ(http->timeout_ms, 5U);
  EXPECT_EQ(http->idle_ms, 4U);
  EXPECT_EQ(http->first_token, std::vector<std::string>{"/delta"});
  EXPECT_EQ(http->limits, (ports::HttpLimits{8, 60, 100.5}));
  EXPECT_EQ(http->tokens_in, 7U);
  EXPECT_EQ(http->tokens_out, 9U);
  EXPECT_EQ(http->most_usd, 0.25);
  EXPECT_EQ(http->ca_file, "ca.pem");
  EXPECT_EQ(read_call(R"({"call":{"http":{"body":"{}"}}})", "arm `a`").error().what,
            "arm `a`: asked for a malformed http call");
  EXPECT_EQ(read_call(R"({"call":{"http":{"url":"x","method":"TRACE"}}})", "arm `a`").error().what,
            "arm `a`: asked for the HTTP method `TRACE`; there are GET, POST and PUT");
}

TEST(Call, AReplyOverHttpIsOneDocument) {
  ports::HttpReply reply;
  reply.status = ports::HttpReply::Status::done;
  reply.code = 200;
  reply.headers = {{"content-type", "text/plain"}};
  reply.body = "hi\xff";
  reply.latency_ms = 2;
  reply.retries = {"503"};
  EXPECT_EQ(
      reply_json(reply),
      R"({"http":{"body":"hi�","code":200,"error":"","first_token_ms":null,)"
      R"("headers":{"content-type":"text/plain"},"invalid_utf8":true,"latency_ms":2.0,"replayed":false,)"
      R"("retries":["503"],"status":"done"}})");
}

TEST(Records, HoldMoneyAndLeaveWhatIsOfOneRunInMeta) {
  auto const plan = small_plan();
  auto const rows = some_rows(1);
  Cell cell;
  cell.ending = Ending::scored;
  cell.cost_usd = 0.5;
  auto& rest = cell.rest.edit();
  rest.tokens = Tokens{30, 4, 20, 5};
  rest.steady_usd = 0.25;
  rest.judge_usd = 0.125;
  rest.judge_tokens = Tokens{2, 1};
  auto const plain = record_lines(plan, split::Part::dev, rows, {cell});
  rest.first_token_ms = 1.5;
  rest.retries = {"429", "odd}"};
  rest.replayed = true;
  auto const text = record_lines(plan, split::Part::dev, rows, {cell});
  EXPECT_NE(text.find(R"("meta":{"attempts":1,"first_token_ms":1.5,"latency_ms":0.0,"replayed":true,)"
                      R"("retries":["429","odd?"]})"),
            text.npos)
      << text;
  EXPECT_NE(text.find(R"("judge_tokens":{"in":2,"out":1},"judge_usd":0.125,)"), text.npos) << text;
  EXPECT_NE(text.find(R"("steady_usd":0.25,"tokens":{"cache_write":5,"cached_in":20,"in":30,"out":4})"),
            text.npos);
  EXPECT_EQ(records_digest(text), records_digest(plain));
  for (auto const& one : {plain, text}) {
    auto const line = one.substr(0, one.size() - 1);
    EXPECT_EQ(canonical(nlohmann::json::parse(line)), line) << "a record line is canonical JSON";
    auto const back = read_records(plan, split::Part::dev, rows, one);
    ASSERT_TRUE(back);
    EXPECT_EQ(record_lines(plan, split::Part::dev, rows, *back), one);
  }
}

TEST(Records, ComeBackAsTheyWere) {
  auto const plan = small_plan();
  auto const rows = some_rows(4);
  std::vector<Cell> cells;
  for (std::uint32_t i = 0; i < 4; ++i) {
    Cell c;
    c.row = 3 - i, c.arm = i % 2, c.trial = 0;
    c.ending = i == 2 ? Ending::missing : Ending::scored;
    c.score = static_cast<std::int32_t>(333333 * i);
    c.rest.edit().error = i == 2 ? "no such program" : "";
    c.latency_ms = 1.5;
    cells.push_back(c);
  }
  auto const text = record_lines(plan, split::Part::dev, rows, cells);
  EXPECT_EQ(text.find("t0"), text.npos) << "no text of a row";
  for (auto const& line : split_lines(text))
    EXPECT_EQ(canonical(nlohmann::json::parse(line)), line) << "a record line is canonical JSON";
  auto const back = read_records(plan, split::Part::dev, rows, text);
  ASSERT_TRUE(back);
  EXPECT_EQ(record_lines(plan, split::Part::dev, rows, *back), text);
  EXPECT_TRUE(read_records(plan, split::Part::test, rows, text)->empty());
  EXPECT_FALSE(read_records(plan, split::Part::dev, some_rows(2), text));

  auto slower = cells;
  for (auto& c : slower) c.latency_ms = 99;
  EXPECT_EQ(records_digest(text), records_digest(record_lines(plan, split::Part::dev, rows, slower)));
}

}  // namespace
}  // namespace itera::run
