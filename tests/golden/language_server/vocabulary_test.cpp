#include "dsl/language_server/vocabulary.hpp"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "core/base/file.hpp"
#include "core/base/text.hpp"
#include "dsl/check/clause.hpp"
#include "dsl/check/names.hpp"
#include "dsl/explain/explain.hpp"
#include "dsl/language_server/describe.hpp"
#include "dsl/syntax/words.hpp"

namespace itera::golden {
namespace {

namespace ls = dsl::language_server;

TEST(Vocabulary, EachFormHasItsMeaning) {
  for (auto const& form : ls::forms()) {
    EXPECT_TRUE(form.means.ends_with('.')) << form.form;
    if (!form.rule.empty()) {
      auto const* rule = dsl::rule_of(form.rule);
      ASSERT_TRUE(rule) << form.form;
      EXPECT_FALSE((form.where == ls::Block::guard ? rule->clause : rule->text).empty()) << form.form;
    }
    EXPECT_NE(ls::describe(form).find(form.means), std::string::npos);
  }
}

// What the checker knows, the table knows, in the same order.
TEST(Vocabulary, HasTheClausesOfTheChecker) {
  namespace words = dsl::syntax::words;
  auto const expect_same = [](ls::Block block, std::span<std::string_view const> known) {
    EXPECT_EQ(dsl::meaning::strings(ls::heads(block)), dsl::meaning::strings(known));
  };
  expect_same(ls::Block::file, words::file);
  expect_same(ls::Block::experiment, words::experiment);
  expect_same(ls::Block::arm, words::arm);
  expect_same(ls::Block::row, words::row);
  expect_same(ls::Block::split, words::split);
  expect_same(ls::Block::sprint, words::sprint);
}

// Every word of the language that is in the documentation's table of clauses is explained.
TEST(Vocabulary, HasTheClausesOfTheDocumentation) {
  auto const page = read_file(std::string(ITERA_SOURCE_DIR) + "/docs/language.md");
  ASSERT_TRUE(page);
  std::set<std::string> words;
  bool inside = false;
  for (auto const& line : split_lines(*page)) {
    if (line.starts_with("| clause |")) inside = true;
    if (!line.starts_with("|")) inside = false;
    if (!inside || line.starts_with("| clause |") || line.starts_with("|---")) continue;
    auto const cell = line.substr(1, line.find('|', 1) - 1);
    bool quoted = false;
    std::string word;
    for (char const c : cell) {
      if ((c >= 'a' && c <= 'z') && quoted) {
        word += c;
        continue;
      }
      if (word.size() > 2) words.insert(word);  // `pp` and `N` are none
      word.clear();
      if (c == '`') quoted = !quoted;
    }
  }
  EXPECT_GE(words.size(), 40U);
  for (auto const& word : words) {
    bool const head = std::any_of(ls::forms().begin(), ls::forms().end(),
                                  [&](auto const& form) { return form.word == word; });
    bool const inner = std::any_of(ls::words().begin(), ls::words().end(),
                                   [&](auto const& entry) { return entry.word == word; });
    EXPECT_TRUE(head || inner || word == "path") << word << " has no hover";
  }
}

TEST(Vocabulary, HasEveryReservedWord) {
  for (auto const word : dsl::meaning::reserved_words()) {
    bool found = false;
    for (auto const group : {ls::Group::clause, ls::Group::rule, ls::Group::value, ls::Group::function}) {
      auto const all = ls::words_of(group);
      found = found || std::find(all.begin(), all.end(), word) != all.end();
    }
    EXPECT_TRUE(found) << word;
  }
}

TEST(Vocabulary, EachWordHasOneColour) {
  std::set<std::string_view> seen;
  for (auto const group : {ls::Group::clause, ls::Group::rule, ls::Group::value, ls::Group::function})
    for (auto const word : ls::words_of(group)) {
      EXPECT_TRUE(seen.insert(word).second) << word;
      EXPECT_FALSE(word.empty());
    }
  for (auto const& word : ls::words()) EXPECT_TRUE(seen.contains(word.word)) << word.word;
}

}  // namespace
}  // namespace itera::golden
