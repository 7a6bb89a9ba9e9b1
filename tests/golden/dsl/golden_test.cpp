#include <cstdlib>

#include <gtest/gtest.h>

#include "core/base/file.hpp"
#include "tests/golden/dsl/spec_dump.hpp"

namespace itera::golden {
namespace {

class Golden : public testing::TestWithParam<std::string> {};

// Every sentence that a spec's author may get to read stands in one of the golden files.
// ITERA_UPDATE_GOLDENS=1 rewrites them, to be reviewed as a diff.
TEST_P(Golden, MatchesItsExpectation) {
  auto const path = golden_folder() + "/" + GetParam();
  auto const text = read_file(path + ".itera");
  ASSERT_TRUE(text);
  auto const found = transcript(SourceMap(GetParam() + ".itera", *text));
  if (std::getenv("ITERA_UPDATE_GOLDENS")) {
    ASSERT_TRUE(write_file(path + ".expect", found));
    return;
  }
  auto const expected = read_file(path + ".expect");
  ASSERT_TRUE(expected) << "no expectation yet; ITERA_UPDATE_GOLDENS=1 writes it";
  EXPECT_EQ(*expected, found);
}

INSTANTIATE_TEST_SUITE_P(Dsl, Golden, testing::ValuesIn(golden_cases()),
                         [](auto const& test) { return test.param; });

}  // namespace
}  // namespace itera::golden
