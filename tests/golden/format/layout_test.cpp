#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>

#include "core/base/file.hpp"
#include "core/base/text.hpp"
#include "dsl/format/format.hpp"
#include "dsl/grammar/parse.hpp"
#include "tests/golden/dsl/spec_dump.hpp"
#include "tests/golden/format/faithful.hpp"

namespace itera::golden {
namespace {

namespace fs = std::filesystem;

std::string const kRoot = ITERA_SOURCE_DIR;

std::vector<std::string> specs_in(std::string const& folder) {
  std::vector<std::string> out;
  for (auto const& entry : fs::recursive_directory_iterator(kRoot + "/" + folder))
    if (entry.path().extension() == ".itera") out.push_back(fs::relative(entry.path(), kRoot).string());
  std::sort(out.begin(), out.end());
  return out;
}

std::string text_of(std::string const& file) {
  auto text = read_file(kRoot + "/" + file);
  EXPECT_TRUE(text) << file;
  return text ? *text : std::string();
}

std::string title(testing::TestParamInfo<std::string> const& test) {
  return fs::path(test.param).stem().string();
}

// Each rule of the layout stands in a pair of files. ITERA_UPDATE_GOLDENS=1 rewrites the expectations, to be
// reviewed as a diff.
class Layout : public testing::TestWithParam<std::string> {};

TEST_P(Layout, MatchesItsExpectation) {
  auto const file = kRoot + "/" + fs::path(GetParam()).replace_extension(".expect").string();
  auto const text = text_of(GetParam());
  auto const found = formatted(text);
  ASSERT_TRUE(found) << transcript(SourceMap(GetParam(), text));
  expect_faithful(text);
  if (std::getenv("ITERA_UPDATE_GOLDENS")) {
    ASSERT_TRUE(write_file(file, *found));
    return;
  }
  auto const expected = read_file(file);
  ASSERT_TRUE(expected) << "no expectation yet; ITERA_UPDATE_GOLDENS=1 writes it";
  EXPECT_EQ(*expected, *found);
}

INSTANTIATE_TEST_SUITE_P(Format, Layout, testing::ValuesIn(specs_in("tests/golden/format")), title);

// The goldens of the checker are of every shape, mistakes of meaning included.
TEST(Format, EveryGoldenThatParsesIsFormattedFaithfully) {
  std::size_t parsed = 0;
  for (auto const& file : specs_in("tests/golden/dsl")) {
    SCOPED_TRACE(file);
    auto const text = text_of(file);
    if (!formatted(text)) continue;
    ++parsed;
    expect_faithful(text);
  }
  EXPECT_GT(parsed, 250U);
}

TEST(Format, TheExamplesAreFormatted) {
  auto const examples = specs_in("examples");
  EXPECT_FALSE(examples.empty());
  for (auto const& file : examples) EXPECT_EQ(text_of(file), formatted(text_of(file))) << file;
}

// A fragment is formatted as it would be in an experiment.
std::string in_experiment(std::string const& fragment) {
  std::string out = "experiment e {\n";
  for (auto const& line : split_lines(fragment)) out += (line.empty() ? "" : "  ") + line + "\n";
  return out + "}\n";
}

TEST(Format, TheExamplesOfTheLanguageAreFormatted) {
  std::size_t examples = 0;
  std::string text, fence;
  for (auto const& line : split_lines(text_of("docs/language.md"))) {
    if (fence.empty() && (line == "```itera" || line == "```itera-fragment")) {
      fence = line;
      text.clear();
    } else if (!fence.empty() && line == "```") {
      bool const whole = fence == "```itera" || text.starts_with("use ");
      auto const spec = whole ? text : in_experiment(text);
      EXPECT_EQ(spec, formatted(spec));
      ++examples;
      fence.clear();
    } else {
      text += line + "\n";
    }
  }
  EXPECT_GT(examples, 20U);
}

TEST(Format, WhatDoesNotParseIsGivenBackAsItIs) {
  for (std::string const text :
       {"experiment e {\n   trials   3\n", "experiment e {\n  x = = 1\n  trials   3 }", "= 5"}) {
    SourceMap const source("x.itera", text);
    Diagnostics problems;
    auto const tree = dsl::parse(source, problems);
    ASSERT_TRUE(problems.has_errors());
    EXPECT_EQ(dsl::format(tree, source), text);
  }
}

}  // namespace
}  // namespace itera::golden
