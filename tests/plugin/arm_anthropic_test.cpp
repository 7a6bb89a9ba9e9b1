// Requests and replies in the shapes of Anthropic's messages API, written after its documentation.
#include "tests/plugin/models.hpp"

namespace itera::tests {
namespace {

class ArmAnthropic : public ModelArmTest {
 protected:
  ArmAnthropic() : ModelArmTest("anthropic") {}

  static Json settings(Json more = Json::object()) {
    Json all = {{"model", "claude-haiku-4-5"},
                {"user", "Sort: {{text}}"},
                {"max_tokens", 100},
                {"api_key", ports::secret_mark("KEY")}};
    all.update(more);
    return all;
  }
  static Json message(Json content, std::string const& reason = "end_turn") {
    return {{"id", "msg_1"},
            {"type", "message"},
            {"role", "assistant"},
            {"model", "claude-haiku-4-5-20251001"},
            {"content", content},
            {"stop_reason", reason},
            {"usage",
             {{"input_tokens", 100},
              {"cache_creation_input_tokens", 2000},
              {"cache_read_input_tokens", 1000},
              {"output_tokens", 10},
              {"service_tier", "standard"}}}};
  }
  static Json says(std::string const& text, std::string const& reason = "end_turn") {
    return message(Json::array({{{"type", "text"}, {"text", text}}}), reason);
  }
};

TEST_F(ArmAnthropic, AsksMessages) {
  auto arm = make(settings({{"system", "Be brief."},
                            {"temperature", 0},
                            {"top_p", 0.5},
                            {"top_k", 3},
                            {"stop", {"END"}},
                            {"effort", "low"},
                            {"json_schema", R"({"type": "object"})"},
                            {"beta", {"a", "b"}}}));
  auto const http = call(*arm, {{"text", "x"}});
  EXPECT_EQ(http["url"], "https://api.anthropic.com/v1/messages");
  EXPECT_EQ(
      http["headers"].dump(-1, ' ', true),
      R"({"content-type":"application/json","anthropic-version":"2023-06-01","x-api-key":"\u001asecret:KEY\u001a","anthropic-beta":"a,b"})");
  auto const text = http["body"].get<std::string>();
  EXPECT_EQ(
      text,
      R"({"model":"claude-haiku-4-5","max_tokens":100,"system":"Be brief.","messages":[{"role":"user","content":"Sort: x"}],)"
      R"("temperature":0.0,"top_p":0.5,"top_k":3,"stop_sequences":["END"],)"
      R"("output_config":{"effort":"low","format":{"type":"json_schema","schema":{"type":"object"}}}})");
  EXPECT_EQ(http["tokens"]["in"], text.size());
  EXPECT_EQ(http["tokens"]["out"], 100);
  EXPECT_DOUBLE_EQ(http["most_usd"].get<double>(), (static_cast<double>(text.size()) * 1.25 + 100 * 5) / 1e6)
      << "every token may be written to the cache";
}

TEST_F(ArmAnthropic, TheCacheHoldsWhatAllRowsShare) {
  auto const cached = body(*make(settings({{"system", "Long."}, {"cache", "system"}})), {{"text", "x"}});
  EXPECT_EQ(cached["system"].dump(),
            R"([{"type":"text","text":"Long.","cache_control":{"type":"ephemeral"}}])");
  auto const tools = R"([{"name": "a", "input_schema": {}}, {"name": "b", "input_schema": {}}])";
  auto const with_tools = body(*make(settings({{"tools", tools}, {"cache", "system"}})), {});
  EXPECT_FALSE(with_tools["tools"][0].contains("cache_control"));
  EXPECT_EQ(with_tools["tools"][1]["cache_control"]["type"], "ephemeral");
  EXPECT_EQ(body(*make(settings({{"tools", tools}})), {})["tools"], Json::parse(tools));
  EXPECT_EQ(refusal(settings({{"cache", "system"}})),
            "`cache = system` without `system` or `tools` | there is nothing that all rows share");
}

TEST_F(ArmAnthropic, CachedTokensHaveTheirOwnPrices) {
  // 100 at $1, 2000 written at $1.25, 1000 read at $0.10, 10 out at $5; warm: 3000 read.
  EXPECT_EQ(
      replied(*make(settings()), says("games")).dump(),
      R"({"output":"games","cost_usd":0.00275,"steady_usd":0.00045,"tokens":{"in":3100,"out":10,"cached_in":1000,"cache_write":2000}})");
  auto plain = says("games");
  plain["usage"] = {{"input_tokens", 100}, {"output_tokens", 10}};
  EXPECT_EQ(replied(*make(settings()), plain).dump(),
            R"({"output":"games","cost_usd":0.00015,"tokens":{"in":100,"out":10}})");
  auto batch = says("x");
  batch["usage"]["service_tier"] = "priority";
  EXPECT_FALSE(replied(*make(settings()), batch).contains("cost_usd"));
  plain.erase("usage");
  EXPECT_EQ(replied(*make(settings()), plain).dump(), R"({"output":"games"})");
}

TEST_F(ArmAnthropic, StopReasonsAreToldApart) {
  auto arm = make(settings());
  EXPECT_EQ(replied(*arm, says("a", "stop_sequence"))["output"], "a");
  EXPECT_EQ(error(replied(*arm, says("", "refusal"))), "arm: the model refused");
  EXPECT_EQ(error(replied(*arm, says("I won't.", "refusal"))), "arm: the model refused: I won't.");
  EXPECT_EQ(error(replied(*arm, says("half", "max_tokens"))),
            "arm: the reply was cut off at its length limit; raise `max_tokens`");
  EXPECT_EQ(error(replied(*arm, says("half", "model_context_window_exceeded"))),
            "arm: the reply was cut off where the model's context ends");
  EXPECT_EQ(error(replied(*arm, says("", "pause_turn"))),
            "arm: the model paused for a tool of the server, which is not waited for");
  EXPECT_EQ(error(replied(*arm, says(""))), "arm: the model gave an empty reply");
  EXPECT_EQ(error(replied(*arm, message(Json::array()))), "arm: the model gave an empty reply");
  EXPECT_EQ(error(replied(*arm, Json::object())), "infrastructure: the response has no `content`");
  EXPECT_EQ(
      error(result(
          *arm, {{"code", 529},
                 {"body",
                  R"({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}})"}})),
      "infrastructure: the server failed (HTTP 529): Overloaded");
  EXPECT_EQ(
      error(result(
          *arm,
          {{"code", 400},
           {"body",
            R"({"type": "error", "error": {"type": "invalid_request_error", "message": "prompt is too long"}})"}})),
      "arm: the server did not accept the request (HTTP 400): prompt is too long");
  auto const calls =
      message(Json::parse(R"([{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": "I call."},
    {"type": "tool_use", "id": "t", "name": "refund", "input": {"amount": 3}}])"),
              "tool_use");
  EXPECT_EQ(replied(*arm, calls)["output"], R"([{"name":"refund","arguments":{"amount":3}}])");
}

TEST_F(ArmAnthropic, ReadsAStream) {
  auto arm = make(settings({{"stream", true}}));
  auto const http = call(*arm, {});
  EXPECT_EQ(http["stream"]["first_token"], Json({"/delta/text", "/delta/partial_json"}));
  EXPECT_EQ(Json::parse(http["body"].get<std::string>())["stream"], true);
  auto const event = [](Json const& data) {
    return "event: " + data["type"].get<std::string>() + "\ndata: " + data.dump() + "\n\n";
  };
  auto const start = event(
      {{"type", "message_start"}, {"message", {{"usage", {{"input_tokens", 100}, {"output_tokens", 1}}}}}});
  auto const text = event({{"type", "content_block_start"},
                           {"index", 0},
                           {"content_block", {{"type", "text"}, {"text", ""}}}}) +
                    event({{"type", "ping"}}) +
                    event({{"type", "content_block_delta"},
                           {"index", 0},
                           {"delta", {{"type", "text_delta"}, {"text", "ga"}}}}) +
                    event({{"type", "content_block_delta"},
                           {"index", 0},
                           {"delta", {{"type", "text_delta"}, {"text", "mes"}}}}) +
                    event({{"type", "content_block_stop"}, {"index", 0}});
  auto const tool =
      event({{"type", "content_block_start"},
             {"index", 1},
             {"content_block", {{"type", "tool_use"}, {"name", "f"}, {"input", Json::object()}}}}) +
      event({{"type", "content_block_delta"},
             {"index", 1},
             {"delta", {{"type", "input_json_delta"}, {"partial_json", "{\"a\""}}}}) +
      event({{"type", "content_block_delta"},
             {"index", 1},
             {"delta", {{"type", "input_json_delta"}, {"partial_json", ": 1}"}}}});
  auto const end = [&](std::string const& reason) {
    return event({{"type", "message_delta"},
                  {"delta", {{"stop_reason", reason}}},
                  {"usage", {{"output_tokens", 10}}}}) +
           event({{"type", "message_stop"}});
  };
  EXPECT_EQ(result(*arm, {{"body", start + text + end("end_turn")}}).dump(),
            R"({"output":"games","cost_usd":0.00015,"tokens":{"in":100,"out":10}})");
  EXPECT_EQ(result(*arm, {{"body", start + text + tool + end("tool_use")}})["output"],
            R"([{"name":"f","arguments":{"a":1}}])");
  EXPECT_EQ(error(result(*arm, {{"body", start + text + end("max_tokens")}})),
            "arm: the reply was cut off at its length limit; raise `max_tokens`");
  EXPECT_EQ(error(result(*arm, {{"body", start + text}})),
            "infrastructure: the stream ended before the reply did");
  EXPECT_EQ(
      error(result(
          *arm,
          {{"body", start + event({{"type", "error"},
                                   {"error", {{"type", "overloaded_error"}, {"message", "Overloaded"}}}})}})),
      "infrastructure: the server failed in the middle of a reply: Overloaded");
}

TEST_F(ArmAnthropic, KeepsItsFieldsOutOfExtra) {
  EXPECT_EQ(refusal(settings({{"extra", R"({"max_tokens": 4})"}})).substr(0, 50),
            "`extra` holds `max_tokens`, which it may not chang");
  EXPECT_EQ(
      body(*make(settings({{"effort", "low"},
                           {"extra", R"({"thinking": {"type": "adaptive"}, "output_config": {"x": 1}})"}})),
           {})["output_config"]
          .dump(),
      R"({"effort":"low","x":1})");
}

}  // namespace
}  // namespace itera::tests
