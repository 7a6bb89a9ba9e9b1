#include <set>

#include <gtest/gtest.h>

#include "core/base/file.hpp"
#include "core/base/render.hpp"
#include "core/base/text.hpp"
#include "tests/golden/dsl/spec_dump.hpp"

namespace itera::golden {
namespace {

struct Block {
  std::string text;
  bool fragment = false;
  std::string place;
};

void add_examples(std::string const& page, std::vector<Block>& out) {
  auto const markdown = read_file(std::string(ITERA_SOURCE_DIR) + "/" + page);
  ASSERT_TRUE(markdown) << page;
  bool inside = false;
  std::size_t number = 0;
  for (auto const& line : split_lines(*markdown)) {
    ++number;
    if (inside && line == "```") {
      inside = false;
    } else if (inside) {
      out.back().text += line + "\n";
    } else if (line == "```itera" || line == "```itera-fragment") {
      inside = true;
      out.push_back({"", line != "```itera", page + ":" + std::to_string(number)});
    }
  }
}

std::vector<Block> examples() {
  std::vector<Block> out;
  for (auto const* page :
       {"docs/charts.md", "docs/ci.md", "docs/language.md", "README.md", "docs/guide.md", "docs/judges.md",
        "docs/money.md", "docs/plugins.md", "docs/report.md", "docs/SKILL.md"})
    add_examples(page, out);
  return out;
}

// A whole example passes the checker.
TEST(Docs, ExamplesAreTrue) {
  std::size_t whole = 0;
  for (auto const& example : examples()) {
    if (example.fragment) continue;
    ++whole;
    SourceMap const source(example.place, example.text);
    EXPECT_FALSE(read(source).experiments.empty()) << transcript(source);
  }
  EXPECT_GE(whole, 2U);
}

// A fragment passes but for what only its surroundings could give it: the other clauses, names, plugins and
// files.
TEST(Docs, FragmentsAreTrue) {
  std::set<std::string> const excused = {"E201", "E205", "E208", "E229", "E301", "E312", "W201"};
  std::size_t fragments = 0;
  for (auto const& example : examples()) {
    if (!example.fragment) continue;
    ++fragments;
    bool const outside = example.text.starts_with("use ") || example.text.starts_with("experiment ");
    SourceMap const source(example.place, outside ? example.text : "experiment e {\n" + example.text + "}\n");
    for (auto const& problem : read(source).problems)
      EXPECT_TRUE(excused.contains(problem.code)) << render(problem, source, false);
  }
  EXPECT_GE(fragments, 15U);
}

}  // namespace
}  // namespace itera::golden
