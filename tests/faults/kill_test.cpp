// A real run with program arms that is killed at random instants until it is done, again and again.
//   ITERA_KILLS=1000 ITERA_KILLS_SEED=1 build/dev/tests/faults/fault_sweep_tests --gtest_filter='Kills.*'
// makes the figures of docs/journal.md.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/faults/experiment.hpp"

namespace itera::test {
namespace {

constexpr std::size_t kRows = 100;
constexpr int kWorkers = 2;  // as run_arguments() has it

long setting(char const* name, long otherwise) {
  auto const* const value = std::getenv(name);
  return value ? std::atol(value) : otherwise;
}

// After which entry of the ledger a process was killed; one that was being written counts as not there.
std::string phase_of(Workspace const& w) {
  auto const text = w.read("exp/ledger.jsonl");
  auto const end = text.rfind('\n');
  if (end == text.npos) return "before `framed`";
  auto const from = text.rfind('\n', end - 1);
  auto const line = text.substr(from == text.npos ? 0 : from + 1, end - (from == text.npos ? 0 : from + 1));
  auto const entry = Json::parse(line, nullptr, false);
  return entry.is_object() ? "after `" + entry.value("kind", "?") + "`" : "?";
}

struct Tally {
  int experiments = 0, kills = 0, same = 0, calls = 0, again = 0;
  std::map<std::string, int> phases;
};

// One experiment, killed until it is done or enough kills were made; then it is brought to its end.
void one_experiment(Tally& tally, long wanted, std::mt19937& dice, Measured const& expected) {
  Workspace w;
  write_quick_programs(w, kRows, 500);
  // A process gets so far before it is killed, at most: longer and longer on a machine that is so busy that
  // none gets anywhere.
  constexpr int kShortest = 120'000;
  int kills = 0, code = -SIGKILL, longest = kShortest;
  std::string reached;
  while (code == -SIGKILL && tally.kills < wanted) {
    Running process(w);
    std::uniform_int_distribution<int> moment(2'000, longest);
    std::this_thread::sleep_for(std::chrono::microseconds(moment(dice)));
    process.child.signal(SIGKILL);
    code = process.child.wait();
    if (code != -SIGKILL) break;
    ++kills, ++tally.kills;
    ++tally.phases[phase_of(w)];
    auto const now = w.read("exp/ledger.jsonl") + w.read("log");
    longest = std::exchange(reached, now) == now ? longest * 5 / 4 : std::max(kShortest, longest * 3 / 4);
  }
  if (code == -SIGKILL) code = run(w, {"--workers", "2"}).code;
  auto const repeated = run(w);
  // Brought to its end by the last process, or by one that was killed when nothing was left to do but to say
  // so.
  EXPECT_TRUE(code == 0 || code == 50) << code << repeated.err;
  EXPECT_EQ(repeated.code, 50) << "a verdict that stands is whole: " << repeated.out << repeated.err;
  EXPECT_EQ(entries(w, "unsealed").size(), 1U);
  EXPECT_EQ(entries(w, "verdict").size(), 1U);
  auto const mine = measured(w);
  EXPECT_EQ(mine, expected);
  auto const again = asked_again(w);
  EXPECT_LE(again, kills * kWorkers) << "only what was in flight at a kill is asked for again";
  ++tally.experiments;
  tally.same += mine == expected;
  tally.again += again;
  for (auto const& [_, times] : requests(w)) tally.calls += times;
}

TEST(Kills, ARunThatIsKilledAtAnyInstantEndsWithTheSameRecordsAndMakesNoFinishedCallTwice) {
  auto const wanted = setting("ITERA_KILLS", 50);
  std::mt19937 dice(static_cast<unsigned>(setting("ITERA_KILLS_SEED", 1)));
  Workspace undisturbed;
  write_quick_programs(undisturbed, kRows, 500);
  ASSERT_EQ(run(undisturbed, {"--workers", "2"}).code, 0);
  ASSERT_EQ(asked_again(undisturbed), 0);
  auto const expected = measured(undisturbed);
  ASSERT_NE(expected.rows, "");
  Tally tally;
  auto const begun = std::chrono::steady_clock::now();
  while (tally.kills < wanted && !HasFailure()) one_experiment(tally, wanted, dice, expected);
  std::chrono::duration<double> const took = std::chrono::steady_clock::now() - begun;
  fmt::print("kills {}, experiments {}, records identical in {}\n", tally.kills, tally.experiments,
             tally.same);
  fmt::print("calls made {}, of them again {}, bound (kills x workers) {}\n", tally.calls, tally.again,
             tally.kills * kWorkers);
  for (auto const& [phase, n] : tally.phases) fmt::print("  killed {:22} {}\n", phase, n);
  fmt::print("{:.0f} s\n", took.count());
  EXPECT_GT(tally.phases.size(), 3U) << "kills that all fell into one phase show little";
}

}  // namespace
}  // namespace itera::test
