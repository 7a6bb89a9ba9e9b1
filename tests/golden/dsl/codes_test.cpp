#include "dsl/syntax/codes.hpp"

#include <cstdlib>
#include <set>

#include <gtest/gtest.h>

#include "core/base/file.hpp"
#include "dsl/explain/explain.hpp"
#include "tests/golden/dsl/spec_dump.hpp"

namespace itera::golden {
namespace {

TEST(Codes, AreUniqueAndInOrder) {
  std::set<std::string> ids;
  for (auto const& code : dsl::codes::all) EXPECT_TRUE(ids.insert(code.id).second) << code.id;
}

// E107 and E110 are tested in mutation_test.cpp: no golden file should have 4 MiB or a hundred errors.
TEST(Codes, EachHasAGolden) {
  std::string all;
  for (auto const& name : golden_cases())
    if (auto const text = read_file(golden_folder() + "/" + name + ".expect")) all += *text;
  for (auto const& code : dsl::codes::all) {
    if (std::string_view(code.id) == "E107" || std::string_view(code.id) == "E110") continue;
    EXPECT_NE(all.find(std::string("[") + code.id + "]"), std::string::npos) << code.id << ": " << code.title;
  }
}

TEST(Codes, EachIsExplained) {
  ASSERT_EQ(dsl::explanations().size(), dsl::codes::all.size());
  for (std::size_t i = 0; i < dsl::codes::all.size(); ++i) {
    auto const& e = dsl::explanations()[i];
    EXPECT_STREQ(e.code.id, dsl::codes::all[i].id) << "in the order of the codes";
    EXPECT_FALSE(e.text.empty() || e.example.empty() || e.way.empty()) << e.code.id;
    EXPECT_TRUE(e.text.ends_with('.')) << e.code.id;
    EXPECT_FALSE(e.way.ends_with('.')) << e.code.id;
    EXPECT_TRUE(e.rule.empty() || dsl::rule_of(e.rule)) << e.rule;
  }
}

// What is shown as an example of a mistake is one.
TEST(Codes, EachExampleHasItsProblem) {
  for (auto const& e : dsl::explanations()) {
    if (!e.runs) continue;
    bool const whole = e.example.starts_with("use ") || e.example.starts_with("experiment ");
    SourceMap const source("example.itera", whole ? std::string(e.example)
                                                  : "experiment e {\n" + std::string(e.example) + "\n}\n");
    std::string found;
    for (auto const& problem : read(source).problems) found += problem.code + " " + problem.summary + "\n";
    EXPECT_NE(found.find(e.code.id), std::string::npos) << e.code.id << " is not among\n" << found;
  }
}

TEST(Method, EveryExcuseMeetsARule) {
  for (auto const& excuse : dsl::excuses()) {
    for (std::size_t at = 0; at < excuse.rules.size();) {
      auto const end = std::min(excuse.rules.find(' ', at), excuse.rules.size());
      auto const* rule = dsl::rule_of(excuse.rules.substr(at, end - at));
      ASSERT_TRUE(rule) << excuse.rules;
      EXPECT_FALSE(dsl::excuses_for(rule->id).empty());
      at = end + 1;
    }
  }
  EXPECT_EQ(dsl::excuses_for("S1").size(), 1U) << "S10 is another rule";
  EXPECT_EQ(dsl::explanation_of("w201")->code.id, std::string("W201"));
  EXPECT_FALSE(dsl::rule_of("S99"));
}

// The table in the documentation is made of the explanations. ITERA_UPDATE_GOLDENS=1 writes it.
TEST(Codes, TheTableInTheDocumentationIsTheirs) {
  auto const path = std::string(ITERA_SOURCE_DIR) + "/docs/language.md";
  auto docs = read_file(path);
  ASSERT_TRUE(docs);
  std::string const head = "<!-- made from dsl/explain: ITERA_UPDATE_GOLDENS=1 writes it -->\n";
  std::string const tail = "<!-- end -->\n";
  auto const begin = docs->find(head);
  ASSERT_NE(begin, std::string::npos);
  auto const end = docs->find(tail, begin);
  ASSERT_NE(end, std::string::npos);
  auto const from = begin + head.size();
  if (std::getenv("ITERA_UPDATE_GOLDENS")) {
    docs->replace(from, end - from, dsl::codes_as_markdown());
    ASSERT_TRUE(write_file(path, *docs));
    return;
  }
  EXPECT_EQ(docs->substr(from, end - from), dsl::codes_as_markdown());
}

}  // namespace
}  // namespace itera::golden
