#include "dsl/syntax/codes.hpp"

#include <set>

#include <gtest/gtest.h>

#include "core/base/file.hpp"
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

TEST(Codes, AreListedInTheDocumentation) {
  auto const docs = read_file(std::string(ITERA_SOURCE_DIR) + "/docs/language.md");
  ASSERT_TRUE(docs);
  for (auto const& code : dsl::codes::all)
    EXPECT_NE(docs->find("| " + std::string(code.id) + " | " + code.title + " |"), std::string::npos)
        << "| " << code.id << " | " << code.title << " |";
}

}  // namespace
}  // namespace itera::golden
