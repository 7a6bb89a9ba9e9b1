// Who holds an experiment, and who only seems to.
#include <csignal>
#include <functional>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/faults/experiment.hpp"

namespace itera::test {
namespace {

using testing::HasSubstr;

void wait_until(std::function<bool()> const& done) {
  for (int i = 0; i < 4000 && !done(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(2));
}

// Killed while the arm's programs are at work.
void kill_on_dev(Workspace const& w) {
  w.write("slow", "");
  auto const before = requests(w).size();
  Running process(w);
  wait_until([&] { return requests(w).size() >= before + 2; });
  process.child.signal(SIGKILL);
  EXPECT_EQ(process.child.wait(), -SIGKILL);
  w.remove("slow");
}

TEST(Lock, AProgramThatOutlivesAKilledRunHoldsNothing) {
  Workspace w;
  write_quick_programs(w, 100);
  // The arm's program is a grandchild in a session of its own, out of reach of every signal to a group.
  auto const spec = w.read("x.itera");
  auto const command = std::string("[\"") + ITERA_FAULT_ARM + "\", \"old\"";
  w.edit("x.itera", command,
         "[\"sh\", \"-c\", \"setsid sleep 60 & echo $! > outlives; exec " ITERA_FAULT_ARM " old $0 $1\"");
  ASSERT_EQ(w.itera(run_arguments({"--until", "pilot"})).code, 0) << w.itera(run_arguments()).err;
  kill_on_dev(w);
  auto const pid = std::atoi(w.read("outlives").c_str());
  ASSERT_GT(pid, 0);
  EXPECT_EQ(::kill(pid, 0), 0) << "it should live";
  EXPECT_EQ(w.itera(run_arguments()).code, 0) << "what a dead process left is no lock";
  for (auto const& process : std::filesystem::directory_iterator("/proc")) {
    std::error_code ec;
    auto const where = std::filesystem::read_symlink(process.path() / "cwd", ec);
    if (!ec && where == w.path()) ::kill(std::atoi(process.path().filename().c_str()), SIGKILL);
  }
}

// What somebody writes to is not damaged, and nothing of it is put aside.
TEST(Lock, ADoctorWaitsForTheRunThatWorks) {
  Workspace w;
  write_quick_programs(w, 100);
  ASSERT_EQ(w.itera(run_arguments({"--until", "pilot"})).code, 0) << w.itera(run_arguments()).err;
  w.write("slow", "");
  auto const before = requests(w).size();
  Running process(w);
  wait_until([&] { return requests(w).size() >= before + 2; });
  for (auto const& arguments :
       {std::vector<std::string>{"doctor", "exp"}, std::vector<std::string>{"doctor", "exp", "--salvage"}}) {
    auto const outcome = w.itera(arguments);
    EXPECT_EQ(outcome.code, 1);
    EXPECT_EQ(outcome.out, "");
    EXPECT_EQ(outcome.err, "error: process " + w.read("exp/state/lock") +
                               " works on this experiment already\n"
                               "  = help: wait for it or stop it; `itera status exp` says how far it is\n");
  }
  process.child.signal(SIGKILL);
  EXPECT_EQ(process.child.wait(), -SIGKILL);
  w.remove("slow");
  EXPECT_EQ(w.itera({"doctor", "exp"}).code, 0);
}

// A plugin's own process inherits what the host has open, the lock with it.
TEST(Lock, OneThatAPluginsProcessStillHoldsIsToldFromALivingRun) {
  Workspace w;
  Spec spec;
  spec.uses = "use unruly from \"team/judge_unruly.so\"";
  spec.metric = "accuracy using unruly";
  write_quick_programs(w, 100, 0, spec);
  std::filesystem::create_directories(w.at("team"));
  std::filesystem::copy_file(ITERA_UNRULY_JUDGE, w.at("team/judge_unruly.so"));
  ASSERT_EQ(w.itera(run_arguments({"--until", "pilot"})).code, 0);
  w.write("unruly", "fork");
  ASSERT_EQ(w.itera(run_arguments({"--until", "dev"})).code, 0);
  auto const first = w.read("exp/state/lock");
  auto const second = w.itera(run_arguments());
  EXPECT_EQ(second.code, 1) << second.out;
  auto const begin = "error: process " + first + " worked on this experiment and has ended, but process ";
  EXPECT_THAT(second.err, HasSubstr(begin));
  EXPECT_THAT(second.err,
              HasSubstr(" that it left behind still holds its lock\n  = help: end that one and run again\n"));
  auto const at = second.err.find(begin);
  ASSERT_NE(at, std::string::npos);
  auto const holder = std::atoi(second.err.c_str() + at + begin.size());
  ASSERT_GT(holder, 0);
  ::kill(holder, SIGKILL);
  wait_until([&] {
    std::error_code ec;
    (void)std::filesystem::read_symlink(fmt::format("/proc/{}/exe", holder), ec);
    return bool(ec);
  });
  EXPECT_EQ(w.itera(run_arguments()).code, 0);
}

}  // namespace
}  // namespace itera::test
