#include <filesystem>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "core/base/file.hpp"
#include "core/base/render.hpp"
#include "dsl/check/check.hpp"
#include "dsl/grammar/parse.hpp"
#include "tests/grammar/language.hpp"
#include "tests/grammar/likely.hpp"
#include "tests/support/fake_catalog.hpp"

namespace itera::grammar_test {
namespace {

using support::Dice;
using support::ebnf::Sentences;
using support::ebnf::Token;

std::vector<Diagnostic> problems_of(std::string text) {
  SourceMap const source("generated.itera", std::move(text));
  Diagnostics problems;
  static support::FakeCatalog catalog;
  auto const tree = dsl::parse(source, problems);
  dsl::check(tree, source, catalog, ITERA_SOURCE_DIR, problems, support::fake_columns);
  return problems.sorted();
}

// Of form are the codes of the text; of the clauses those for an unknown one, for another form and for a
// reserved word as a name; and the one for numbers, unless it says that a well-formed number is out of range.
// All others are of meaning: names that are not defined, clauses that are missing or too many, units, ranges,
// types, plugins. E106 (too deep), E107 (too large) and E110 (too many errors) are bounds, which the EBNF
// does not have.
bool is_of_form(Diagnostic const& problem) {
  static std::set<std::string> const codes = {"E101", "E102", "E103", "E104", "E105", "E108", "E109",
                                              "E111", "E113", "E114", "E202", "E203", "E206"};
  return codes.contains(problem.code) ||
         (problem.code == "E112" && problem.summary.find("out of range") == std::string::npos);
}

// Behind one of these the rest of a clause, or of its block, is not looked at.
bool ends_reading(Diagnostic const& problem) {
  static std::set<std::string> const codes = {"E112", "E204", "E210", "E211", "E229",
                                              "E231", "E240", "E301", "E302"};
  return codes.contains(problem.code);
}

std::string shown(std::string const& text, std::vector<Diagnostic> const& problems) {
  SourceMap const source("generated.itera", text);
  std::string out = text + "\n";
  for (auto const& problem : problems)
    if (is_of_form(problem)) out += render(problem, source, false);
  return out;
}

void expect_form(std::string const& text) {
  auto const problems = problems_of(text);
  for (auto const& problem : problems)
    ASSERT_FALSE(is_of_form(problem)) << problem.code << "\n" << shown(text, problems);
}

std::string in_experiment(std::string_view head, std::string const& clause) {
  return "experiment e {\n" + surroundings(head) + clause + "\n}\n";
}

std::vector<Token> const kBefore = {{"name", "experiment"}, {"name", "e"}, {"symbol", "{"}};

// The third block: its sentences may lack a meaning, but have their form.
TEST(ClauseLayer, ItsClausesHaveTheirForm) {
  Dice dice;
  Sentences sentences(documented_language(), dice,
                      [&, likely = likely_tokens(dice)](auto const& place) -> std::optional<std::string> {
                        if (place.what != "nl" && dice.chance(80)) return likely(place);
                        return std::nullopt;
                      });
  for (int i = 0; i < 1500; ++i) {
    auto const clause = sentences.sentence("clause", kBefore);
    auto begun = sentences.begun();
    for (auto& production : begun) production.begin -= kBefore.size();
    auto const text = text_of(laid_out(clause, begun, dice), sentences, dice);
    expect_form(in_experiment(clause.front().text, text));
    if (HasFailure()) FAIL() << "at sentence " << i;
  }
}

TEST(ClauseLayer, ItsFilesHaveTheirForm) {
  Dice dice(1);
  Sentences sentences(documented_language(), dice, likely_tokens(dice));
  for (int i = 0; i < 2000; ++i) {
    auto const spec = sentences.sentence("spec");
    auto const begun = sentences.begun();
    expect_form(text_of(laid_out(spec, begun, dice), sentences, dice));
    if (HasFailure()) FAIL() << "at sentence " << i;
  }
}

std::vector<Token> whole(std::vector<Token> const& clause) {
  auto out = kBefore;
  out.insert(out.end(), clause.begin(), clause.end());
  out.push_back({"symbol", "}"});
  return out;
}

// Without the line breaks that mean nothing.
std::vector<Token> on_one_line(std::vector<Token> const& tokens) {
  auto const joins = [](Token const& token) { return token.text == "and" || token.text == "or"; };
  auto const goes_on = [&](Token const& token) {
    return joins(token) || documented_language().is("joint", std::vector{token});
  };
  std::vector<Token> out;
  int in_list = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    auto const& token = tokens[i];
    if (token.kind == "symbol") in_list += (token.text == "[") - (token.text == "]");
    bool const nothing = in_list > 0 || (!out.empty() && goes_on(out.back())) ||
                         (i + 1 < tokens.size() && (tokens[i + 1].kind == "text" || joins(tokens[i + 1])));
    if (token.kind != "nl" || !nothing) out.push_back(token);
  }
  return out;
}

/// A clause that is read to its end, and what is said of it.
struct Sound {
  std::vector<Token> clause;
  std::set<std::string> said;
};

Sound sound_clause(Sentences& sentences, std::set<std::string> const& with_one_of = {}) {
  std::vector<Token> const condition = {{"name", "failure"}, {"name", "n"},        {"name", "weight"},
                                        {"number", "1"},     {"text", "\"text\""}, {"name", "when"}};
  auto comparison = condition;
  comparison.insert(comparison.end(), {{"number", "1"}, {"symbol", "<"}});
  auto const beginning_with = [&](std::vector<Token> clause, std::string_view rest) {
    auto before = kBefore;
    before.insert(before.end(), clause.begin(), clause.end());
    auto const more = sentences.sentence(rest, before);
    clause.insert(clause.end(), more.begin(), more.end());
    return clause;
  };
  for (std::size_t i = 0;; ++i) {
    // Expressions by chance seldom have the types that they need, so there are more of them.
    auto const clause = i % 4 < 2    ? on_one_line(sentences.sentence("clause", kBefore))
                        : i % 4 == 2 ? beginning_with(condition, "any")
                                     : beginning_with(comparison, "sum");
    auto const is_one = [&](Token const& token) { return with_one_of.contains(token.text); };
    if (clause.size() > 60 || (!with_one_of.empty() && std::none_of(clause.begin(), clause.end(), is_one)))
      continue;
    auto const text = in_experiment(clause.front().text, plain_text_of(clause));
    auto const problems = problems_of(text);
    if (std::any_of(problems.begin(), problems.end(), ends_reading)) continue;
    Sound out{clause, {}};
    for (auto const& problem : problems) {
      EXPECT_FALSE(is_of_form(problem)) << shown(text, problems);
      out.said.insert(problem.code + problem.summary);
    }
    return out;
  }
}

// Whether `clause`, made of `from`, is a sentence of the EBNF; and that the checker says the same.
bool is_treated_alike(Sound const& from, std::vector<Token> const& clause) {
  bool const is = documented_language().is("spec", whole(on_one_line(clause)));
  auto const text = in_experiment(from.clause.front().text, plain_text_of(clause));
  auto const problems = problems_of(text);
  bool const of_form = std::any_of(problems.begin(), problems.end(), is_of_form);
  bool const noticed = of_form || std::any_of(problems.begin(), problems.end(), [&](auto const& problem) {
                         // A baseline needs its block for the sake of its `ref`, and is told so.
                         return problem.code == "E220" || !from.said.contains(problem.code + problem.summary);
                       });
  EXPECT_FALSE(is && of_form) << "is a sentence and refused\n" << shown(text, problems);
  EXPECT_FALSE(!is && !noticed) << "is no sentence and not refused\n" << shown(text, problems);
  return is;
}

std::set<std::string> keywords() {
  auto const& grammar = documented_language().grammar;
  std::set<std::string> out;
  for (auto const& [name, production] : grammar.productions)
    if (!documented_language().tokens.contains(name))
      for (auto const& text : terminals(production))
        if (text.front() >= 'a' && text.front() <= 'z') out.insert(text);
  return out;
}

TEST(ClauseLayer, NothingElseIsAccepted) {
  Dice dice(2);
  Sentences sentences(documented_language(), dice, likely_tokens(dice));
  std::vector<Token> others;
  for (auto const& keyword : keywords()) others.push_back({"name", keyword});
  for (auto const* symbol :
       {"{", "}", "[", "]", "(", ")", "=", ",", ">=", "<=", "<", "==", "-", "+", "/", "*"})
    others.insert(others.end(), 3, {"symbol", symbol});
  others.insert(others.end(), 5, {"name", "something"});
  others.insert(others.end(), 5, {"text", "\"something\""});
  others.insert(others.end(), 5, {"number", "3"});
  others.insert(others.end(), 5, {"number", "-3"});
  others.insert(others.end(), 5, {"column", "`something`"});
  int legal = 0;
  int illegal = 0;
  while (illegal < 1500) {
    auto const sound = sound_clause(sentences);
    bool const is = is_treated_alike(sound, mutated(sound.clause, others, dice));
    if (HasFailure()) FAIL() << "after " << illegal << " of another language and " << legal << " of this";
    ++(is ? legal : illegal);
  }
  EXPECT_GE(legal, 100);
}

// Numbers with a character too many or too few.
TEST(ClauseLayer, NumbersAreAsDescribed) {
  Dice dice(4);
  auto const& language = documented_language();
  Sentences sentences(language, dice);
  constexpr std::string_view some = "0123_./eE+-$%kpmsx";
  int legal = 0;
  int illegal = 0;
  while (illegal < 1000) {
    auto number = sentences.token("number");
    if (dice.chance(40))
      number.erase(dice.below(number.size()), 1);
    else
      number.insert(dice.below(number.size() + 1), 1, some[dice.below(some.size())]);
    if (number.empty() || number.find("//") != std::string::npos) continue;
    bool const is = language.is(language.grammar["number"], number);
    auto const text = in_experiment("budget", "budget " + number);
    auto const problems = problems_of(text);
    bool const of_form = std::any_of(problems.begin(), problems.end(), is_of_form);
    // One that is out of range besides is refused for that alone.
    bool const refused = of_form || std::any_of(problems.begin(), problems.end(),
                                                [](auto const& p) { return p.code == "E112"; });
    EXPECT_TRUE(is ? !of_form : refused) << number << "\n" << shown(text, problems);
    ++(is ? legal : illegal);
  }
  EXPECT_GE(legal, 300);
}

// A misspelt word of the language does not go unnoticed, whichever it is.
TEST(ClauseLayer, EveryWordMatters) {
  Dice dice(3);
  Sentences sentences(documented_language(), dice, likely_tokens(dice));
  auto left = keywords();
  // Of files: ItsFilesHaveTheirForm has them, and nothing can be in their place.
  left.erase("use");
  left.erase("experiment");
  // With another spelling these are columns.
  for (auto const* word : {"true", "false", "output"}) left.erase(word);
  while (!left.empty()) {
    auto const sound = sound_clause(sentences, left);
    for (std::size_t i = 0; i < sound.clause.size(); ++i) {
      if (!left.contains(sound.clause[i].text)) continue;
      auto clause = sound.clause;
      auto const word = std::exchange(clause[i].text, "zzz");
      if (!is_treated_alike(sound, clause)) left.erase(word);
      if (HasFailure()) FAIL() << "of `" << word << "`";
    }
  }
}

/// Specs that were written by hand: goldens, seeds of the fuzzer, examples of the documentation.
std::map<std::string, std::string> written_specs() {
  std::map<std::string, std::string> out;
  for (auto const* folder : {"/tests/golden/dsl", "/tests/fuzz/seeds"})
    for (auto const& entry : std::filesystem::directory_iterator(ITERA_SOURCE_DIR + std::string(folder)))
      if (entry.path().extension() == ".itera")
        out[entry.path().filename()] = read_file(entry.path()).value_or("");
  auto const page = read_file(ITERA_SOURCE_DIR + std::string("/docs/language.md")).value_or("");
  for (std::string_view const fence : {"\n```itera\n", "\n```itera-fragment\n"})
    for (auto at = page.find(fence); at != page.npos; at = page.find(fence, at)) {
      at += fence.size();
      auto const text = page.substr(at, page.find("\n```\n", at) - at);
      bool const whole = text.find("experiment ") == 0 || text.find("use ") == 0 || text.find("//") == 0;
      out["docs/language.md at " + std::to_string(at)] = whole ? text : "experiment e {\n" + text + "\n}\n";
    }
  return out;
}

// Of those with the form of the EBNF, and of no others, the form is accepted.
TEST(ClauseLayer, WrittenSpecsAreTreatedAlike) {
  int sentences = 0;
  int others = 0;
  for (auto const& [name, text] : written_specs()) {
    auto const tokens = tokens_of(text);
    bool const is = tokens && documented_language().is("file", *tokens) &&
                    documented_language().is("spec", without_layout(*tokens));
    auto const problems = problems_of(text);
    bool const refused = std::any_of(problems.begin(), problems.end(),
                                     [](auto const& p) { return p.severity == Severity::error; });
    bool const of_form = std::any_of(problems.begin(), problems.end(), is_of_form);
    EXPECT_TRUE(is ? !of_form : refused) << name << "\n" << shown(text, problems);
    EXPECT_TRUE(is || !(name.starts_with("docs") || name == "every_form.itera")) << name;
    ++(is ? sentences : others);
  }
  EXPECT_GE(sentences, 100);
  EXPECT_GE(others, 50);
}

}  // namespace
}  // namespace itera::grammar_test
