#include <gtest/gtest.h>

#include "core/base/file.hpp"
#include "core/base/render.hpp"
#include "dsl/grammar/parse.hpp"
#include "dsl/grammar/scan.hpp"
#include "tests/golden/dsl/spec_dump.hpp"
#include "tests/support/dice.hpp"

namespace itera::golden {
namespace {

using support::Dice;

std::string mutate(std::string text, std::string const& other, Dice& dice) {
  static std::vector<std::string> const tokens = {"{",
                                                  "}",
                                                  "[",
                                                  "]",
                                                  "\"",
                                                  "\"\"\"",
                                                  "`",
                                                  "=",
                                                  ",",
                                                  "//",
                                                  "\n",
                                                  "5pp",
                                                  "1/0",
                                                  "and",
                                                  "arm a from a",
                                                  "ship when",
                                                  "$-1",
                                                  "\\u{110000}",
                                                  "\xC3\xA9",
                                                  "(",
                                                  ")",
                                                  "experiment e {",
                                                  "env(",
                                                  "99999999999999999999",
                                                  "-",
                                                  "rows"};
  for (auto n = 1 + dice.below(4); n > 0; --n) {
    auto const at = dice.below(text.size() + 1);
    auto const length = std::min(dice.below(40), text.size() - at);
    switch (dice.below(5)) {
      case 0:
        text.erase(at, length);
        break;
      case 1:
        text.insert(at, tokens[dice.below(tokens.size())]);
        break;
      case 2:
        text.insert(at, text.substr(at, length));
        break;
      case 3:
        if (at < text.size()) text[at] = static_cast<char>(dice.below(256));
        break;
      default:
        text.insert(at, other.substr(dice.below(other.size() + 1), length));
        break;
    }
  }
  return text;
}

void expect_sane(SourceMap const& source) {
  auto const [experiments, problems] = read(source);
  bool failed = false;
  for (auto const& problem : problems) {
    failed = failed || problem.severity == Severity::error;
    EXPECT_LE(problem.subject.begin, problem.subject.end) << problem.summary;
    EXPECT_LE(problem.subject.end, source.text().size()) << problem.summary;
    for (auto const& label : problem.labels) EXPECT_LE(label.span.end, source.text().size()) << label.text;
    EXPECT_FALSE(problem.summary.empty());
    EXPECT_EQ(problem.summary.find('\n'), std::string::npos) << problem.summary;
    EXPECT_FALSE(render(problem, source, false).empty());
  }
  EXPECT_NE(failed, !experiments.empty());
}

TEST(Mutation, NoInputCrashesOrPointsOutsideTheFile) {
  std::vector<std::string> texts;
  for (auto const& name : golden_cases()) {
    auto text = read_file(golden_folder() + "/" + name + ".itera");
    if (text && text->size() < 20'000) texts.push_back(std::move(*text));
  }
  ASSERT_FALSE(texts.empty());
  Dice dice;
  for (int i = 0; i < 3000; ++i) {
    auto const& text = texts[dice.below(texts.size())];
    expect_sane(SourceMap("mutated.itera", mutate(text, texts[dice.below(texts.size())], dice)));
    if (HasFailure()) FAIL() << "at mutation " << i;
  }
}

// Every prefix: a file as it is while somebody types.
TEST(Mutation, EveryPrefixIsSane) {
  auto const text = read_file(golden_folder() + "/ok_full.itera");
  ASSERT_TRUE(text);
  for (std::size_t n = 0; n < text->size(); n += 3)
    expect_sane(SourceMap("prefix.itera", text->substr(0, n)));
}

std::string repeated(std::string const& part, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += part;
  return out;
}

std::string first_code(std::string text) {
  SourceMap const source("hostile.itera", std::move(text));
  Diagnostics problems;
  auto const tree = dsl::parse(source, problems);
  EXPECT_FALSE(tree.sound);
  auto const sorted = problems.sorted();
  return sorted.empty() ? "" : sorted.front().code;
}

TEST(Hostile, SizeAndDepthAreBounded) {
  EXPECT_EQ(first_code(std::string(dsl::grammar::kMaxBytes + 1, ' ')), "E107");
  EXPECT_EQ(first_code(repeated("a {\n", 100'000)), "E106");
  EXPECT_EQ(first_code("a b = " + repeated("[", 1'000'000)), "E106");
  EXPECT_EQ(first_code(repeated("a {\n", 200)), "E104");
}

TEST(Hostile, LargeNonsenseEndsSoonWithFewErrors) {
  for (std::string const part : {"}\n", "x = [1 2\n", ": ; :\n", "\"", "experiment e {\n}\n", "zzz\n",
                                 "a, b,\n", "`", "x=[\"", "\\"}) {
    SourceMap const source("nonsense.itera", repeated(part, 200'000 / part.size()));
    auto const [experiments, problems] = read(source);
    EXPECT_TRUE(experiments.empty());
    EXPECT_LE(problems.size(), 202U) << part;
    EXPECT_GE(problems.size(), 1U) << part;
  }
}

TEST(Hostile, ExpressionsAreBounded) {
  for (std::string const part :
       {"(", "- ", "not ", "1 + ", "min(1, ", "a == b and ", "x", "\"a\" ", "a, ", "1 -1"}) {
    for (std::string const head : {"row { key a  input b  severity ", "failure a weight 1 \"a\" when "}) {
      SourceMap const source("hostile.itera",
                             "experiment e {\n" + head + repeated(part, 100'000 / part.size()) + "\n}\n}\n");
      auto const [experiments, problems] = read(source);
      EXPECT_TRUE(experiments.empty());
      EXPECT_LE(problems.size(), 102U) << part;
      std::size_t shown = 0;
      for (auto const& problem : problems) shown += render(problem, source, false).size();
      EXPECT_LE(shown, 100'000U) << part;
    }
  }
}

TEST(Hostile, ALineOfMegabytesIsShownInPart) {
  SourceMap const source("hostile.itera", "experiment e { " + repeated("arm a ", 300'000) + "\xC3\xA9" +
                                              repeated(" arm a", 300'000));
  std::size_t shown = 0;
  for (auto const& problem : read(source).problems) shown += render(problem, source, false).size();
  EXPECT_LE(shown, 200'000U);
}

std::string last_rendered(std::string const& part) {
  SourceMap const source("hostile.itera", repeated(part, 110));
  return render(read(source).problems.back(), source, false);
}

TEST(Hostile, TheListOfErrorsEnds) {
  EXPECT_EQ(last_rendered(": x\n"),
            "error[E110]: there are more than 50 errors, the rest is not shown\n"
            "  --> hostile.itera:51:1\n   |\n51 | : x\n   | ^\n");
  EXPECT_EQ(last_rendered("zzz\n"),
            "error[E110]: there are more than 100 errors, the rest is not shown\n"
            "   --> hostile.itera:101:1\n    |\n101 | zzz\n    | ^^^\n");
}

TEST(Hostile, TooLargeIsSaidOnce) {
  SourceMap const source("large.itera", std::string(dsl::grammar::kMaxBytes, '\n') + "x");
  auto const problems = read(source).problems;
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(render(problems[0], source, false),
            "error[E107]: the file has 4194305 bytes, a spec has at most 4194304\n --> large.itera:1:1\n  "
            "|\n1 | \n  | ^\n"
            "  = help: keep rows and long texts in files of their own and name them: `path = \"rows.csv\"`, "
            "`file(\"prompt.txt\")`\n");
}

}  // namespace
}  // namespace itera::golden
