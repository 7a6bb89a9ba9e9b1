// A clock that goes back at every look, within a run and between two.
#include <chrono>

#include <gtest/gtest.h>

#include "tests/faults/experiment.hpp"

namespace itera::test {
namespace {

TEST(Clock, OneThatGoesBackChangesNothingButTheTimesThatAreWrittenDown) {
  constexpr long kHour = 3600;
  Workspace w, other;
  for (auto const* one : {&w, &other}) write_quick_programs(*one, 100, 200);
  Fault fault;
  fault.clock_back = kHour;
  ASSERT_EQ(faulty(w, fault, run_arguments({"--until", "pilot"})).code, 0);
  // Days before the first: a folder is found by its name, not by the day.
  fault.clock_back = 100 * kHour;
  auto const status = faulty(w, fault, {"status", "exp"});
  EXPECT_EQ(status.code, 0) << status.err;
  auto const begun = std::chrono::steady_clock::now();
  auto const outcome = faulty(w, fault, run_arguments());
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(20));
  EXPECT_EQ(asked_again(w), 0);
  ASSERT_EQ(other.itera(run_arguments()).code, 0);
  EXPECT_EQ(measured(w), measured(other));
  std::string before;
  bool back = false;
  for (auto const& line : json_lines(w.read("exp/ledger.jsonl"))) {
    auto const at = line.at("meta").at("at").get<std::string>();
    back = back || at < before;
    before = at;
  }
  EXPECT_TRUE(back) << "the test turned no clock back";
}

TEST(Clock, TheFolderOfAnEarlierDayIsNotMadeTwice) {
  Workspace w;
  write_recorded_answers(w, 100);
  ASSERT_EQ(w.itera({"run", "x.itera", "--until", "frame"}).code, 0);
  Fault fault;
  fault.clock_back = 10L * 24 * 3600;
  ASSERT_EQ(faulty(w, fault, {"run", "x.itera", "--until", "source"}).code, 0);
  std::size_t folders = 0;
  for (auto const& entry : std::filesystem::directory_iterator(w.at("docs/experiments")))
    folders += entry.path().filename().string().ends_with("-router");
  EXPECT_EQ(folders, 1U);
}

}  // namespace
}  // namespace itera::test
