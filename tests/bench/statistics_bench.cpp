#include <vector>

#include <benchmark/benchmark.h>

#include "core/stats/bootstrap.hpp"
#include "core/stats/exact.hpp"
#include "core/stats/paired.hpp"

namespace {

// Differences of three trials: mostly level, some won, fewer lost.
std::vector<std::int64_t> lattice(std::int64_t n) {
  std::vector<std::int64_t> out;
  for (std::int64_t i = 0; i < n; ++i)
    out.push_back(i % 20 == 0 ? 3 : i % 20 == 1 ? -1 : i % 20 == 2 ? 1 : i % 20 == 3 ? 2 : 0);
  return out;
}

void paired_interval(benchmark::State& state) {
  std::vector<double> d;
  std::vector<int> clusters;
  for (auto const v : lattice(state.range(0))) {
    clusters.push_back(static_cast<int>(d.size() / 10));
    d.push_back(static_cast<double>(v) / 3);
  }
  for (auto _ : state) benchmark::DoNotOptimize(itera::stats::paired_effect({d, {}, clusters, .01, 3, {}}));
}
BENCHMARK(paired_interval)->Arg(300)->Arg(100'000)->Unit(benchmark::kMicrosecond);

void sign_flip(benchmark::State& state) {
  auto const d = lattice(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(itera::stats::sign_flip_exact(d));
}
BENCHMARK(sign_flip)->Arg(300)->Arg(100'000)->Unit(benchmark::kMicrosecond);

// The whole distribution, percentile and BCa intervals.
void exact_bootstrap(benchmark::State& state) {
  auto const d = lattice(300);
  for (auto _ : state) benchmark::DoNotOptimize(itera::stats::lattice_bootstrap(d, 3));
}
BENCHMARK(exact_bootstrap)->Unit(benchmark::kMicrosecond);

void simulated_bootstrap(benchmark::State& state) {
  std::vector<double> d;
  for (auto const v : lattice(300)) d.push_back(static_cast<double>(v) / 3);
  for (auto _ : state) benchmark::DoNotOptimize(itera::stats::resampled_bootstrap(d, 1, 10'000));
}
BENCHMARK(simulated_bootstrap)->Unit(benchmark::kMicrosecond);

}  // namespace
