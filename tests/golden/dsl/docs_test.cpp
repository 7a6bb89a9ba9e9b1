#include <gtest/gtest.h>

#include "core/base/file.hpp"
#include "core/base/text.hpp"
#include "dsl/grammar/parse.hpp"
#include "tests/golden/dsl/spec_dump.hpp"

namespace itera::golden {
namespace {

struct Block {
  std::string text;
  bool fragment = false;
  std::size_t line = 0;
};

std::vector<Block> blocks(std::string const& markdown) {
  std::vector<Block> out;
  bool inside = false;
  std::size_t number = 0;
  for (auto const& line : split_lines(markdown)) {
    ++number;
    if (inside && line == "```") {
      inside = false;
    } else if (inside) {
      out.back().text += line + "\n";
    } else if (line == "```itera" || line == "```itera-fragment") {
      inside = true;
      out.push_back({"", line != "```itera", number});
    }
  }
  return out;
}

// A whole example passes the checker; a fragment at least the grammar.
TEST(Docs, ExamplesAreTrue) {
  auto const markdown = read_file(std::string(ITERA_SOURCE_DIR) + "/docs/language.md");
  ASSERT_TRUE(markdown);
  auto const examples = blocks(*markdown);
  EXPECT_GT(examples.size(), 20U);
  for (auto const& example : examples) {
    SourceMap const source("docs/language.md:" + std::to_string(example.line), example.text);
    if (example.fragment) {
      Diagnostics problems;
      auto const tree = dsl::parse(source, problems);
      EXPECT_TRUE(tree.sound && !problems.has_errors()) << transcript(source);
    } else {
      EXPECT_FALSE(read(source).experiments.empty()) << transcript(source);
    }
  }
}

}  // namespace
}  // namespace itera::golden
