#include <string>

#include <benchmark/benchmark.h>

#include "core/base/diagnostic.hpp"
#include "core/base/source_map.hpp"
#include "dsl/grammar/parse.hpp"

namespace {

// One experiment of ordinary size, and a thousand of them in one file.
void parse_spec(benchmark::State& state) {
  std::string const one =
      "experiment e {\n  question \"q\"\n  hypothesis \"h\"\n  rows from csv { path = \"x.csv\" }\n  origin "
      "production\n"
      "  row { key id input a, b expected l slice s entity v }\n  split { train 30% dev 50% test 20% seed 1 "
      "}\n"
      "  baseline b using process { ref \"r\" command = [\"a\", \"b\"] }\n  arm c from b \"t\" { command = "
      "[\"a\", \"c\"] }\n"
      "  metric m using exact\n  ship when effect >= 5pp and every s >= -2pp\n}\n";
  std::string text;
  for (std::int64_t i = 0; i < state.range(0); ++i) text += one;
  itera::SourceMap const source("bench.itera", text);
  for (auto _ : state) {
    itera::Diagnostics problems;
    benchmark::DoNotOptimize(itera::dsl::parse(source, problems));
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * text.size()));
}
BENCHMARK(parse_spec)->Arg(1)->Arg(100)->Arg(1000)->Unit(benchmark::kMicrosecond);

}  // namespace
