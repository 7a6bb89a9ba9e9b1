#include "tests/plugin/judges.hpp"

namespace itera::tests {
namespace {

TEST(JudgeJson, ComparesEachMemberOfTheExpectedObject) {
  Judged judge("json");
  auto const* expected = R"({"vendor": "ACME", "total": 12.50})";
  EXPECT_EQ(judge(R"({"total": 12.5, "vendor": "ACME", "note": "more is no harm"})", expected)["reason"],
            "2 of 2 fields equal");
  auto const out = judge(R"({"total": 12, "vendor": "ACME"})", expected);
  EXPECT_EQ(out["value"], 0.0);
  EXPECT_EQ(out["passed"], false);
  EXPECT_EQ(out["reason"], "1 of 2 fields equal; `/total`: expected `12.5`, got `12`");
  EXPECT_EQ(judge(R"({"vendor": "ACME"})", expected)["reason"],
            "1 of 2 fields equal; `/total`: expected `12.5`, got nothing");
}

TEST(JudgeJson, FieldsAreJsonPointers) {
  Judged judge("json", {{"fields", {"/lines/0/sum", "/a~1b"}}, {"score", "share"}});
  auto const* expected = R"({"lines": [{"sum": 3}], "a/b": true, "other": 1})";
  EXPECT_DOUBLE_EQ(judge.value(R"({"lines": [{"sum": 3.0}], "a/b": true, "other": 2})", expected), 1.0);
  auto const half = judge(R"({"lines": [{"sum": 3}], "a/b": "true"})", expected);
  EXPECT_EQ(half["value"], 0.5);
  EXPECT_EQ(half["passed"], false);
  EXPECT_EQ(half["reason"], "1 of 2 fields equal; `/a~1b`: expected `true`, got `\"true\"`");
  EXPECT_DOUBLE_EQ(judge.value(R"({"lines": {"0": 1}})", expected), 0.0) << "another shape";
  EXPECT_DOUBLE_EQ(judge.value(R"({"lines": []})", expected), 0.0);
  Json const lenient = {{"fields", {"/a", "/b"}}, {"score", "share"}, {"pass_at", 0.5}};
  EXPECT_EQ(Judged("json", lenient)(R"({"a": 1})", R"({"a": 1, "b": 2})")["passed"], true);
}

TEST(JudgeJson, ATextOrAListIsComparedAsAWhole) {
  Judged judge("json");
  EXPECT_DOUBLE_EQ(judge.value(" [1, 2] ", "[1,2]"), 1.0);
  EXPECT_EQ(judge("[2,1]", "[1,2]")["reason"],
            "0 of 1 fields equal; the answer: expected `[1,2]`, got `[2,1]`");
  EXPECT_DOUBLE_EQ(judge.value("{}", "{}"), 1.0);
  EXPECT_DOUBLE_EQ(judge.value("null", "null"), 1.0);
}

TEST(JudgeJson, NoJsonInTheAnswerIsWrongAndInTheCellAJudgeError) {
  Judged judge("json");
  auto const out = judge("Here it is: {}", "{}");
  EXPECT_EQ(out["value"], 0.0);
  EXPECT_EQ(
      out["reason"],
      "the answer is no JSON: parse error at line 1, column 1: syntax error while parsing value - invalid "
      "literal; last read: 'H'");
  EXPECT_EQ(judge("", "{}")["reason"], "the answer is no JSON: it is empty");
  EXPECT_EQ(judge("{\"a\": \"\xff\"}", "{}")["value"], 0.0);
  EXPECT_EQ(judge.error("{}", ""), "the expected answer is no JSON: it is empty");
  EXPECT_EQ(judge.error("{}", "{").substr(0, 60),
            "the expected answer is no JSON: parse error at line 1, colum");
  EXPECT_EQ(Judged("json", {{"fields", {"/a", "/b"}}}).error("{}", R"({"a": 1})"),
            "the expected answer has no field `/b`");
}

TEST(JudgeJson, DepthAndSizeAreBounded) {
  Judged judge("json");
  auto const nested = std::string(129, '[') + std::string(129, ']');
  EXPECT_EQ(judge(nested, "[]")["reason"], "the answer is no JSON: it is nested more than 128 levels deep");
  EXPECT_EQ(judge(std::string(10'000'000, '['), "[]")["value"], 0.0);
  EXPECT_DOUBLE_EQ(judge.value(nested.substr(1, 256), nested.substr(1, 256)), 1.0);
  EXPECT_DOUBLE_EQ(judge.value("\"" + std::string(10'000'000, '[') + "\"", "\"x\""), 0.0);
}

TEST(JudgeJson, WrongFieldsAreRefused) {
  EXPECT_EQ(refusal("json", {{"fields", {"/a", "total"}}}),
            std::pair(std::string("judge `json`: `fields` of judge `json`: `total` is no JSON pointer"),
                      std::string(
                          "a pointer begins with `/`, for example `/total` or `/items/0/name` (RFC 6901)")));
  EXPECT_EQ(refusal("json", {{"fields", Json::array()}}).first,
            "judge `json`: `fields` of judge `json` is empty");
}

}  // namespace
}  // namespace itera::tests
