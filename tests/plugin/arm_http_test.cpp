#include "tests/plugin/models.hpp"

namespace itera::tests {
namespace {

class ArmHttp : public ModelArmTest {
 protected:
  ArmHttp() : ModelArmTest("http") {}

  static Json settings(Json more = Json::object()) {
    Json all = {
        {"url", "https://search.example/v1/ask"}, {"body", R"({"q": "{{text}}"})"}, {"output", "/answer"}};
    all.update(more);
    return all;
  }
};

TEST_F(ArmHttp, SendsWhatTheTemplatesSay) {
  auto arm = make(settings({{"url", "https://search.example/{{lang}}/ask?k={{json n}}"},
                            {"headers", {"Accept: application/json", "X-Team:  a b"}},
                            {"body", R"({"q": "{{text}}", "n": {{json n}}})"},
                            {"api_key", ports::secret_mark("KEY")},
                            {"cost_per_call", 0.01}}));
  auto const http = call(*arm, {{"text", "a \"b\""}, {"n", 3}, {"lang", "d/e"}});
  EXPECT_EQ(http["method"], "POST");
  EXPECT_EQ(http["url"], "https://search.example/d%2Fe/ask?k=3");
  EXPECT_EQ(http["body"], R"({"q": "a \"b\"", "n": 3})");
  EXPECT_EQ(
      http["headers"].dump(-1, ' ', true),
      R"({"content-type":"application/json","accept":"application/json","x-team":"a b","authorization":"Bearer \u001asecret:KEY\u001a"})");
  EXPECT_EQ(http["most_usd"], 0.01);
  auto get = make(
      {{"url", "http://h/x?q={{text}}"}, {"method", "GET"}, {"api_key", "K"}, {"api_key_header", "X-Key:"}});
  auto const asked = call(*get, {{"text", "a&b"}});
  EXPECT_EQ(asked["url"], "http://h/x?q=a%26b");
  EXPECT_EQ(asked["body"], "");
  EXPECT_EQ(asked["headers"].dump(), R"({"x-key":"K"})");
  EXPECT_FALSE(asked.contains("most_usd"));
}

TEST_F(ArmHttp, TakesTheAnswerOut) {
  auto arm = make(
      settings({{"error", "/error"}, {"cost", "/usd"}, {"tokens_in", "/t/in"}, {"tokens_out", "/t/out"}}));
  EXPECT_EQ(replied(*arm, Json::parse(
                              R"({"answer": "games", "error": null, "usd": 0.5, "t": {"in": 3, "out": 4}})"))
                .dump(),
            R"({"output":"games","cost_usd":0.5,"tokens":{"in":3,"out":4}})");
  EXPECT_EQ(replied(*arm, {{"answer", {1, "b"}}, {"usd", -1}, {"t", {{"in", 3}}}}).dump(),
            R"({"output":"[1,\"b\"]"})");
  EXPECT_EQ(error(replied(*arm, {{"error", "quota"}, {"answer", "x"}})), "arm: the reply says: quota");
  EXPECT_EQ(error(replied(*arm, {{"error", {{"code", 7}}}})), "arm: the reply says: {\"code\":7}");
  EXPECT_EQ(error(replied(*arm, {{"other", 1}})),
            "arm: nothing stands at `/answer` of the reply: {\"other\":1}");
  EXPECT_EQ(error(result(*arm, {{"body", "plain"}})), "arm: the reply is no JSON: plain");
  EXPECT_EQ(error(result(*arm, {{"body", ""}})), "arm: the reply is no JSON");
  EXPECT_EQ(error(result(*arm, {{"code", 404}})),
            "infrastructure: the server has nothing there (HTTP 404); check `url`");
  EXPECT_EQ(error(result(*arm, {{"code", 401}})),
            "infrastructure: the server does not know the key (HTTP 401); check `api_key` and `headers`");
  auto whole = make({{"url", "http://h/x"}, {"cost_per_call", 0.25}});
  EXPECT_EQ(result(*whole, {{"body", "plain text"}}).dump(), R"({"output":"plain text","cost_usd":0.25})");
  EXPECT_EQ(error(result(*whole, {{"body", ""}})), "arm: the reply is empty");
  EXPECT_EQ(replied(*make(settings()), {{"answer", "x"}}).dump(), R"({"output":"x"})") << "no cost is known";
}

TEST_F(ArmHttp, OneReplyFeedsTheNextCall) {
  auto arm = make(settings({{"then_url", "https://search.example/v1/rank"},
                            {"then_body", R"({"found": "{{reply}}", "for": "{{text}}"})"},
                            {"then_output", "/0/id"},
                            {"cost_per_call", 0.5}}));
  Json const row = {{"text", "T"}};
  auto const next = Json::parse(after(*arm, {{"body", R"({"answer": "a \"b\" {{text}}"})"}}, row).json);
  EXPECT_EQ(next["call"]["http"]["url"], "https://search.example/v1/rank");
  EXPECT_EQ(next["call"]["http"]["body"], R"({"found": "a \"b\" {{text}}", "for": "T"})");
  EXPECT_EQ(after(*arm, {{"body", R"([{"id": "games"}])"}}, row, next["state"].dump()).json,
            R"({"output":"games","cost_usd":1.0,"trace":["first reply: a \"b\" {{text}}"]})");
}

TEST_F(ArmHttp, RefusesSettingsThatCannotWork) {
  EXPECT_EQ(refusal(settings({{"url", "search.example"}})).substr(0, 43),
            "`url` is no absolute URL: `search.example` ");
  EXPECT_EQ(refusal(settings({{"url", "https://{{text}}.example/"}})).substr(0, 46),
            "`url`:1:9: `{{text}}` stands in the host | whe");
  EXPECT_EQ(refusal(settings({{"body", R"({"q": {{text}}})"}})).substr(0, 52),
            "`body`:1:7: `{{text}}` stands outside of a string | ");
  EXPECT_EQ(refusal(settings({{"body", "{\"q\": }"}})).substr(0, 31), "`body`:1:7: this is no JSON | w");
  EXPECT_EQ(refusal(settings({{"method", "GET"}})),
            "a GET call has no body | write `method = POST`, or leave `body` out");
  EXPECT_EQ(refusal(settings({{"headers", {"no colon"}}})),
            "`headers` holds no header: `no colon` | write a name, a colon and a value as in `\"accept: "
            "application/json\"`");
  EXPECT_EQ(refusal(settings({{"headers", {"a: b\r\nevil: 1"}}})).substr(0, 27),
            "`headers` holds no header: ");
  EXPECT_EQ(refusal(settings({{"then_output", "/x"}})),
            "`then_output` without a second call | write `then_body` or `then_url`, or leave it out");
  EXPECT_EQ(refusal(settings({{"tokens_in", "/x"}})),
            "`tokens_in` and `tokens_out` belong together | set both or neither");
  EXPECT_EQ(refusal(settings({{"cost", "usd"}})).substr(0, 32), "`cost` is no JSON pointer: `usd`");
}

}  // namespace
}  // namespace itera::tests
