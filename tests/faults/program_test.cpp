// Programs that misbehave, through the whole of a run: bounded time and memory, a result for the row, nothing
// left behind.
#include <chrono>
#include <fstream>
#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "tests/faults/experiment.hpp"

namespace itera::test {
namespace {

using testing::HasSubstr;

// Processes that run the arm's program for this workspace.
std::size_t left_behind(Workspace const& w) {
  std::size_t out = 0;
  for (auto const& process : std::filesystem::directory_iterator("/proc")) {
    std::error_code ec;
    auto const where = std::filesystem::read_symlink(process.path() / "cwd", ec);
    auto const what =
        ec ? std::filesystem::path() : std::filesystem::read_symlink(process.path() / "exe", ec);
    out += !ec && where == w.path() && what == ITERA_FAULT_ARM;
  }
  return out;
}

TEST(Misbehaving, EveryWayCostsItsRowsAndNothingElse) {
  for (auto const& [how, said] : {
           std::pair{"ignores_sigterm", "the program did not answer in time and was killed"},
           std::pair{"grandchild", "the program ended with exit code 3 before it answered"},
           std::pair{"closes_output", "the program did not answer in time and was killed"},
           std::pair{"gigabyte", "the program printed more than an answer may hold"},
           std::pair{"gigabyte_of_lines", "the program printed more than an answer may hold"},
           std::pair{"no_line_break", "the program did not answer in time and was killed"},
           std::pair{"exits", "the program ended with exit code 0 before it answered"},
       }) {
    Workspace w;
    Spec spec;
    write_quick_programs(w, 100, 0, spec);
    // What prints without end is ended by how much it printed, however slow the machine is.
    auto const timeout = std::string("\"0\"]  timeout = ") +
                         (std::string_view(how).starts_with("gigabyte") ? "10s }" : "0.4s }");
    w.edit("x.itera", "\"0\"] }", timeout);
    w.edit("x.itera", "\"0\"] }", timeout);
    ASSERT_EQ(w.itera(run_arguments({"--until", "pilot"})).code, 0);
    w.write("unruly", how);
    auto const begun = std::chrono::steady_clock::now();
    auto const outcome = w.itera(run_arguments({"--until", "dev"}));
    EXPECT_EQ(outcome.code, 0) << how << outcome.err;
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(20)) << how;
    EXPECT_EQ(left_behind(w), 0U) << how;
    std::size_t hurt = 0, right = 0;
    for (auto const& line : json_lines(w.read("exp/rows.jsonl"))) {
      right += line.at("score") == 1.0;
      if (line.at("ending") == "scored") continue;
      ++hurt;
      EXPECT_EQ(line.at("ending"), "arm_error") << how;
      EXPECT_EQ(line.at("score"), 0.0) << how;
      EXPECT_THAT(line.at("error").get<std::string>(), HasSubstr(said)) << how;
    }
    EXPECT_GT(hurt, 0U) << how;
    EXPECT_GT(right, 100U) << how;
  }
  // Two programs may each have printed 64 MiB that are not thrown away yet.
  rusage used{};
  ::getrusage(RUSAGE_CHILDREN, &used);
  EXPECT_LT(used.ru_maxrss, 400L * 1024) << "KiB, of the largest process";
}

}  // namespace
}  // namespace itera::test
