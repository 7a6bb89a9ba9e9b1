// The judges that give shares, against their published definitions: tests/data/text_judges.
#include <algorithm>
#include <fstream>

#include "tests/plugin/judges.hpp"

namespace itera::tests {
namespace {

Json vectors(std::string const& judge) {
  std::ifstream in(ITERA_SOURCE_DIR "/tests/data/text_judges/vectors.json");
  return Json::parse(in).at(judge);
}

void expect_agreement(std::string const& name, Json const& more = Json::object()) {
  auto const all = vectors(name);
  EXPECT_GE(all.size(), 100U);
  for (bool const unicode : {false, true}) {
    Json settings = {{"unicode", unicode}};
    settings.update(more);
    Judged judge(name, settings);
    std::size_t graded = 0;
    for (auto const& v : all) {
      if (v.at("unicode") != unicode) continue;
      double const score = v.at("score");
      graded += score > 0 && score < 1;
      EXPECT_NEAR(judge.value(v.at("answer").get<std::string>(), v.at("expected").get<std::string>()), score,
                  1e-12)
          << v;
    }
    EXPECT_GE(graded, 20U) << "vectors of 0 and 1 only would try little";
  }
}

TEST(GradedJudges, TokenF1IsSquads) {
  expect_agreement("token_f1");
}
TEST(GradedJudges, RougeLIsRougeScores) {
  expect_agreement("rouge_l");
}
TEST(GradedJudges, EditSimilarityIsLevenshteins) {
  expect_agreement("edit_similarity", {{"ignore_space", false}});
}

TEST(GradedJudges, SetMatchHasFiveMeasures) {
  for (auto const* measure : {"equal", "jaccard", "precision", "recall", "f1"}) {
    Judged judge("set_match", {{"score", measure}});
    for (auto const& v : vectors("set_match"))
      EXPECT_NEAR(judge.value(v.at("answer").get<std::string>(), v.at("expected").get<std::string>()),
                  v.at("scores").at(measure).get<double>(), 1e-12)
          << measure << " " << v;
  }
}

// The README of google-research/rouge prints this pair: precision 0.625, recall 0.5556, F 0.5882.
TEST(GradedJudges, RougeLHasItsReadmesExample) {
  Judged judge("rouge_l");
  auto const out =
      judge("The quick brown dog jumps on the log.", "The quick brown fox jumps over the lazy dog");
  EXPECT_NEAR(out["value"].get<double>(), 0.5882352941176471, 1e-12);
  EXPECT_EQ(
      out["reason"],
      "ROUGE-L 0.5882 (precision 0.625, recall 0.5556): expected `The quick brown fox jumps over the lazy "
      "dog`, got `The quick brown dog jumps on the log.`");
  // Lin 2004, section 3.1: S2 has three of four words in order, S3 two.
  EXPECT_DOUBLE_EQ(judge.value("police kill the gunman", "police killed the gunman"), 0.75);
  EXPECT_DOUBLE_EQ(judge.value("the gunman kill police", "police killed the gunman"), 0.5);
}

TEST(GradedJudges, TheBestAcceptedAnswerCounts) {
  Json const several = {{"separator", "|"}};
  EXPECT_EQ(Judged("token_f1", several)("the Denver Broncos", "New York|Denver Broncos|Broncos")["reason"],
            "F1 1 (precision 1, recall 1): expected `Denver Broncos`, got `the Denver Broncos`");
  EXPECT_DOUBLE_EQ(Judged("rouge_l", several).value("a b", "c|a b d|a"), 0.8);
  EXPECT_EQ(Judged("edit_similarity", several)("sitting", "kitten|sittin|x")["reason"],
            "similarity 0.8571 (1 edits): expected `sittin`, got `sitting`");
  EXPECT_DOUBLE_EQ(Judged("token_f1").value("a|b", "a|b"), 1.0) << "no separator by default";
}

TEST(GradedJudges, ARowIsPassedFromPassAtOn) {
  for (auto const* name : {"token_f1", "rouge_l", "edit_similarity"}) {
    EXPECT_EQ(Judged(name)("ab", "cd")["passed"], false) << name;
    EXPECT_EQ(Judged(name)("ab", "ab")["passed"], true) << name;
  }
  EXPECT_EQ(Judged("token_f1")("x y", "x z")["passed"], true) << "0.5";
  EXPECT_EQ(Judged("token_f1", {{"pass_at", 0.51}})("x y", "x z")["passed"], false);
  Json const shares = {{"score", "jaccard"}, {"pass_at", 0.5}};
  EXPECT_EQ(Judged("set_match", shares)("x", "x,y")["passed"], true);
  EXPECT_EQ(Judged("set_match", shares)("x", "x,y,z")["passed"], false);
}

TEST(GradedJudges, EmptyTextsAreDefined) {
  for (auto const* name : {"token_f1", "edit_similarity", "set_match"}) {
    Judged judge(name);
    EXPECT_DOUBLE_EQ(judge.value("", ""), 1.0) << name;
    EXPECT_DOUBLE_EQ(judge.value("", "x"), 0.0) << name;
    EXPECT_DOUBLE_EQ(judge.value("x", ""), 0.0) << name;
  }
  auto const out = Judged("rouge_l")("", "");
  EXPECT_EQ(out["value"], 0.0) << "as rouge_score has it";
  EXPECT_EQ(out["reason"], "ROUGE-L 0 (precision 0, recall 0): expected ``, got ``, which has no words");
}

TEST(GradedJudges, RougeLHasWordsOfAllScriptsIfAsked) {
  std::string const chinese = "\u4e2d\u6587", german = "stra\u00dfe";
  EXPECT_DOUBLE_EQ(Judged("rouge_l").value(chinese, chinese), 0.0)
      << "rouge_score's tokenizer knows no such letter";
  Judged judge("rouge_l", {{"all_scripts", true}});
  EXPECT_DOUBLE_EQ(judge.value(chinese, chinese), 1.0);
  EXPECT_DOUBLE_EQ(judge.value(german, "stra e"), 0.0);
  EXPECT_DOUBLE_EQ(judge.value("The fox", "the FOX"), 1.0);
}

TEST(GradedJudges, EditSimilarityCountsCharactersNotBytes) {
  std::string const umlaut = "\u00e4";
  Judged judge("edit_similarity");
  EXPECT_DOUBLE_EQ(judge.value("b" + umlaut, "bx"), 0.5);
  EXPECT_DOUBLE_EQ(judge.value("a\u0308", umlaut), 1.0) << "composed and decomposed";
  EXPECT_DOUBLE_EQ(judge.value(" A  b ", "A b"), 1.0);
  EXPECT_DOUBLE_EQ(Judged("edit_similarity", {{"ignore_case", true}}).value("\u00c4B", umlaut + "b"), 1.0);
  EXPECT_NEAR(judge.value("kitten", "sitting"), 1 - 3.0 / 7, 1e-12);
}

TEST(GradedJudges, BytesThatAreNotUtf8AreJudgedAsSuch) {
  std::string const broken = "a\xff\xc3", other = "a\xfe\xc3";
  EXPECT_DOUBLE_EQ(Judged("edit_similarity").value(broken, broken), 1.0);
  EXPECT_NEAR(Judged("edit_similarity").value(broken, other), 1 - 1.0 / 3, 1e-12);
  EXPECT_NEAR(Judged("edit_similarity").value(broken, "a\ufffd\ufffd"), 1 - 2.0 / 3, 1e-12)
      << "no byte equals a character";
  EXPECT_EQ(Judged("edit_similarity")(broken, "a")["reason"],
            "similarity 0.3333 (2 edits): expected `a`, got `a\ufffd\ufffd`");
  EXPECT_DOUBLE_EQ(Judged("token_f1").value(broken + " b", "b"), 2.0 / 3);
  EXPECT_DOUBLE_EQ(Judged("rouge_l").value(broken + " b", "a b"), 1.0);
  EXPECT_DOUBLE_EQ(Judged("set_match").value(broken + ",b", "b," + broken), 1.0);
}

TEST(GradedJudges, LongTextsAreEndedByALimitThatNamesItsSetting) {
  std::string ten_megabytes;
  while (ten_megabytes.size() < 10'000'000) ten_megabytes += "word after word ";
  EXPECT_EQ(
      Judged("edit_similarity").error(ten_megabytes, "x"),
      "the answer has 9999999 characters; judge `edit_similarity` compares at most 20000 (`max_length`)");
  EXPECT_EQ(
      Judged("edit_similarity", {{"max_length", 3}}).error("x", "abcd"),
      "the expected answer has 4 characters; judge `edit_similarity` compares at most 3 (`max_length`)");
  EXPECT_EQ(Judged("rouge_l").error(ten_megabytes, "x"),
            "the answer has 1875000 words; judge `rouge_l` compares at most 20000 (`max_words`)");
  EXPECT_EQ(Judged("rouge_l", {{"max_words", 3}}).error("x", "a b c d"),
            "the expected answer has 4 words; judge `rouge_l` compares at most 3 (`max_words`)");
  EXPECT_EQ(Judged("edit_similarity", {{"max_length", 3}}).error("abc", "abc"), "");
  EXPECT_NEAR(Judged("token_f1").value(ten_megabytes, "word"), 2 * (1.0 / 1875000) / (1.0 / 1875000 + 1),
              1e-12);
  EXPECT_DOUBLE_EQ(Judged("set_match").value(ten_megabytes + ",b", "b"), 0.0);
}

TEST(GradedJudges, SetMatchSaysWhatIsMissingAndWhatIsTooMuch) {
  Judged judge("set_match");
  EXPECT_EQ(judge("red, green ,blue", "green,blue,red")["reason"], "the sets are equal");
  EXPECT_EQ(judge("red,red", "red")["value"], 1.0) << "a set has no doubles";
  EXPECT_EQ(judge("red,pink", "green,red,blue")["reason"],
            "1 of 3 expected members, lacks `blue`, `green`, has besides `pink`");
  EXPECT_EQ(Judged("set_match", {{"separator", "\n"}}).value("a\nb\n", "b\na"), 1.0);
  EXPECT_EQ(refusal("set_match", {{"separator", ""}}),
            std::pair(std::string("judge `set_match`: `separator` of judge `set_match` is empty"),
                      std::string("write what stands between two members, for example `separator = \",\"`")));
}

TEST(TextJudges, ARowWithoutAnExpectedAnswerIsAJudgeError) {
  for (auto const* name : {"contains", "edit_similarity", "exact", "json", "numeric", "regex", "rouge_l",
                           "set_match", "token_f1"})
    EXPECT_EQ(Judged(name).error("x", std::nullopt),
              std::string("the row has no expected answer, which judge `") + name + "` compares with");
}

TEST(TextJudges, EachSettingHasItsHelp) {
  Plugins plugins;
  for (auto const& name : plugins.catalog.names(ports::PluginKind::judge)) {
    if (name == "faulty" || name == "llm") continue;  // a model is no deterministic judge
    auto const& info = plugins.info(ports::PluginKind::judge, name);
    EXPECT_TRUE(ports::has_trait(info, "deterministic")) << name;
    for (auto const& setting : info.settings) {
      EXPECT_FALSE(setting.help.empty()) << name << " " << setting.name;
      bool const numeric =
          setting.type == ports::SettingType::number || setting.type == ports::SettingType::integer;
      EXPECT_TRUE(!numeric || setting.minimum) << name << " " << setting.name;
    }
  }
}

}  // namespace
}  // namespace itera::tests
