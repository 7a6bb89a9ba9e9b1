// The editors' files know the words of the language from the one table. ITERA_UPDATE_GOLDENS=1 writes them.
#include <cstdlib>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/base/file.hpp"
#include "dsl/language_server/analysis.hpp"
#include "dsl/language_server/vocabulary.hpp"

namespace itera::golden {
namespace {

using dsl::language_server::forms;
using dsl::language_server::Group;
using dsl::language_server::units;
using dsl::language_server::words_of;

std::string folder() {
  return std::string(ITERA_SOURCE_DIR) + "/dsl/editors/";
}

// The clauses that give a name.
std::vector<std::string_view> declarations() {
  std::vector<std::string_view> out;
  for (auto const& form : forms())
    if (!form.word.empty() && form.form.starts_with(fmt::format("{} NAME", form.word)))
      out.push_back(form.word);
  return out;
}

void expect_file(std::string const& path, std::string const& expected) {
  if (std::getenv("ITERA_UPDATE_GOLDENS")) {
    ASSERT_TRUE(write_file(path, expected));
    return;
  }
  auto const text = read_file(path);
  ASSERT_TRUE(text) << path;
  EXPECT_EQ(*text, expected) << path << "; ITERA_UPDATE_GOLDENS=1 writes it";
}

// The file with `made` between the two lines that say what it is made from.
std::string with(std::string const& path, std::string const& comment, std::string const& made) {
  auto text = read_file(path);
  EXPECT_TRUE(text) << path;
  if (!text) return {};
  auto const head =
      comment + " made from dsl/language_server/vocabulary.cpp: ITERA_UPDATE_GOLDENS=1 writes it\n";
  auto const begin = text->find(head);
  auto const end = text->find(comment + " end\n", begin);
  EXPECT_TRUE(begin != std::string::npos && end != std::string::npos) << path;
  if (begin == std::string::npos || end == std::string::npos) return {};
  return text->replace(begin + head.size(), end - begin - head.size(), made);
}

TEST(Editors, VimKnowsTheWords) {
  auto const line = [](std::string_view group, std::vector<std::string_view> const& words) {
    return fmt::format("syntax keyword {} {}\n", group, fmt::join(words, " "));
  };
  auto const path = folder() + "vim/syntax/itera.vim";
  expect_file(path,
              with(path, "\"",
                   line("iteraClause", words_of(Group::clause)) + line("iteraRule", words_of(Group::rule)) +
                       line("iteraValue", words_of(Group::value)) +
                       line("iteraFunction", words_of(Group::function))));
}

TEST(Editors, EmacsKnowsTheWords) {
  auto const list = [](std::string_view name, std::vector<std::string_view> const& words) {
    return fmt::format("(defconst {}\n  '(\"{}\"))\n", name, fmt::join(words, "\" \""));
  };
  auto const path = folder() + "emacs/itera-mode.el";
  expect_file(
      path, with(path, ";;",
                 list("itera-clauses", words_of(Group::clause)) + list("itera-declarations", declarations()) +
                     list("itera-rule-words", words_of(Group::rule)) +
                     list("itera-values", words_of(Group::value)) +
                     list("itera-functions", words_of(Group::function))));
}

TEST(Editors, TheTextMateGrammarKnowsTheWords) {
  auto const path = folder() + "vscode/syntaxes/itera.tmLanguage.json";
  auto const text = read_file(path);
  ASSERT_TRUE(text);
  auto grammar = nlohmann::ordered_json::parse(*text);
  auto const any = [](std::vector<std::string_view> const& words) {
    return fmt::format("\\b(?:{})\\b", fmt::join(words, "|"));
  };
  std::string suffixes;
  for (auto const& unit : units())
    if (unit.unit != "$") suffixes += (suffixes.empty() ? "" : "|") + std::string(unit.unit);
  auto& parts = grammar["repository"];
  parts["clause"]["match"] = any(words_of(Group::clause));
  parts["rule"]["match"] = any(words_of(Group::rule));
  parts["value"]["match"] = any(words_of(Group::value));
  parts["function"]["match"] = any(words_of(Group::function)) + "(?=\\s*\\()";
  parts["declaration"]["match"] = fmt::format("\\b({})\\s+(?!(?:cost|latency)\\b)([A-Za-z_][A-Za-z0-9_]*)",
                                              fmt::join(declarations(), "|"));
  parts["number"]["match"] = fmt::format(
      "(?<![A-Za-z0-9_])([+-]?\\$?\\d[\\d_]*(?:/\\d+|(?:\\.\\d+)?(?:[eE][+-]?\\d+)?))({})?(?![A-Za-z0-9_])",
      suffixes);
  expect_file(path, grammar.dump(2) + "\n");
}

// What Vim and Emacs indent it as is held against it: tests/editors.
TEST(Editors, TheirSampleHasTheOneLayout) {
  auto const text = read_file(std::string(ITERA_SOURCE_DIR) + "/tests/editors/sample.itera");
  ASSERT_TRUE(text);
  auto const edits = dsl::language_server::formatted(SourceMap("sample.itera", *text));
  ASSERT_TRUE(edits);
  EXPECT_TRUE(edits->empty()) << edits->front().replacement;
}

}  // namespace
}  // namespace itera::golden
