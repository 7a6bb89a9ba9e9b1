#include "dsl/language_server/loose.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/base/file.hpp"
#include "dsl/grammar/parse.hpp"
#include "dsl/language_server/analysis.hpp"
#include "tests/support/fake_catalog.hpp"

namespace itera::golden {
namespace {

namespace ls = dsl::language_server;
namespace syntax = dsl::syntax;

// The grammar's assignments end with the blanks behind their value.
std::string dump(syntax::Term const& term) {
  auto const end = term.kind == syntax::TermKind::assignment ? term.items.back().span.end : term.span.end;
  auto out = fmt::format("{}[{},{}]`{}`", static_cast<int>(term.kind), term.span.begin, end, term.text);
  for (auto const& item : term.items) out += "(" + dump(item) + ")";
  return out;
}

std::string dump(syntax::Body const& body, std::string const& indent = "") {
  std::string out;
  for (auto const& item : body.items) {
    out += indent;
    for (auto const& term : item.terms) out += dump(term) + " ";
    out += "\n";
    if (item.body)
      out += fmt::format("{}{{{}\n{}{}}}{}\n", indent, item.body->open.begin, dump(*item.body, indent + "  "),
                         indent, item.body->close.begin);
  }
  return out;
}

std::vector<std::string> specs() {
  std::vector<std::string> out;
  for (auto const* where : {"/tests/golden/dsl", "/examples"})
    for (auto const& entry :
         std::filesystem::recursive_directory_iterator(std::string(ITERA_SOURCE_DIR) + where))
      if (entry.path().extension() == ".itera") out.push_back(entry.path().string());
  std::sort(out.begin(), out.end());
  return out;
}

// Two readers of one language: where there is no mistake they must not differ.
TEST(Loose, IsTheTreeOfTheGrammarWhereThereIsNoMistake) {
  std::size_t compared = 0;
  for (auto const& path : specs()) {
    auto const text = read_file(path);
    ASSERT_TRUE(text);
    SourceMap const source(path, *text);
    Diagnostics problems;
    auto const tree = dsl::parse(source, problems);
    if (problems.has_errors()) continue;
    ++compared;
    auto const loose = ls::read_loosely(*text);
    EXPECT_EQ(dump(tree.body), dump(loose.body)) << path;
    EXPECT_TRUE(loose.sound) << path;
  }
  EXPECT_GE(compared, 100U);
}

// Every clause of a spec without a mistake follows a form of the table, to its end.
TEST(Loose, EveryClauseOfASoundSpecFollowsItsForm) {
  std::size_t seen = 0;
  support::FakeCatalog catalog;
  for (auto const& path : specs()) {
    auto const text = read_file(path);
    ASSERT_TRUE(text);
    SourceMap const source(path, *text);
    auto const folder = std::filesystem::path(path).parent_path();
    ls::Lookup const lookup{catalog, folder, support::fake_columns};
    auto const problems = ls::diagnose(source, lookup);
    if (std::any_of(problems.begin(), problems.end(),
                    [](auto const& p) { return p.level == ls::Problem::Level::error; }))
      continue;
    ls::Outline const outline(*text);
    std::function<void(syntax::Body const&, ls::Block)> walk = [&](auto const& body, ls::Block block) {
      for (auto const& clause : ls::clauses_in(body, block)) {
        if (clause.terms.front().kind == syntax::TermKind::assignment) continue;
        ++seen;
        EXPECT_TRUE(ls::match(block, clause.terms).complete) << path << ": " << source.slice(clause.span());
        EXPECT_TRUE(ls::hover(source, outline, clause.head().begin, lookup)) << path << ": " << clause.word();
        if (clause.body) walk(*clause.body, ls::block_of(block, clause));
      }
    };
    walk(outline.tree.body, ls::Block::file);
  }
  EXPECT_GE(seen, 500U);
}

// Whatever somebody types, and wherever the cursor stands, there is an answer.
TEST(Loose, EveryPrefixOfASpecHasAnswers) {
  auto const text = read_file(std::string(ITERA_SOURCE_DIR) + "/tests/golden/dsl/ok_full.itera");
  ASSERT_TRUE(text);
  support::FakeCatalog catalog;
  ls::Lookup const lookup{catalog, std::string(ITERA_SOURCE_DIR) + "/tests/golden/dsl",
                          support::fake_columns};
  for (std::size_t n = 0; n <= text->size(); n += 7) {
    SourceMap const source("prefix.itera", text->substr(0, n));
    ls::Outline const outline(source.text());
    auto const end = static_cast<std::uint32_t>(n);
    auto const completions = ls::complete(source, end, lookup);
    EXPECT_EQ(completions.replaces.end, end);
    for (auto const offset : {end, end / 2}) {
      auto const hover = ls::hover(source, outline, offset, lookup);
      EXPECT_LE(hover ? hover->span.end : 0, n);
      auto const definition = ls::definition(outline, offset, lookup);
      EXPECT_LE(definition ? definition->origin.end : 0, n);
    }
    for (auto const& symbol : ls::symbols(source, outline)) EXPECT_LE(symbol.whole.end, n);
  }
}

// Specs that were cut and put together again, as somebody does who copies from one to another.
TEST(Loose, EverySpliceHasAnswers) {
  std::vector<std::string> texts;
  for (auto const& path : specs())
    if (auto text = read_file(path); text && text->size() < 5'000) texts.push_back(std::move(*text));
  support::FakeCatalog catalog;
  ls::Lookup const lookup{catalog, std::string(ITERA_SOURCE_DIR) + "/tests/golden/dsl",
                          support::fake_columns};
  std::uint64_t state = 20260412;
  auto const below = [&](std::size_t n) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<std::size_t>(state >> 33U) % n;
  };
  for (int i = 0; i < 400; ++i) {
    auto const& first = texts[below(texts.size())];
    auto const& second = texts[below(texts.size())];
    SourceMap const source(
        "splice.itera", first.substr(0, below(first.size() + 1)) + second.substr(below(second.size() + 1)));
    auto const n = source.text().size();
    ls::Outline const outline(source.text());
    for (auto const& symbol : ls::symbols(source, outline)) EXPECT_LE(symbol.whole.end, n);
    for (int k = 0; k < 5; ++k) {
      auto const offset = static_cast<std::uint32_t>(below(n + 1));
      auto const completions = ls::complete(source, offset, lookup);
      EXPECT_LE(completions.replaces.begin, offset);
      EXPECT_GE(completions.replaces.end, offset);
      auto const hover = ls::hover(source, outline, offset, lookup);
      EXPECT_LE(hover ? hover->span.end : 0, n);
      auto const definition = ls::definition(outline, offset, lookup);
      EXPECT_LE(definition ? definition->origin.end : 0, n);
    }
  }
}

TEST(Loose, HostileTextsAreReadInBoundedTimeAndDepth) {
  support::FakeCatalog catalog;
  ls::Lookup const lookup{catalog, "/", support::fake_columns};
  for (std::string const part :
       {"{", "}", "a {\n", "x = [", "[", "(", "\"", "`", "experiment e {\n", "a = ", "row { key ", "and ",
        "arm a from a\n", "experiment e { arm b from a \n", "\xC3\xA9", "\xFF", "ship when ", "severity ("}) {
    std::string text = "experiment e {\n";
    while (text.size() < 50'000) text += part;
    SourceMap const source("hostile.itera", text);
    auto const start = std::chrono::steady_clock::now();
    ls::Outline const outline(text);
    auto const end = static_cast<std::uint32_t>(text.size());
    ls::symbols(source, outline);
    for (auto const offset : {end, end / 2, 20U}) {
      ls::hover(source, outline, offset, lookup);
      ls::definition(outline, offset, lookup);
      ls::complete(source, offset, lookup);
    }
    EXPECT_LE(std::chrono::steady_clock::now() - start, std::chrono::seconds(20)) << part;
  }
}

}  // namespace
}  // namespace itera::golden
