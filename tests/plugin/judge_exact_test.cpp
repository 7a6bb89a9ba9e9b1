#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/plugin/support.hpp"

namespace itera::tests {
namespace {

using Json = nlohmann::json;

Json judge(std::string_view output, std::optional<std::string_view> expected,
           Json settings = Json::object()) {
  Plugins plugins;
  Json all = {{"ignore_case", false}, {"ignore_space", true}, {"unicode", true}};
  all.update(settings);
  auto judge = plugins.judge("exact", all.dump());
  ports::StepItem item;
  item.handle = 1;
  item.output = output;
  item.expected = expected;
  auto const out = step_one(*judge.value(), item);
  auto json = Json::parse(out.json);
  json["kind_of_result"] = out.kind == ports::StepResult::Kind::score ? "score" : "error";
  return json;
}

bool right(std::string_view output, std::string_view expected, Json settings = Json::object()) {
  auto const score = judge(output, expected, std::move(settings));
  EXPECT_EQ(score["value"], score["passed"].get<bool>() ? 1.0 : 0.0);
  return score["passed"];
}

TEST(JudgeExact, ComparesTexts) {
  EXPECT_TRUE(right("games", "games"));
  EXPECT_FALSE(right("Games", "games"));
  EXPECT_FALSE(right("game", "games"));
  EXPECT_TRUE(right("", ""));
  EXPECT_FALSE(right("", "games"));
  EXPECT_EQ(judge("web", "net")["reason"], "expected `net`, got `web`");
}

TEST(JudgeExact, WhiteSpaceIsOneBlankUnlessItCounts) {
  EXPECT_TRUE(right(" a \t\n b\r\n", "a b"));
  EXPECT_TRUE(
      right("a\xC2\xA0"
            "b",
            "a b"))
      << "no-break space";
  EXPECT_TRUE(
      right("a\xE2\x80\xA8"
            "b",
            "a b"))
      << "line separator";
  EXPECT_FALSE(right("a b ", "a b", {{"ignore_space", false}}));
  EXPECT_FALSE(
      right("a\xC2\xA0"
            "b",
            "a b", {{"unicode", false}}));
}

TEST(JudgeExact, CaseOfAllScriptsOrOfAsciiOnly) {
  EXPECT_TRUE(right("STRASSE",
                    "stra\xC3\x9F"
                    "e",
                    {{"ignore_case", true}}));
  EXPECT_TRUE(right("\xC3\x84RGER", "\xC3\xA4rger", {{"ignore_case", true}}));
  EXPECT_FALSE(right("\xC3\x84RGER", "\xC3\xA4rger", {{"ignore_case", true}, {"unicode", false}}));
  EXPECT_TRUE(right("NET", "net", {{"ignore_case", true}, {"unicode", false}}));
}

TEST(JudgeExact, NormalFormIsNfkc) {
  EXPECT_TRUE(right("e\xCC\x81", "\xC3\xA9")) << "composed and decomposed";
  EXPECT_TRUE(right("\xEF\xBC\x91\xEF\xBC\x92", "12")) << "full-width digits";
  EXPECT_FALSE(right("e\xCC\x81", "\xC3\xA9", {{"unicode", false}}));
}

TEST(JudgeExact, SeveralAcceptedAnswers) {
  Json const settings = {{"separator", "|"}};
  EXPECT_TRUE(right("b", "a | b|c", settings));
  EXPECT_FALSE(right("a|b", "a|b", settings));
  EXPECT_FALSE(right("", "a|b|", settings)) << "an empty part is a slip";
  EXPECT_TRUE(right("", "", settings));
  EXPECT_EQ(judge("x", "a|b", settings)["reason"], "expected one of `a`, `b`, got `x`");
  EXPECT_TRUE(right("a|b", "a|b")) << "no separator by default";
}

TEST(JudgeExact, ARowWithoutAnExpectedAnswerIsAJudgeError) {
  auto const out = judge("x", std::nullopt);
  EXPECT_EQ(out["kind_of_result"], "error");
  EXPECT_EQ(out["kind"], "judge");
}

TEST(JudgeExact, LongTextsAreShortenedBetweenCharacters) {
  std::string text(79, 'x');
  text += "\xE2\x82\xAC and so on";
  auto const reason = judge(text, "y")["reason"].get<std::string>();
  EXPECT_EQ(reason, "expected `y`, got `" + std::string(79, 'x') + "...`");
}

}  // namespace
}  // namespace itera::tests
