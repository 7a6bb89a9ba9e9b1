// Requests and replies in the shapes of OpenAI's API; replies are written after the API's documentation.
#include "tests/plugin/models.hpp"

namespace itera::tests {
namespace {

using Kind = ports::StepResult::Kind;

class ArmOpenAi : public ModelArmTest {
 protected:
  ArmOpenAi() : ModelArmTest("openai") {}

  static Json settings(Json more = Json::object()) {
    Json all = {
        {"model", "gpt-4.1-mini"}, {"user", "Sort: {{text}}"}, {"api_key", ports::secret_mark("KEY")}};
    all.update(more);
    return all;
  }
  static Json chat(Json message, std::string const& reason = "stop") {
    return {{"id", "chatcmpl-1"},
            {"object", "chat.completion"},
            {"model", "gpt-4.1-mini-2025-04-14"},
            {"choices", Json::array({{{"index", 0}, {"message", message}, {"finish_reason", reason}}})},
            {"usage",
             {{"prompt_tokens", 1200},
              {"completion_tokens", 10},
              {"total_tokens", 1210},
              {"prompt_tokens_details", {{"cached_tokens", 1000}}}}},
            {"service_tier", "default"}};
  }
  static Json says(Json content) {
    return chat({{"role", "assistant"}, {"content", content}, {"refusal", nullptr}});
  }
  static std::string streamed(std::vector<Json> const& chunks) {
    std::string out;
    for (auto const& chunk : chunks) out += "data: " + chunk.dump() + "\n\n";
    return out + "data: [DONE]\n\n";
  }
};

TEST_F(ArmOpenAi, AsksChatCompletions) {
  auto arm = make(settings({{"system", "Be brief, {{who}}."},
                            {"temperature", 0},
                            {"top_p", 0.9},
                            {"max_tokens", 50},
                            {"stop", {"END"}},
                            {"seed", true},
                            {"reasoning_effort", "low"},
                            {"in_flight", 4},
                            {"requests_per_minute", 500},
                            {"tokens_per_minute", 30000},
                            {"timeout", 2.5}}));
  auto const http = call(*arm, {{"text", "a \"b\"\n{{who}}"}, {"who", "Ann"}});
  EXPECT_EQ(http["url"], "https://api.openai.com/v1/chat/completions");
  EXPECT_EQ(http["method"], "POST");
  EXPECT_EQ(http["headers"]["authorization"], "Bearer \x1asecret:KEY\x1a");
  EXPECT_EQ(http["timeout_ms"], 2500);
  EXPECT_EQ(http["idle_ms"], 2500);
  EXPECT_EQ(http["limits"].dump(),
            R"({"in_flight":4,"requests_per_minute":500.0,"tokens_per_minute":30000.0})");
  EXPECT_FALSE(http.contains("stream"));
  auto const text = http["body"].get<std::string>();
  EXPECT_EQ(text.find("secret"), text.npos);
  EXPECT_EQ(Json::parse(text), Json::parse(R"({"model": "gpt-4.1-mini", "messages": [
    {"role": "system", "content": "Be brief, Ann."}, {"role": "user", "content": "Sort: a \"b\"\n{{who}}"}],
    "temperature": 0.0, "top_p": 0.9, "max_completion_tokens": 50, "seed": 1437226, "stop": ["END"], "reasoning_effort": "low"})"));
  EXPECT_EQ(http["tokens"]["in"], text.size());
  EXPECT_EQ(http["tokens"]["out"], 50);
  EXPECT_DOUBLE_EQ(http["most_usd"].get<double>(), (static_cast<double>(text.size()) * 0.4 + 50 * 1.6) / 1e6);
  EXPECT_EQ(call(*arm, {{"text", "x"}}), call(*arm, {{"text", "x"}})) << "the same row asks the same";
  EXPECT_NE(call(*arm, {{"text", "x"}}), call(*arm, {{"text", "x"}}, 1)) << "another trial's seed";
}

TEST_F(ArmOpenAi, SaysNothingThatWasNotAskedFor) {
  auto arm = make({{"model", "m"}, {"user", "{{text}}"}, {"base_url", "http://localhost:8000/v1/"}});
  auto const http = call(*arm, {{"text", "x"}});
  EXPECT_EQ(http["url"], "http://localhost:8000/v1/chat/completions");
  EXPECT_EQ(http["headers"].dump(), R"({"content-type":"application/json"})");
  EXPECT_EQ(http["body"], R"({"model":"m","messages":[{"role":"user","content":"x"}]})");
  EXPECT_FALSE(http.contains("most_usd")) << "no price and no limit: no bound";
  EXPECT_FALSE(http.contains("limits"));
  EXPECT_EQ(
      body(
          *make({{"model", "m"}, {"user", "x"}, {"max_tokens", 9}, {"base_url", "http://localhost:8000/v1"}}),
          {})["max_tokens"],
      9);
  EXPECT_EQ(body(*make(settings({{"max_tokens", 9}, {"max_tokens_field", "max_tokens"}})), {})["max_tokens"],
            9);
  EXPECT_FALSE(call(*make(settings()), {}).contains("most_usd")) << "a price, but no limit";
  EXPECT_FALSE(call(*make(settings({{"max_tokens", 9}, {"model", "unheard-of"}})), {}).contains("most_usd"));
}

TEST_F(ArmOpenAi, AsksResponses) {
  auto arm = make(settings({{"api", "responses"},
                            {"system", "S"},
                            {"max_tokens", 9},
                            {"reasoning_effort", "high"},
                            {"json_schema", R"({"type": "object"})"},
                            {"stream", true}}));
  auto const http = call(*arm, {{"text", "x"}});
  EXPECT_EQ(http["url"], "https://api.openai.com/v1/responses");
  EXPECT_EQ(http["stream"]["first_token"], Json({"/delta"}));
  EXPECT_EQ(
      http["body"],
      R"({"model":"gpt-4.1-mini","instructions":"S","input":"Sort: x","max_output_tokens":9,"reasoning":{"effort":"high"},)"
      R"("text":{"format":{"type":"json_schema","name":"answer","schema":{"type":"object"},"strict":true}},"store":false,"stream":true})");
}

TEST_F(ArmOpenAi, AzureHasItsOwnPathAndHeader) {
  Json azure = {
      {"base_url", "https://me.openai.azure.com"}, {"api_version", "2024-10-21"}, {"max_tokens", 5}};
  auto const http = call(*make(settings(azure)), {});
  EXPECT_EQ(
      http["url"],
      "https://me.openai.azure.com/openai/deployments/gpt-4.1-mini/chat/completions?api-version=2024-10-21");
  EXPECT_EQ(http["headers"].dump(-1, ' ', true),
            R"({"content-type":"application/json","api-key":"\u001asecret:KEY\u001a"})");
  EXPECT_EQ(Json::parse(http["body"].get<std::string>())["max_completion_tokens"], 5);
  EXPECT_FALSE(http.contains("most_usd")) << "list prices are those of the public endpoint";
  azure["deployment"] = "prod";
  EXPECT_EQ(call(*make(settings(azure)), {})["url"],
            "https://me.openai.azure.com/openai/deployments/prod/chat/completions?api-version=2024-10-21");
}

TEST_F(ArmOpenAi, FormatsToolsAndExtraFields) {
  auto const tools = R"([{"type": "function", "function": {"name": "refund"}}])";
  auto const out = body(
      *make(settings({{"tools", tools}, {"extra", R"({"tool_choice": "required", "user": "itera"})"}})), {});
  EXPECT_EQ(out["tools"], Json::parse(tools));
  EXPECT_EQ(out["tool_choice"], "required");
  EXPECT_EQ(body(*make(settings({{"json", true}})), {})["response_format"].dump(),
            R"({"type":"json_object"})");
  EXPECT_EQ(body(*make(settings(
                     {{"json_schema", R"({"name": "n", "schema": {"type": "object"}, "strict": false})"}})),
                 {})["response_format"]
                .dump(),
            R"({"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"},"strict":false}})");
  auto const stream = call(*make(settings({{"stream", true}})), {});
  EXPECT_EQ(Json::parse(stream["body"].get<std::string>())["stream_options"]["include_usage"], true);
  EXPECT_EQ(stream["stream"]["first_token"][0], "/choices/0/delta/content");
}

TEST_F(ArmOpenAi, AnAnswerHasItsCost) {
  auto arm = make(settings());
  EXPECT_EQ(replied(*arm, says("games")).dump(),
            R"({"output":"games","cost_usd":0.000196,"tokens":{"in":1200,"out":10,"cached_in":1000}})");
  EXPECT_EQ(
      replied(*arm, says(Json::parse(
                        R"([{"type": "text", "text": "ga"}, {"type": "text", "text": "mes"}])")))["output"],
      "games");
  auto const own = make(settings({{"base_url", "http://localhost:1/v1"}, {"price_in", 1}, {"price_out", 2}}));
  EXPECT_DOUBLE_EQ(replied(*own, says("x"))["cost_usd"].get<double>(), (1200 + 20) / 1e6);
  auto const free = make(settings({{"base_url", "http://localhost:1/v1"}}));
  EXPECT_FALSE(replied(*free, says("x")).contains("cost_usd")) << "no price is not a price of nothing";
  auto flex = says("x");
  flex["service_tier"] = "flex";
  EXPECT_FALSE(replied(*arm, flex).contains("cost_usd")) << "another tier has another price";
  auto silent = says("x");
  silent.erase("usage");
  EXPECT_EQ(replied(*arm, silent).dump(), R"({"output":"x"})");
  silent["usage"] = {{"prompt_tokens", "many"}, {"completion_tokens", -1}};
  EXPECT_EQ(replied(*arm, silent).dump(), R"({"output":"x"})");
  auto router = says("x");
  router["usage"]["cost"] = 0.25;
  EXPECT_EQ(replied(*make(settings({{"base_url", "https://openrouter.ai/api/v1"}})), router)["cost_usd"],
            0.25);
  EXPECT_FALSE(replied(*free, router).contains("cost_usd")) << "only one server is known to mean USD";
}

TEST_F(ArmOpenAi, WhatIsNoAnswerSaysWhy) {
  auto arm = make(settings());
  EXPECT_EQ(error(replied(*arm, chat({{"content", nullptr}, {"refusal", "I can't help\nwith that."}}))),
            "arm: the model refused: I can't help with that.");
  EXPECT_EQ(error(replied(*arm, chat({{"content", "half an ans"}}, "length"))),
            "arm: the reply was cut off at its length limit; raise `max_tokens`");
  EXPECT_EQ(error(replied(*arm, chat({{"content", ""}}, "content_filter"))),
            "arm: the server's content filter stopped the reply");
  for (auto const& empty : {Json(""), Json(" \n"), Json(nullptr), Json::array()})
    EXPECT_EQ(error(replied(*arm, says(empty))), "arm: the model gave an empty reply");
  EXPECT_EQ(error(replied(*arm, {{"choices", Json::array()}})), "infrastructure: the response has no choice");
  EXPECT_EQ(error(replied(*arm, {{"error", {{"message", "Provider returned error"}}}})),
            "infrastructure: the response has no choice: Provider returned error");
  EXPECT_EQ(error(replied(*arm, {{"choices", Json::array({{{"finish_reason", "stop"}}})}})),
            "infrastructure: the response has no message");
  EXPECT_EQ(error(result(*arm, {{"body", "<html>\nBad gateway"}})),
            "infrastructure: the response is no JSON object: <html> Bad gateway");
  EXPECT_EQ(error(result(*arm, {{"body", ""}})), "infrastructure: the response is no JSON object");
  auto const refused = replied(*arm, chat({{"content", nullptr}, {"refusal", "No."}}));
  EXPECT_EQ(refused["cost_usd"], 0.000196) << "what was refused is billed";
  EXPECT_EQ(refused["tokens"]["in"], 1200);
}

TEST_F(ArmOpenAi, CodesSayWhoIsToBlame) {
  auto arm = make(settings());
  auto const code = [&](int number, std::string const& body, Json more = Json::object()) {
    more.update({{"code", number}, {"body", body}});
    return error(result(*arm, more));
  };
  auto const message = [](std::string const& text) { return Json{{"error", {{"message", text}}}}.dump(); };
  EXPECT_EQ(code(400, message("Unsupported value: 'temperature'")),
            "arm: the server did not accept the request (HTTP 400): Unsupported value: 'temperature'");
  EXPECT_EQ(code(413, ""), "arm: the server did not accept the request (HTTP 413)");
  EXPECT_EQ(code(422, R"({"detail": "bad"})"), "arm: the server did not accept the request (HTTP 422): bad");
  EXPECT_EQ(code(400, R"({"error": {"code": "content_filter", "message": "filtered"}})"),
            "arm: the server's content filter refused the prompt (HTTP 400): filtered");
  EXPECT_EQ(code(401, message("Incorrect API key provided")),
            "infrastructure: the server does not know the key (HTTP 401): Incorrect API key provided; check "
            "`api_key`");
  EXPECT_EQ(code(403, message("no access")),
            "infrastructure: the key may not do this (HTTP 403): no access; check `api_key` and what its "
            "account may use");
  EXPECT_EQ(code(404, R"({"error": "model 'x' not found"})"),
            "infrastructure: the server has nothing there (HTTP 404): model 'x' not found; check `model` and "
            "`base_url`");
  EXPECT_EQ(
      code(429, message("slow down"), {{"retries", {"429", "429"}}}),
      "infrastructure: the server's rate limit or quota is used up (HTTP 429) after 3 attempts: slow down");
  EXPECT_EQ(code(503, "busy", {{"retries", {"503"}}}),
            "infrastructure: the server failed (HTTP 503) after 2 attempts: busy");
  EXPECT_EQ(code(307, ""),
            "infrastructure: the server sends the call elsewhere (HTTP 307); check `model` and `base_url`");
  EXPECT_EQ(code(402, ""), "infrastructure: the server gave no result (HTTP 402)");
  EXPECT_EQ(error(result(*make({{"model", "m"}, {"user", "x"}}), {{"code", 401}})),
            "infrastructure: the server does not know the key (HTTP 401); check `api_key`: none is set");
  EXPECT_FALSE(result(*arm, {{"code", 500}}).contains("cost_usd"));
}

TEST_F(ArmOpenAi, WithoutAResponseNobodyIsToBlame) {
  auto arm = make(settings());
  auto const status = [&](std::string const& word, std::string const& why = "",
                          Json retries = Json::array()) {
    return error(result(*arm, {{"status", word}, {"code", 0}, {"error", why}, {"retries", retries}}));
  };
  EXPECT_EQ(status("network", "Could not resolve host", {"network", "network"}),
            "infrastructure: no response came after 3 attempts: Could not resolve host");
  EXPECT_EQ(status("timed_out"), "infrastructure: no response came within `timeout`");
  EXPECT_EQ(status("too_large"), "infrastructure: the response is longer than a reply may be");
  EXPECT_EQ(status("refused", "a header holds a line break"),
            "infrastructure: the call was not made: a header holds a line break");
  EXPECT_EQ(status("cancelled"), "infrastructure: stopped on request");
  EXPECT_EQ(status("melted"), "infrastructure: the host gave the unknown status `melted`");
  EXPECT_EQ(error(result(*arm, {{"body", "{}"}, {"invalid_utf8", true}})),
            "infrastructure: the response is not UTF-8");
}

TEST_F(ArmOpenAi, ToolCallsAreTheAnswer) {
  auto const calls = Json::parse(
      R"([{"id": "c1", "type": "function", "function": {"name": "refund", "arguments": "{\"amount\": 3}"}},
                                    {"id": "c2", "type": "function", "function": {"name": "say", "arguments": "not json"}}])");
  auto const reply = chat({{"content", nullptr}, {"tool_calls", calls}}, "tool_calls");
  EXPECT_EQ(replied(*make(settings()), reply)["output"],
            R"([{"name":"refund","arguments":{"amount":3}},{"name":"say","arguments":"not json"}])");
  EXPECT_EQ(replied(*make(settings({{"output", "/0/arguments/amount"}})), reply)["output"], "3");
}

TEST_F(ArmOpenAi, TheOutputIsTakenOutOfJson) {
  auto arm = make(settings({{"output", "/label"}}));
  EXPECT_EQ(replied(*arm, says(R"({"label": "games", "why": "x"})"))["output"], "games");
  EXPECT_EQ(replied(*arm, says(R"({"label": ["a", 1]})"))["output"], R"(["a",1])");
  EXPECT_EQ(error(replied(*arm, says("games"))),
            "arm: the reply is no JSON, so that nothing stands at `/label`: games");
  EXPECT_EQ(error(replied(*arm, says(R"({"label": null})"))),
            "arm: nothing stands at `/label` of the reply: {\"label\": null}");
  EXPECT_EQ(error(replied(*arm, says("[1]"))), "arm: nothing stands at `/label` of the reply: [1]");
}

TEST_F(ArmOpenAi, ReadsAStream) {
  auto arm = make(settings({{"stream", true}}));
  auto const delta = [](Json what, Json reason = nullptr) {
    return Json{{"choices", Json::array({{{"index", 0}, {"delta", what}, {"finish_reason", reason}}})},
                {"usage", nullptr}};
  };
  Json const usage = {{"choices", Json::array()},
                      {"usage", {{"prompt_tokens", 10}, {"completion_tokens", 2}}}};
  auto const whole = streamed({delta({{"role", "assistant"}, {"content", ""}}), delta({{"content", "ga"}}),
                               delta({{"content", "mes"}}), delta(Json::object(), "stop"), usage});
  auto const read = result(*arm, {{"body", ": ping\r\n\r\n" + whole}});
  EXPECT_EQ(read["output"], "games");
  EXPECT_EQ(read["tokens"].dump(), R"({"in":10,"out":2})");
  EXPECT_DOUBLE_EQ(read["cost_usd"].get<double>(), 7.2e-6);
  EXPECT_EQ(error(result(*arm, {{"body", streamed({delta({{"content", "ga"}})})}})),
            "infrastructure: the stream ended before the reply did");
  EXPECT_EQ(error(result(*arm, {{"body", "data: {\"error\": {\"message\": \"overloaded\"}}\n\n"}})),
            "infrastructure: the server failed in the middle of a reply: overloaded");
  EXPECT_EQ(error(result(
                *arm, {{"body", streamed({delta({{"refusal", "N"}}), delta({{"refusal", "o"}}, "stop")})}})),
            "arm: the model refused: No");
  EXPECT_EQ(error(result(*arm, {{"body", streamed({delta({{"content", "x"}}, "length")})}})),
            "arm: the reply was cut off at its length limit; raise `max_tokens`");
  auto const part = [&](Json function, Json reason = nullptr) {
    return delta({{"tool_calls", Json::array({{{"index", 0}, {"function", function}}})}}, reason);
  };
  EXPECT_EQ(result(*arm, {{"body", streamed({part({{"name", "refund"}, {"arguments", ""}}),
                                             part({{"arguments", "{\"a\""}}),
                                             part({{"arguments", ": 1}"}}, "tool_calls")})}})["output"],
            R"([{"name":"refund","arguments":{"a":1}}])");
  EXPECT_EQ(result(*arm, {{"body", says("whole").dump()}})["output"], "whole")
      << "a server that knows no streams";
}

TEST_F(ArmOpenAi, ReadsResponses) {
  auto arm = make(settings({{"api", "responses"}}));
  auto const reply = [](Json output, std::string const& status = "completed", Json why = nullptr) {
    return Json{{"id", "resp_1"},
                {"status", status},
                {"error", nullptr},
                {"incomplete_details", why},
                {"output", output},
                {"service_tier", "default"},
                {"usage",
                 {{"input_tokens", 1200},
                  {"input_tokens_details", {{"cached_tokens", 1000}}},
                  {"output_tokens", 10}}}};
  };
  auto const part = [](Json content) {
    return Json::array({{{"type", "reasoning"}, {"summary", Json::array()}},
                        {{"type", "message"}, {"role", "assistant"}, {"content", Json::array({content})}}});
  };
  auto const text = part({{"type", "output_text"}, {"text", "games"}});
  EXPECT_EQ(replied(*arm, reply(text)).dump(),
            R"({"output":"games","cost_usd":0.000196,"tokens":{"in":1200,"out":10,"cached_in":1000}})");
  EXPECT_EQ(error(replied(*arm, reply(part({{"type", "refusal"}, {"refusal", "No."}})))),
            "arm: the model refused: No.");
  EXPECT_EQ(error(replied(*arm, reply(text, "incomplete", {{"reason", "max_output_tokens"}}))),
            "arm: the reply was cut off at its length limit; raise `max_tokens`");
  EXPECT_EQ(error(replied(*arm, reply(text, "incomplete", {{"reason", "content_filter"}}))),
            "arm: the server's content filter stopped the reply");
  EXPECT_EQ(error(replied(*arm, reply(text, "incomplete", {{"reason", "odd"}}))),
            "infrastructure: the reply is not whole: odd");
  EXPECT_EQ(error(replied(*arm, reply(text, "queued"))),
            "infrastructure: the reply is not whole: its status is `queued`");
  EXPECT_EQ(error(replied(*arm, reply(Json::array()))), "arm: the model gave an empty reply");
  EXPECT_EQ(error(replied(*arm, Json::object())), "infrastructure: the response has no `output`");
  auto failed = reply(Json::array(), "failed");
  failed["error"] = {{"code", "server_error"}, {"message", "it broke"}};
  EXPECT_EQ(error(replied(*arm, failed)),
            "infrastructure: the server failed in the middle of a reply: it broke");
  EXPECT_EQ(
      replied(*arm, reply(Json::array(
                        {{{"type", "function_call"}, {"name", "refund"}, {"arguments", "{}"}}})))["output"],
      R"([{"name":"refund","arguments":{}}])");
  auto stream = make(settings({{"api", "responses"}, {"stream", true}}));
  auto const events = "event: response.output_text.delta\n" +
                      streamed({{{"type", "response.output_text.delta"}, {"delta", "ga"}},
                                {{"type", "response.completed"}, {"response", reply(text)}}});
  EXPECT_EQ(result(*stream, {{"body", events}})["output"], "games");
  EXPECT_EQ(error(result(*stream,
                         {{"body", streamed({{{"type", "response.output_text.delta"}, {"delta", "ga"}}})}})),
            "infrastructure: the stream ended before the reply did");
}

TEST_F(ArmOpenAi, OneReplyFeedsTheNextCall) {
  auto arm = make(settings({{"system", "S"},
                            {"then_user", "Of {{text}}: {{reply}}"},
                            {"then_model", "gpt-4.1"},
                            {"json", true},
                            {"output", "/label"},
                            {"max_tokens", 100}}));
  Json const row = {{"text", "T"}};
  EXPECT_FALSE(body(*arm, row).contains("response_format")) << "the format is that of the answer";
  auto const next = after(*arm, {{"body", says("a {{text}} \"summary\"").dump()}}, row);
  ASSERT_EQ(next.kind, Kind::call) << next.json;
  auto const json = Json::parse(next.json);
  EXPECT_EQ(
      json["call"]["http"]["body"],
      R"({"model":"gpt-4.1","messages":[{"role":"user","content":"Of T: a {{text}} \"summary\""}],"max_completion_tokens":100,)"
      R"("response_format":{"type":"json_object"}})");
  auto const state = json["state"].dump();
  auto const last = after(*arm, {{"body", says(R"({"label": "games"})").dump()}}, row, state);
  EXPECT_EQ(
      last.json,
      R"({"output":"games","cost_usd":0.001176,"tokens":{"in":2400,"out":20,"cached_in":2000},"trace":["first reply: a {{text}} \"summary\""]})");
  auto const broken = Json::parse(after(*arm, {{"code", 500}, {"body", ""}}, row, state).json);
  EXPECT_EQ(error(broken), "infrastructure: second call: the server failed (HTTP 500)");
  EXPECT_EQ(broken["cost_usd"], 0.000196) << "the first call is paid all the same";
  EXPECT_EQ(error(Json::parse(after(*arm, {{"body", says("").dump()}}, row).json)),
            "arm: first call: the model gave an empty reply");
}

TEST_F(ArmOpenAi, RefusesSettingsThatCannotWork) {
  EXPECT_EQ(refusal(settings({{"model", ""}})),
            "`model` is empty | write the name that the server knows it by");
  EXPECT_EQ(refusal(settings({{"user", ""}})),
            "`user` is empty | a model without a message has nothing to answer");
  EXPECT_EQ(refusal(settings({{"base_url", "localhost:8000"}})),
            "`base_url` is no absolute URL: `localhost:8000` | write it as in `base_url = "
            "\"http://localhost:8000/v1\"`");
  EXPECT_EQ(refusal(settings({{"base_url", "https://me:pw@host/v1"}})),
            "`base_url` holds a user or a password | a secret that is written down is none any more: name it "
            "as in `api_key = env(\"NAME\")`");
  EXPECT_EQ(refusal(settings({{"output", "label"}})),
            "`output` is no JSON pointer: `label` | write the way to the value as in `/answer/label`; `/0` "
            "is the first of a list");
  EXPECT_EQ(refusal(settings({{"json_schema", "{\"a\":\n  x}"}})),
            "`json_schema`:2:3: this is no JSON | write JSON, or name a file that holds it: `json_schema = "
            "file(\"...\")`");
  EXPECT_EQ(refusal(settings({{"json_schema", "[]"}})), "`json_schema` is no JSON object | ");
  EXPECT_EQ(refusal(settings({{"tools", "{}"}})),
            "`tools` is no JSON list of tools | write them as the API takes them: `[{...}]`");
  EXPECT_EQ(refusal(settings({{"extra", "[]"}})),
            "`extra` is no JSON object | its members become fields of the body");
  EXPECT_EQ(refusal(settings({{"extra", R"({"n": 4})"}})),
            "`extra` holds `n`, which it may not change | what is asked, how much may come back and what it "
            "costs are known from the other settings");
  EXPECT_EQ(refusal(settings({{"then_model", "m"}})),
            "there is no `then_user`, so that no second call is made | write `then_user = \"... "
            "{{reply}}\"`, or leave the other settings `then_...` out");
  EXPECT_EQ(refusal(settings({{"price_in", 1}})),
            "`price_in` and `price_out` belong together | set both; what costs nothing is $0");
  EXPECT_EQ(
      refusal(settings({{"price_cached_in", 1}})),
      "prices of the prompt cache without a price of input and output | set `price_in` and `price_out` too");
  EXPECT_EQ(refusal(settings({{"api", "responses"}, {"seed", true}})),
            "`seed` is not known to the responses API | write `api = chat`, or leave it out");
  EXPECT_EQ(refusal(settings({{"api", "responses"}, {"stop", {"x"}}})),
            "`stop` is not known to the responses API | write `api = chat`, or leave it out");
  EXPECT_EQ(refusal(settings({{"deployment", "d"}})),
            "`deployment` is Azure's and needs `api_version` | set `api_version` as in \"2024-10-21\"");
  EXPECT_EQ(refusal(settings({{"api_version", "1&x=2"}})),
            "`1&x=2` cannot be part of a URL | write it as Azure shows it");
  EXPECT_EQ(refusal(settings({{"json", true}, {"json_schema", "{}"}})),
            "`json` and `json_schema` exclude each other | a schema is JSON anyway");
}

}  // namespace
}  // namespace itera::tests
