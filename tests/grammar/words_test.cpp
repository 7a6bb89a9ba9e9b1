#include "dsl/syntax/words.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <regex>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/base/file.hpp"
#include "dsl/check/names.hpp"
#include "tests/grammar/language.hpp"
#include "tests/grammar/likely.hpp"

namespace itera::grammar_test {
namespace {

namespace words = dsl::syntax::words;
using support::ebnf::Grammar;
using support::ebnf::Node;
using Words = std::set<std::string>;

bool is_word(std::string const& text) {
  return text.size() > 1 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
         });
}

Words first_words(std::string_view production) {
  auto const& grammar = documented_language().grammar;
  Words out;
  for (auto const& text : first_terminals(grammar, grammar[production]))
    if (is_word(text)) out.insert(text);
  return out;
}

Words documented_words() {
  Words out;
  for (auto const& [name, production] : documented_language().grammar.productions)
    for (auto const& text : terminals(production))
      if (is_word(text)) out.insert(text);
  return out;
}

Words set_of(std::span<std::string_view const> from) {
  return {from.begin(), from.end()};
}

TEST(Words, WhatBeginsAClauseIsDocumented) {
  EXPECT_EQ(first_words("spec"), set_of(words::file));
  EXPECT_EQ(first_words("clause"), set_of(words::experiment));
  EXPECT_EQ(first_words("row"), set_of(words::row));
  EXPECT_EQ(first_words("split"), set_of(words::split));
  EXPECT_EQ(first_words("change"), set_of(words::arm));
  EXPECT_EQ(first_words("iteration"), set_of(words::sprint));
}

TEST(Words, WhatIsReservedIsDocumented) {
  auto const documented = documented_reserved_words();
  EXPECT_EQ(Words(documented.begin(), documented.end()), set_of(dsl::meaning::reserved_words()));
}

// The words that the sources of the checker look for, wherever they do.
Words words_of_the_checker() {
  Words out;
  for (auto const list :
       {std::span(words::file).subspan(0), std::span<std::string_view const>(words::experiment),
        std::span<std::string_view const>(words::row), std::span<std::string_view const>(words::split),
        std::span<std::string_view const>(words::arm), std::span<std::string_view const>(words::sprint)})
    out.merge(set_of(list));
  static std::regex const looks_for(
      "(?:"
      "(?:expect|take|sees|take_word|joined)\\(|"  // the cursor's
      "is_word\\([^\"\\n]*, |"
      "[!=]= |"
      "Function\\{|"
      "kAcceptable\\[\\] = \\{"
      ")\"([a-z0-9]{2,})\"");
  for (auto const& entry :
       std::filesystem::directory_iterator(std::string(ITERA_SOURCE_DIR) + "/dsl/check")) {
    if (entry.path().extension() != ".cpp") continue;
    auto const text = read_file(entry.path()).value_or("");
    for (std::sregex_iterator it(text.begin(), text.end(), looks_for), end; it != end; ++it)
      out.insert((*it)[1]);
  }
  return out;
}

TEST(Words, EveryWordOfTheCheckerIsDocumented) {
  auto found = words_of_the_checker();
  for (auto const* other : {"env", "file",           // of values: docs/language.md, Settings and values
                            "usd",                   // a unit of plugins
                            "int", "real", "bool"})  // types of columns
    EXPECT_EQ(found.erase(other), 1U) << other << " need not be left out any more";
  auto const documented = documented_words();
  for (auto const& word : found) EXPECT_TRUE(documented.contains(word)) << word;
}

TEST(Words, EveryDocumentedWordIsOneOfTheChecker) {
  auto found = words_of_the_checker();
  for (std::string_view const unit : {"pp", "ms"}) found.emplace(unit);
  for (auto const& word : documented_words()) EXPECT_TRUE(found.contains(word)) << word;
}

/// Visits what sentences can be made of: not what they must not be.
void visit(Grammar const& grammar, Node const& node, std::set<std::size_t>& seen) {
  if (!seen.insert(node.id).second) return;
  if (node.kind == Node::Kind::reference) visit(grammar, grammar[node.text], seen);
  for (auto const& item : node.items) {
    visit(grammar, item, seen);
    if (node.kind == Node::Kind::except) break;
  }
}

// What the fuzzer puts in. ITERA_UPDATE_GOLDENS=1 writes it.
TEST(Words, TheDictionaryOfTheFuzzerHasAllOfThem) {
  Words all{"\n",     "//",      "\"",   "\"\"\"",       "`",   "{{",  "}}",
            "env(\"", "file(\"", "\\u{", "\xEF\xBB\xBF", "5pp", "-2%", "1/3"};
  for (auto const& [name, production] : documented_language().grammar.productions)
    for (auto const& text : terminals(production))
      if (text.size() > 1 || !documented_language().tokens.contains(name)) all.insert(text);
  std::string expected = "# Made from docs/language.md by tests/grammar: ITERA_UPDATE_GOLDENS=1 writes it.\n";
  for (auto const& text : all) {
    expected += '"';
    for (char const c : text)
      expected += c == '"' || c == '\\' ? std::string{'\\', c}
                  : c > ' '             ? std::string(1, c)
                                        : fmt::format("\\x{:02X}", static_cast<unsigned char>(c));
    expected += "\"\n";
  }
  auto const path = std::string(ITERA_SOURCE_DIR) + "/tests/fuzz/spec.dict";
  if (std::getenv("ITERA_UPDATE_GOLDENS")) {
    ASSERT_TRUE(write_file(path, expected));
  }
  EXPECT_EQ(read_file(path).value_or(""), expected);
}

// Otherwise a part of the EBNF would be tested by nothing.
TEST(Words, EveryPartOfTheEbnfIsUsed) {
  auto const& grammar = documented_language().grammar;
  support::Dice dice;
  support::ebnf::Sentences sentences(documented_language(), dice, likely_tokens(dice));
  support::ebnf::Sentences free(documented_language(), dice);
  std::set<std::size_t> parts;
  for (auto const* root : {"file", "spec", "comment"}) visit(grammar, grammar[root], parts);
  for (int i = 0; i < 700; ++i) {
    free.sentence("file");
    free.sentence("spec");
    free.token("comment");
    sentences.sentence("spec");
    sentences.sentence("any");
  }
  auto used = free.used();
  used.insert(sentences.used().begin(), sentences.used().end());
  for (auto const& [name, production] : grammar.productions) {
    std::vector<Node const*> open{&production};
    while (!open.empty()) {
      auto const* node = open.back();
      open.pop_back();
      EXPECT_TRUE(used.contains(node->id) || !parts.contains(node->id))
          << "in `" << name << "`: " << node->text;
      for (auto const& item : node->items) open.push_back(&item);
    }
  }
  // What is in no sentence at all may only say what names and digits are not.
  Words unused;
  for (auto const& [name, production] : grammar.productions)
    if (!parts.contains(production.id)) unused.insert(name);
  EXPECT_EQ(unused, (Words{"operator", "zero"}));
}

}  // namespace
}  // namespace itera::grammar_test
