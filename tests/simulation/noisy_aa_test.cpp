// The baseline against itself, with nothing but the noise of its trials: the whole of itera, from the spec to
// the verdict, ships in at most 13 of 200 experiments (the 99.9% bound where 2.5% are meant to).
#include <atomic>
#include <map>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/base/rng.hpp"
#include "tests/support/experiment.hpp"

namespace itera::test {
namespace {

constexpr int kExperiments = 200;
constexpr int kMostShipped = 13;
constexpr std::size_t kRows = 300;  // 60 of test
constexpr unsigned kTrials = 3;

// Both arms answer a row rightly with the row's own probability, each trial anew: some rows are sure, some
// are hopeless, most are in between.
std::string answers(std::uint64_t seed, std::uint32_t arm) {
  auto const rows = make_rows(kRows);
  CounterRng const row_rng(seed), cell_rng(seed ^ 0x9e3779b97f4a7c15U);
  std::map<std::string, std::uint32_t> index;
  for (std::uint32_t i = 0; i < rows.size(); ++i) index[rows[i].key] = i;
  return recording(rows, kTrials, [&](Row const& row, unsigned trial) {
    auto const i = index.at(row.key);
    auto const words = row_rng.block(0, i);
    auto const right = unit_interval(words[0], words[1]);
    auto const draw = cell_rng.block(1 + arm * kTrials + trial, i);
    return unit_interval(draw[0], draw[1]) < right ? row.answer : std::string("wrong");
  });
}

int verdict_of(int experiment) {
  Workspace w;
  Spec spec;
  spec.split = fmt::format("seed {}", 1000 + experiment);
  spec.baseline = R"(using recorded { ref "rules.py:1"  path = "old.jsonl" })";
  spec.arms = R"(arm new from old "the same again" { path = "new.jsonl" })";
  spec.rule = "effect >= 5pp";
  auto const seed = static_cast<std::uint64_t>(experiment) * 2654435761U + 17;
  w.write("rows.csv", csv(make_rows(kRows)));
  w.write("old.jsonl", answers(seed, 0));
  w.write("new.jsonl", answers(seed, 1));
  w.write("x.itera", spec.text());
  return run(w, {"--workers", "1"}).code;
}

TEST(NoisyAA, TheBaselineAgainstItselfHardlyEverShips) {
  std::vector<int> codes(kExperiments);
  std::atomic<int> next{0};
  auto const work = [&] {
    for (int i = next++; i < kExperiments; i = next++) codes[static_cast<std::size_t>(i)] = verdict_of(i);
  };
  std::thread other(work);
  work();
  other.join();
  std::map<int, int> count;
  for (auto const code : codes) ++count[code];
  std::string told;
  for (auto const& [code, n] : count) told += fmt::format(" {} with exit code {};", n, code);
  RecordProperty("verdicts", told);
  std::printf("noisy A/A, %d experiments:%s\n", kExperiments, told.c_str());
  EXPECT_LE(count[0] + count[10], kMostShipped) << told;
  EXPECT_EQ(count[0] + count[10] + count[20] + count[30], kExperiments)
      << "every one came to a verdict:" << told;
}

}  // namespace
}  // namespace itera::test
