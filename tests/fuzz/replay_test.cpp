#include <filesystem>

#include <gtest/gtest.h>

#include "core/base/file.hpp"
#include "tests/fuzz/spec_invariants.hpp"

namespace itera::fuzz {
namespace {

// The seeds, and whatever the fuzzer ever found, without the fuzzer.
TEST(Replay, SeedsAndFindsAreSane) {
  std::size_t count = 0;
  for (auto const* folder : {"seeds", "found"})
    for (auto const& entry :
         std::filesystem::directory_iterator(std::string(ITERA_SOURCE_DIR) + "/tests/fuzz/" + folder)) {
      auto const bytes = read_file(entry.path());
      ASSERT_TRUE(bytes) << entry.path();
      EXPECT_EQ(violation(*bytes), "") << entry.path();
      ++count;
    }
  EXPECT_GE(count, 5U);
}

}  // namespace
}  // namespace itera::fuzz
