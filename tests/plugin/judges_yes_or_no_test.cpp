// The judges whose score is 0 or 1: contains, numeric, regex.
#include <chrono>
#include <fstream>

#include "tests/plugin/judges.hpp"

namespace itera::tests {
namespace {

TEST(JudgeContains, LooksForTheExpectedAnswer) {
  Judged judge("contains");
  EXPECT_EQ(judge("the answer is Paris.", "Paris")["reason"],
            "it holds all that is looked for, got `the answer is Paris.`");
  EXPECT_EQ(judge("paris", "Paris")["reason"], "it lacks `Paris`, got `paris`");
  EXPECT_DOUBLE_EQ(judge.value("a  b", "a b"), 1.0);
  EXPECT_DOUBLE_EQ(judge.value("", "a"), 0.0);
  EXPECT_DOUBLE_EQ(judge.value("a|b", "a|b"), 1.0) << "no separator by default";
  Judged folded("contains", {{"ignore_case", true}});
  EXPECT_DOUBLE_EQ(folded.value("STRASSE 5", "stra\u00dfe"), 1.0);
  EXPECT_DOUBLE_EQ(folded.value("e\u0301tude", "\u00c9TUDE"), 1.0);
}

TEST(JudgeContains, AllOrAnyOfSeveral) {
  Judged all("contains", {{"separator", ";"}});
  EXPECT_DOUBLE_EQ(all.value("x and y", "x;y"), 1.0);
  EXPECT_EQ(all("x", "x;y;z;")["reason"], "it lacks `y`, `z`, got `x`");
  Judged any("contains", {{"separator", ";"}, {"need", "any"}});
  EXPECT_EQ(any("has y", "x;y")["reason"], "it holds `y`, got `has y`");
  EXPECT_EQ(any("z", "x;y")["reason"], "it lacks `x`, `y`, got `z`");
}

TEST(JudgeContains, TextsOfTheSpecNeedNoExpectedAnswer) {
  Judged judge("contains", {{"texts", {"sorry", "cannot"}}, {"need", "any"}});
  EXPECT_EQ(judge("I cannot do it", std::nullopt)["value"], 1.0);
  EXPECT_EQ(judge("done", "sorry")["value"], 0.0);
  EXPECT_EQ(refusal("contains", {{"texts", {"a", ""}}}).first,
            "judge `contains`: `texts` of judge `contains` holds no text, or an empty one, which stands in "
            "every answer");
  EXPECT_EQ(refusal("contains", {{"texts", Json::array()}}).second,
            "name what is looked for, or leave `texts` out to look for the row's expected answer");
  EXPECT_EQ(refusal("contains", {{"texts", {"a"}}, {"separator", ";"}}).first,
            "judge `contains`: judge `contains` has both `texts` and `separator`");
}

TEST(JudgeContains, WholeWords) {
  Judged judge("contains", {{"whole_words", true}});
  EXPECT_DOUBLE_EQ(judge.value("a cat.", "cat"), 1.0);
  EXPECT_DOUBLE_EQ(judge.value("concatenate, cats", "cat"), 0.0);
  EXPECT_DOUBLE_EQ(judge.value("cats and (cat)", "cat"), 1.0) << "the second place counts";
  EXPECT_DOUBLE_EQ(judge.value("12345", "234"), 0.0);
  EXPECT_DOUBLE_EQ(judge.value("\u00e4cat", "cat"), 0.0) << "letters of all scripts";
  EXPECT_DOUBLE_EQ(judge.value("c++17", "c++"), 1.0) << "a mark at its end parts it";
}

TEST(JudgeContains, AnEmptyExpectedAnswerIsAJudgeError) {
  for (auto const* cell : {"", " ", ";;"})
    EXPECT_EQ(Judged("contains", {{"separator", ";"}}).error("x", cell),
              "the row's expected answer is empty, and so stands in every answer");
}

TEST(JudgeContains, RepetitiveTextsTakeLinearTime) {
  std::string const text(1'000'000, 'a');
  auto const part = std::string(100'000, 'a') + "b";
  EXPECT_DOUBLE_EQ(Judged("contains", {{"whole_words", true}}).value(text, part), 0.0);
  EXPECT_DOUBLE_EQ(Judged("contains", {{"whole_words", true}}).value(text, std::string(100'000, 'a')), 0.0);
  EXPECT_DOUBLE_EQ(Judged("contains").value(std::string(10'000'000, 'x'), "y"), 0.0);
  EXPECT_DOUBLE_EQ(Judged("contains").value(text + "\xff" + "b", std::string("a\xff") + "b"), 1.0)
      << "bytes that are not UTF-8";
}

TEST(JudgeNumeric, HasTheTolerancesOfPytestApprox) {
  std::ifstream in(ITERA_SOURCE_DIR "/tests/data/text_judges/vectors.json");
  std::size_t right = 0, all = 0;
  auto const vectors = Json::parse(in).at("numeric");
  for (auto const& v : vectors) {
    Judged judge("numeric", {{"relative", v.at("relative")}, {"absolute", v.at("absolute")}});
    auto const score = judge.value(v.at("answer").get<std::string>(), v.at("expected").get<std::string>());
    EXPECT_EQ(score, v.at("score").get<double>()) << v;
    ++all, right += score == 1;
  }
  EXPECT_GT(right, 15U);
  EXPECT_LT(right + 15, all);
}

TEST(JudgeNumeric, ComparesNumbersNotTexts) {
  Judged judge("numeric");
  EXPECT_EQ(judge(" 42.0 ", "42")["reason"], "expected 42, got 42");
  EXPECT_EQ(judge("41.5", "42")["reason"], "expected 42, got 41.5");
  for (auto const* same : {"1e3", "+1000", "1000.", "\uff11\uff10\uff10\uff10"})
    EXPECT_DOUBLE_EQ(judge.value(same, "1000"), 1.0) << same;
  EXPECT_DOUBLE_EQ(judge.value("\u22125", "-5"), 1.0) << "the minus sign";
  EXPECT_DOUBLE_EQ(judge.value("-.5", "-0.5"), 1.0);
  EXPECT_DOUBLE_EQ(judge.value("0.30000000000000004", "0.3"), 0.0) << "no tolerance by default";
  EXPECT_DOUBLE_EQ(Judged("numeric", {{"absolute", 0.1}}).value("1.1", "1.0"), 1.0) << "binary fractions";
}

TEST(JudgeNumeric, NoNumberInTheAnswerIsWrongAndInTheCellAJudgeError) {
  Judged judge("numeric");
  for (auto const* no :
       {"", "about 42", "42 apples", "1,234", "0x10", "nan", "inf", "1e999", ".", "-", "1e", "4\xff"}) {
    auto const out = judge(no, "42");
    EXPECT_EQ(out["value"], 0.0) << no;
    EXPECT_EQ(out["reason"].get<std::string>().substr(0, 24), "the answer is no number:") << no;
  }
  EXPECT_EQ(judge.error("42", "n/a"), "the expected answer `n/a` is no number");
  EXPECT_EQ(judge.error("42", ""), "the expected answer `` is no number");
  EXPECT_EQ(judge.error("42", "42 or 43"), "the expected answer `42 or 43` is no number");
}

TEST(JudgeNumeric, TakesTheFirstOrTheLastNumberOfAText) {
  Judged first("numeric", {{"take", "first"}});
  Judged last("numeric", {{"take", "last"}});
  EXPECT_DOUBLE_EQ(first.value("GPT4 says 7, not 8.", "7"), 1.0) << "a name has no number";
  EXPECT_DOUBLE_EQ(last.value("7 and 8.", "8"), 1.0);
  EXPECT_DOUBLE_EQ(last.value("10-12", "12"), 1.0) << "a dash";
  EXPECT_DOUBLE_EQ(last.value("at -3", "-3"), 1.0);
  EXPECT_DOUBLE_EQ(last.value("about \u22123 degrees", "-3"), 1.0);
  EXPECT_EQ(last("none", "3")["reason"], "the answer holds no number: `none`");
  EXPECT_DOUBLE_EQ(last.value(std::string(10'000'000, '1') + " 3", "3"), 1.0);
}

TEST(JudgeNumeric, ThousandsAndDecimalMarksAsSaid) {
  Judged point("numeric", {{"thousands", true}});
  EXPECT_DOUBLE_EQ(point.value("1,234,567.5", "1234567.5"), 1.0);
  EXPECT_DOUBLE_EQ(point.value("12,34", "1234"), 0.0) << "groups have three digits";
  EXPECT_DOUBLE_EQ(point.value("1234,567", "1234567"), 0.0);
  Judged comma("numeric", {{"thousands", true}, {"decimal", "comma"}});
  EXPECT_DOUBLE_EQ(comma.value("1.234,5", "1234,50"), 1.0);
  EXPECT_DOUBLE_EQ(Judged("numeric", {{"decimal", "comma"}}).value("1.234", "1234"), 0.0);
}

TEST(JudgeRegex, FullOrPartial) {
  Judged full("regex", {{"pattern", "\\d{4}-\\d\\d"}});
  EXPECT_EQ(full("2026-11", std::nullopt)["reason"], "matches `\\d{4}-\\d\\d`: `2026-11`");
  EXPECT_EQ(full("on 2026-11", std::nullopt)["reason"], "does not match `\\d{4}-\\d\\d`: `on 2026-11`");
  Judged partial("regex", {{"pattern", "\\d{4}-\\d\\d"}, {"match", "partial"}});
  EXPECT_EQ(partial("on 2026-11", std::nullopt)["value"], 1.0);
  EXPECT_EQ(Judged("regex", {{"pattern", "y(es)?"}, {"ignore_case", true}})("YES", std::nullopt)["value"],
            1.0);
  EXPECT_EQ(Judged("regex", {{"pattern", ""}})("", std::nullopt)["value"], 1.0);
  EXPECT_EQ(Judged("regex", {{"pattern", "."}})("\u00e4", std::nullopt)["value"], 1.0)
      << "characters, not bytes";
  EXPECT_EQ(Judged("regex", {{"pattern", "a.b"}})("a\xff"
                                                  "b",
                                                  std::nullopt)["value"],
            1.0)
      << "a byte that is not UTF-8 is one U+FFFD";
}

TEST(JudgeRegex, ThePatternMayBeTheExpectedAnswer) {
  Judged judge("regex");
  EXPECT_DOUBLE_EQ(judge.value("abc", "a.c"), 1.0);
  EXPECT_DOUBLE_EQ(judge.value("abd", "a.c"), 0.0);
  EXPECT_DOUBLE_EQ(judge.value("", ""), 1.0);
  EXPECT_EQ(judge.error("x", "(a"), "the expected answer `(a` is no regular expression: missing ): (a");
  EXPECT_TRUE(
      judge.error("x", "\xff").starts_with("the expected answer `\ufffd` is no regular expression: "));
}

TEST(JudgeRegex, ABadPatternIsFoundAtOnceWithRe2sMessage) {
  EXPECT_EQ(refusal("regex", {{"pattern", "a[b"}}).first,
            "judge `regex`: `pattern` of judge `regex` is no regular expression: missing ]: [b");
  EXPECT_EQ(refusal("regex", {{"pattern", "(?<=a)b"}}).second,
            "RE2 has no look-around and no back-references; its syntax is at "
            "https://github.com/google/re2/wiki/Syntax");
  EXPECT_EQ(
      refusal("regex", {{"pattern", "((((a{100}){100}){100}){100}){100}"}}).first,
      "judge `regex`: `pattern` of judge `regex` is no regular expression: invalid repetition size: {100}");
}

// Engines that go back try a billion ways on thirty letters of these.
TEST(JudgeRegex, NoPatternTakesMoreThanLinearTime) {
  for (auto const* pattern : {"(a+)+b", "(a|aa)+$b", "(.*)*x", "([a-z]+)*\\d"}) {
    std::string const text(pattern[1] == 'a' ? 10'000'000 : 1'000'000, 'a');
    auto const begin = std::chrono::steady_clock::now();
    EXPECT_EQ(Judged("regex", {{"pattern", pattern}})(text, std::nullopt)["value"], 0.0) << pattern;
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20)) << pattern;
  }
}

}  // namespace
}  // namespace itera::tests
