#include <limits>
#include <string>

#include <gtest/gtest.h>
#include <itera/sdk/plugin.hpp>
#include <nlohmann/json.hpp>

namespace itera::tests {
namespace {

using sdk::json_number, sdk::json_quote, sdk::Settings;

TEST(SdkJson, QuotedTextReadsBack) {
  std::string text = "\"\\/ \xE2\x82\xAC\t\r\n";
  for (char c = 0; c < 0x20; ++c) text += c;
  EXPECT_EQ(nlohmann::json::parse(json_quote(text)).get<std::string>(), text);
  EXPECT_EQ(json_quote("a\nb"), "\"a\\nb\"");
}

TEST(SdkJson, NumbersAreShortAndExact) {
  EXPECT_EQ(json_number(0.1), "0.1");
  EXPECT_EQ(json_number(1), "1");
  EXPECT_EQ(nlohmann::json::parse(json_number(1e-300)).get<double>(), 1e-300);
  EXPECT_THROW(json_number(std::numeric_limits<double>::quiet_NaN()), sdk::Error);
}

TEST(SdkJson, ScoresAndAnswersAreDocuments) {
  using sdk::Step;
  EXPECT_EQ(Step::to_json(sdk::Score{.value = 0.5, .passed = true}), R"({"value":0.5,"passed":true})");
  auto const score =
      nlohmann::json::parse(Step::to_json(sdk::Score{.failures = {"a", "b\""}, .reason = "r"}));
  EXPECT_EQ(score["failures"][1], "b\"");
  auto const answer =
      nlohmann::json::parse(Step::to_json(sdk::Answer{.output = "x", .latency_ms = 3, .tokens = {{1, 2}}}));
  EXPECT_EQ(answer["tokens"]["in"], 1);
  EXPECT_FALSE(answer.contains("cost_usd"));
}

TEST(SdkSettings, ReadsAllTypes) {
  Settings const s(
      R"( {"text": "a\"\u20AC\ud83d\ude00\n", "n": -2.5e1, "i": 42, "yes": true, "no": false, "none": null,
                        "words": ["a", "b c"], "nothing": [] } )");
  EXPECT_EQ(s.text("text"), "a\"\xE2\x82\xAC\xF0\x9F\x98\x80\n");
  EXPECT_EQ(s.number("n"), -25);
  EXPECT_EQ(s.integer("i"), 42);
  EXPECT_TRUE(s.flag("yes"));
  EXPECT_FALSE(s.flag("no"));
  EXPECT_FALSE(s.has("none"));
  EXPECT_FALSE(s.has("absent"));
  EXPECT_EQ(s.words("words"), (std::vector<std::string>{"a", "b c"}));
  EXPECT_TRUE(s.words("nothing").empty());
  EXPECT_TRUE(Settings("{}").json() == "{}");
}

TEST(SdkSettings, SaysWhatIsMissingOrOfAnotherType) {
  Settings const s(R"({"text": "a", "n": 1.5})");
  auto const why = [](auto&& read) -> std::string {
    try {
      read();
    } catch (sdk::Invalid const& e) {
      return e.what();
    }
    return "nothing";
  };
  EXPECT_EQ(why([&] { (void)s.text("gone"); }), "setting `gone` is missing");
  EXPECT_EQ(why([&] { (void)s.number("text"); }), "setting `text` must be a number");
  EXPECT_EQ(why([&] { (void)s.integer("n"); }), "setting `n` must be a whole number");
  EXPECT_EQ(why([&] { (void)s.words("text"); }), "setting `text` must be a list of texts");
}

TEST(SdkSettings, RefusesWhatIsNoFlatObject) {
  for (auto const* text :
       {"", "[]", "{", "{\"a\"}", "{\"a\": \"x}", "{\"a\": [1]}", "{\"a\": \"\\u12\"}", "{\"a\": \"\\q\"}"})
    EXPECT_THROW(Settings{text}, sdk::Error) << text;
}

}  // namespace
}  // namespace itera::tests
