// The verdict on a test pass of a million rows, three trials and three arms: both candidates measured in all
// and in every slice, from counts in memory to the outcome.
#include <string>

#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include "core/base/rng.hpp"
#include "core/verdict/conclude.hpp"
#include "tests/unit/core/support.hpp"

namespace {
using namespace itera;

constexpr std::size_t kSlices = 5;

verdict::Tally made_up(plan::Plan const& plan, std::size_t rows, bool clustered, bool continuous) {
  CounterRng const rng(1);
  verdict::Tally out;
  out.rows = rows;
  out.trials = plan.trials;
  out.arms.resize(plan.arms.size());
  out.slices.resize(plan.row.slices.size());
  for (auto& arm : out.arms) {
    arm.scores.resize(rows * out.trials);
    arm.complete.assign(rows, true);
    arm.failures.resize(plan.categories.size());
  }
  for (std::size_t row = 0; row < rows; ++row) {
    auto const place = static_cast<std::uint32_t>(row);
    auto const difficulty = rng.word(place);
    for (auto& column : out.slices) column.push_back("tier" + std::to_string(difficulty % kSlices));
    if (clustered) out.clusters.push_back(static_cast<int>(row / 10));
    for (std::size_t arm = 0; arm < out.arms.size(); ++arm)
      for (std::uint32_t k = 0; k < out.trials; ++k) {
        auto const draw = rng.word(place, k, static_cast<std::uint32_t>(arm) + 1);
        auto const score =
            continuous ? bounded_index(draw, run::kScoreUnit + 1)
                       : (difficulty / 2 + draw / 2 < 0x90000000U + 0x1000000U * arm) * run::kScoreUnit;
        out.arms[arm].scores[row * out.trials + k] = static_cast<std::int64_t>(score);
      }
  }
  return out;
}

void conclude_million_rows(benchmark::State& state) {
  auto plan = test::small_plan(2);
  plan.trials = 3;
  auto const tally = made_up(plan, 1'000'000, state.range(0) != 0, state.range(1) != 0);
  std::vector<split::SliceValue> slices;
  for (std::size_t s = 0; s < kSlices; ++s)
    slices.push_back({plan.row.slices.at(0), "tier" + std::to_string(s), 1.0 / kSlices, true});
  for (auto _ : state) benchmark::DoNotOptimize(verdict::conclude(plan, tally, slices, {}));
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  state.counters["peak_MB"] = static_cast<double>(usage.ru_maxrss) / 1024;
}
BENCHMARK(conclude_million_rows)
    ->ArgNames({"clusters", "continuous"})
    ->Args({0, 0})
    ->Args({1, 0})
    ->Args({0, 1})
    ->Unit(benchmark::kMillisecond)
    ->Iterations(3);

}  // namespace
