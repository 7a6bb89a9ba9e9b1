#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "core/split/assign.hpp"
#include "core/split/select.hpp"

namespace {

using namespace itera;

std::vector<split::Row> rows(std::int64_t n) {
  std::vector<split::Row> out;
  for (std::int64_t i = 0; i < n; ++i)
    out.push_back({fmt::format("k{:08}", i),
                   fmt::format("{{\"text\":\"some words of row {}\"}}", i),
                   std::string(1, static_cast<char>('a' + i % 12)),
                   {i % 3 ? "x" : "y"},
                   fmt::format("v{}", i / 2),
                   {}});
  return out;
}

plan::Plan a_plan() {
  plan::Plan out;
  out.name = "bench";
  out.row = {"id", {"text"}, "label", {"tier"}, "vendor"};
  out.split = {{3, 10}, {5, 10}, {2, 10}, {"tier", "label"}, 3, {1, 3}};
  return out;
}

void select_rows(benchmark::State& state) {
  auto plan = a_plan();
  plan.sample = 4000;
  split::Population const population{rows(state.range(0)), {}, ""};
  for (auto _ : state) benchmark::DoNotOptimize(split::select(plan, population));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(select_rows)->Arg(10'000)->Arg(100'000)->Unit(benchmark::kMillisecond);

void assign_rows(benchmark::State& state) {
  auto const plan = a_plan();
  auto const all = rows(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(split::assign(plan, all, {}, "key"));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(assign_rows)->Arg(4'000)->Arg(40'000)->Unit(benchmark::kMillisecond);

}  // namespace
