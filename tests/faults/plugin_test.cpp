// A plugin that hangs, crashes or breaks its contract in `step`: what was paid for is kept, the plugin is
// named, and the next run goes on.
#include <csignal>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/faults/experiment.hpp"

namespace itera::test {
namespace {

using testing::HasSubstr;

void write_with_unruly_judge(Workspace const& w) {
  Spec spec;
  spec.uses = "use unruly from \"team/judge_unruly.so\"";
  spec.metric = "accuracy using unruly";
  write_quick_programs(w, 100, 200, spec);
  std::filesystem::create_directories(w.at("team"));
  std::filesystem::copy_file(ITERA_UNRULY_JUDGE, w.at("team/judge_unruly.so"));
}

struct Unruly : testing::Test {
  Unruly() { write_with_unruly_judge(w); }

  // Stops at some answer of dev, not at the pilot.
  Outcome misbehaving(std::string const& how, std::string const& until) {
    EXPECT_EQ(w.itera(run_arguments({"--until", until})).code, 0);
    w.write("unruly", how);
    auto const outcome = w.itera(run_arguments());
    w.remove("unruly");
    return outcome;
  }

  void expect_that_nothing_was_lost(int stops) {
    auto const outcome = w.itera(run_arguments());
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_LE(asked_again(w), 2 * stops);
    Workspace other;
    write_with_unruly_judge(other);
    EXPECT_EQ(other.itera(run_arguments()).code, 0);
    EXPECT_EQ(measured(w), measured(other));
  }

  Workspace w;
};

TEST_F(Unruly, OneThatCrashesIsNamedAndNothingThatWasPaidForIsLost) {
  int stops = 0;
  for (auto const& [how, signal, said] : {std::tuple{"segv", SIGSEGV, "crashed (SIGSEGV)"},
                                          std::tuple{"abort", SIGABRT, "aborted (SIGABRT)"}}) {
    auto const outcome = misbehaving(how, "pilot");
    ++stops;
    EXPECT_EQ(outcome.code, -signal);
    EXPECT_THAT(outcome.err,
                HasSubstr("\nerror: judge `unruly` (library `" + w.at("team/judge_unruly.so").string() +
                          "`) " + said + " and took itera with it\n"));
    EXPECT_THAT(outcome.err, HasSubstr("with the plugin mended, `itera run` goes on\n"));
  }
  // One that ends the process behind everybody's back cannot be named, and loses nothing either.
  EXPECT_EQ(misbehaving("exit", "pilot").code, 7);
  expect_that_nothing_was_lost(++stops);
}

TEST_F(Unruly, OneThatCrashesInTheMiddleOfThePassOnTest) {
  auto const outcome = misbehaving("segv", "dev");
  EXPECT_EQ(outcome.code, -SIGSEGV);
  EXPECT_EQ(entries(w, "unsealed").size(), 1U);
  EXPECT_TRUE(entries(w, "verdict").empty());
  expect_that_nothing_was_lost(1);
  EXPECT_EQ(entries(w, "unsealed").size(), 1U);
}

TEST_F(Unruly, GarbageAndAnswersForOtherRowsStopTheRunOnDev) {
  auto const garbage = misbehaving("garbage", "pilot");
  EXPECT_EQ(garbage.code, 1);
  EXPECT_THAT(garbage.err, HasSubstr("error: judge `unruly` gave a score that is no JSON object: "));
  auto const other = misbehaving("other_rows", "pilot");
  EXPECT_EQ(other.code, 1);
  EXPECT_THAT(other.err, HasSubstr("which it was not asked for (library `"));
  EXPECT_THAT(other.err, HasSubstr("= help: this is a bug of the plugin: tell its author\n"));
  expect_that_nothing_was_lost(2);
}

TEST_F(Unruly, OneThatHangsIsEndedByASecondCtrlCAndNamed) {
  ASSERT_EQ(w.itera(run_arguments({"--until", "pilot"})).code, 0);
  w.write("unruly", "hang");
  auto const before = requests(w).size();
  {
    Running process(w);
    for (int i = 0; i < 2000 && requests(w).size() <= before; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    std::this_thread::sleep_for(std::chrono::milliseconds(150));
    process.child.signal(SIGINT);
    std::this_thread::sleep_for(std::chrono::milliseconds(150));
    process.child.signal(SIGINT);
    EXPECT_EQ(process.child.wait(std::chrono::seconds(10)), -SIGINT);
  }
  std::filesystem::rename(w.path().string() + ".err", w.at("err"));
  std::filesystem::remove(w.path().string() + ".out");
  EXPECT_THAT(w.read("err"), HasSubstr("\nstopped inside of judge `unruly` (library `"));
  EXPECT_THAT(w.read("err"), HasSubstr("which did not give way; what is finished is kept\n"));
  w.remove("unruly");
  expect_that_nothing_was_lost(1);
}

}  // namespace
}  // namespace itera::test
