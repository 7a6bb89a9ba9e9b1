#include "core/host/program.hpp"

#include <algorithm>
#include <cstdlib>

#include <gtest/gtest.h>

#include "tests/unit/host/support.hpp"

namespace itera::tests {
namespace {

using host::find_program, host::merged_environment;

TEST(Program, NamesWithoutASlashAreLookedUpInPath) {
  TempFolder folder;
  folder.write("tool", "#!/bin/sh\n", true);
  auto const path = folder.path().string();
  EXPECT_EQ(find_program("tool", "/", {{"PATH", "/nowhere:" + path}}), path + "/tool");
  EXPECT_FALSE(find_program("tool", "/", {}));
  EXPECT_TRUE(find_program("sh", "/", {}));
}

TEST(Program, NamesWithASlashAreBelowTheFolder) {
  TempFolder folder;
  folder.write("tool", "#!/bin/sh\n", true);
  EXPECT_EQ(find_program("./tool", folder.path(), {}), folder.path().string() + "/./tool");
  EXPECT_EQ(find_program((folder.path() / "tool").string(), "/", {}), (folder.path() / "tool").string());
  EXPECT_FALSE(find_program("./tool", "/", {}));
}

TEST(Program, AFileWithoutTheBitIsToldFromNoFile) {
  TempFolder folder;
  folder.write("tool", "#!/bin/sh\n");
  auto const found = find_program("tool", "/", {{"PATH", folder.path().string()}});
  ASSERT_FALSE(found);
  EXPECT_NE(found.error().find("is not executable"), std::string::npos);
}

TEST(Program, AddedVariablesWin) {
  ASSERT_EQ(::setenv("ITERA_TEST_VARIABLE", "own", 1), 0);
  auto const merged = merged_environment({{"ITERA_TEST_VARIABLE", "added"}, {"ITERA_TEST_OTHER", ""}});
  EXPECT_EQ(std::count(merged.begin(), merged.end(), "ITERA_TEST_VARIABLE=added"), 1);
  EXPECT_EQ(std::count(merged.begin(), merged.end(), "ITERA_TEST_VARIABLE=own"), 0);
  EXPECT_EQ(std::count(merged.begin(), merged.end(), "ITERA_TEST_OTHER="), 1);
  ::unsetenv("ITERA_TEST_VARIABLE");
}

}  // namespace
}  // namespace itera::tests
