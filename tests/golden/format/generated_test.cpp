// The property: whatever is written, formatting it changes white space and nothing else.
#include <set>

#include <gtest/gtest.h>

#include "core/base/file.hpp"
#include "core/base/text.hpp"
#include "tests/golden/dsl/spec_dump.hpp"
#include "tests/golden/format/faithful.hpp"
#include "tests/support/dice.hpp"
#include "tests/support/generate_spec.hpp"

namespace itera::golden {
namespace {

constexpr std::uint64_t kSpecs = 300;

std::set<std::string> words_of(std::string const& spec) {
  auto const text = bare(spec);
  std::set<std::string> out;
  std::string word;
  for (std::size_t at = 0; at <= text.size(); ++at) {
    char const c = at < text.size() ? text[at] : ' ';
    bool const letter =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    if (letter) {
      word += c;
      continue;
    }
    if (!word.empty()) out.insert(word);
    word.clear();
  }
  return out;
}

// What docs/language.md has in the first column of its table of clauses, but for the names in capitals.
std::set<std::string> documented_words() {
  auto const page = read_file(std::string(ITERA_SOURCE_DIR) + "/docs/language.md");
  EXPECT_TRUE(page);
  std::set<std::string> out;
  bool table = false;
  for (auto const& line : split_lines(*page)) {
    table = line.starts_with("| clause |") || (table && line.starts_with("|"));
    if (!table) continue;
    auto const cell = line.substr(1, line.find(" | ") - 1);
    for (std::size_t at = cell.find('`'); at != cell.npos; at = cell.find('`', at + 1)) {
      auto const end = cell.find('`', at + 1);
      for (auto const& word : words_of(cell.substr(at + 1, end - at - 1)))
        if (word.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == word.npos && word != "pp")
          out.insert(word);
      at = end;
    }
  }
  return out;
}

TEST(Generated, SpecsKeepTheirMeaningAndTheirComments) {
  for (std::uint64_t seed = 1; seed <= kSpecs; ++seed) {
    auto const text = support::generate_spec(seed);
    ASSERT_GT(expect_faithful(text), 0U) << transcript(SourceMap("generated.itera", text));
    if (testing::Test::HasFailure()) FAIL() << "seed " << seed << "\n" << text;
  }
}

// Otherwise the property above would say little.
TEST(Generated, EveryClauseOfTheLanguageIsAmongThem) {
  std::set<std::string> generated;
  std::size_t comments = 0;
  for (std::uint64_t seed = 1; seed <= kSpecs; ++seed) {
    auto const text = support::generate_spec(seed);
    comments += comments_of(text).size();
    generated.merge(words_of(text));
  }
  auto const documented = documented_words();
  EXPECT_GT(documented.size(), 40U);
  for (auto const& word : documented) EXPECT_TRUE(generated.contains(word)) << word;
  for (auto const* word : {"p95", "point", "harm", "matches", "min", "max", "abs", "len", "or", "not", "file",
                           "env", "of", "per"})
    EXPECT_TRUE(generated.contains(word)) << word;
  EXPECT_GT(comments, 10 * kSpecs);
}

std::string mutate(std::string text, std::string const& other, support::Dice& dice) {
  static std::vector<std::string> const tokens = {"{",         "}",   "[",      "]",   "\"\"\"\n a\n\"\"\"",
                                                  "`c`",       "=",   ",",      "//",  "\n",
                                                  "\r",        "\t",  "and",    "or",  "(",
                                                  ")",         "-",   "a = [1", "5pp", "x ",
                                                  "ship when", "row", "<",      "/"};
  for (auto n = 1 + dice.below(4); n > 0; --n) {
    auto const at = dice.below(text.size() + 1);
    auto const length = std::min(dice.below(40), text.size() - at);
    switch (dice.below(3)) {
      case 0:
        text.erase(at, length);
        break;
      case 1:
        text.insert(at, tokens[dice.below(tokens.size())]);
        break;
      default:
        text.insert(at, other.substr(dice.below(other.size() + 1), length));
        break;
    }
  }
  return text;
}

// Texts that mean nothing, or something else than their author thought, are formatted all the same.
TEST(Generated, WhateverParsesIsFormattedFaithfully) {
  std::vector<std::string> texts;
  for (auto const& name : golden_cases())
    if (auto text = read_file(golden_folder() + "/" + name + ".itera"); text && text->size() < 5'000)
      texts.push_back(std::move(*text));
  for (std::uint64_t seed = 1; seed <= 50; ++seed) texts.push_back(support::generate_spec(seed));
  support::Dice dice(1);
  std::size_t parsed = 0;
  for (int i = 0; i < 1500; ++i) {
    auto const text = mutate(dice.of(texts), dice.of(texts), dice);
    if (!formatted(text)) continue;
    ++parsed;
    expect_faithful(text);
    if (testing::Test::HasFailure()) FAIL() << "at mutation " << i << "\n" << text;
  }
  EXPECT_GT(parsed, 300U);
}

}  // namespace
}  // namespace itera::golden
