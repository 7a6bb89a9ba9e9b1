#include <gtest/gtest.h>

#include "core/base/render.hpp"
#include "core/base/text.hpp"
#include "dsl/grammar/parse.hpp"
#include "tests/grammar/language.hpp"

namespace itera::grammar_test {
namespace {

using support::Dice;
using support::ebnf::Sentences;
using support::ebnf::Token;

std::string problems_of(std::string text) {
  SourceMap const source("generated.itera", std::move(text));
  Diagnostics problems;
  dsl::parse(source, problems);
  std::string out;
  for (auto const& problem : problems.sorted()) out += render(problem, source, false);
  return out;
}

// The first two blocks of the EBNF: what they describe is read without a complaint.
TEST(TextLayer, ItsSentencesAreRead) {
  Dice dice;
  Sentences sentences(documented_language(), dice);
  for (int i = 0; i < 3000; ++i) {
    auto const text = text_of(sentences.sentence("file"), sentences, dice);
    EXPECT_EQ(problems_of(text), "") << text;
    if (HasFailure()) FAIL() << "at sentence " << i;
  }
}

// What they do not describe is complained of, and nothing else: one token is changed, and a recogniser made
// of the EBNF says whether the rest is a sentence.
TEST(TextLayer, NothingElseIsRead) {
  Dice dice(7);
  auto const& language = documented_language();
  Sentences sentences(language, dice);
  std::vector<Token> others;
  for (auto const* symbol : {"{", "}", "[", "]", "(", ")", "=", ",", ">=", "<", "-", "+", "/", "*"})
    others.push_back({"symbol", symbol});
  for (auto const* name : {"and", "or", "a", "file"}) others.push_back({"name", name});
  for (int n = 0; n < 4; ++n) others.push_back({"nl", "\n"});
  for (auto const* kind : {"number", "text", "column"}) others.push_back({kind, sentences.token(kind)});
  int legal = 0;
  int illegal = 0;
  while (illegal < 500) {
    auto const sentence = sentences.sentence("file");
    if (sentence.empty() || sentence.size() > 40) continue;
    auto const tokens = mutated(sentence, others, dice);
    bool const is = language.is("file", tokens);
    auto const text = plain_text_of(tokens);
    EXPECT_EQ(problems_of(text).empty(), is) << text << "\n" << problems_of(text);
    if (HasFailure()) FAIL() << "after " << illegal << " of another language and " << legal << " of this";
    ++(is ? legal : illegal);
  }
  EXPECT_GE(legal, 300);
}

// Texts and names in backquotes with a character too many or too few, where nothing else may stand.
TEST(TextLayer, LiteralsAreAsDescribed) {
  Dice dice(8);
  auto const& language = documented_language();
  Sentences sentences(language, dice);
  constexpr std::string_view some = "\"\\`nxu{}a0 \n";
  int legal = 0;
  int illegal = 0;
  while (illegal < 3000) {
    std::string const kind = dice.chance(80) ? "text" : "column";
    auto literal = sentences.token(kind);
    if (dice.chance(50))
      literal.erase(dice.below(literal.size()), 1);
    else
      literal.insert(1 + dice.below(literal.size() - 1), 1, some[dice.below(some.size())]);
    // Behind a comment sign it is neither.
    if (literal.size() > 60 || !is_valid_utf8(literal) || literal.find("//") < literal.find_first_of("\"`"))
      continue;
    bool const is = language.is(language.grammar[kind], literal);
    auto const problems = problems_of(kind == "text" ? "a = [" + literal + "]" : "a " + literal);
    EXPECT_EQ(problems.empty(), is) << literal << "\n" << problems;
    ++(is ? legal : illegal);
  }
  EXPECT_GE(legal, 300);
}

}  // namespace
}  // namespace itera::grammar_test
