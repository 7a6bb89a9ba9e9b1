#include <algorithm>
#include <string>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "core/base/diagnostic.hpp"
#include "core/base/source_map.hpp"
#include "dsl/check/check.hpp"
#include "dsl/grammar/parse.hpp"
#include "tests/support/fake_catalog.hpp"

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

// An experiment of 500 lines: comments, texts over several lines, slices, three arms and as many controls as
// fill it.
std::string experiment_of_500_lines(int number) {
  auto out = fmt::format(R"(// Should the rules of team {0} give way?
experiment e{0} {{
  question   "Do the new rules of team {0} sort packages better?"
  hypothesis """
    They know the words of each section,
    and what the archive filed under them.
  """
  rows from csv {{ path = "packages.csv" }}
  origin production
  row {{
    key       package
    input     synopsis, maintainer
    expected  section
    slice     length, tier                 // the verdict is also given per slice
    entity    source
  }}
  split {{
    train 30%  dev 50%  test 20%
    stratify length, section
    cap      3 per source
    seed     2026{0}
  }}
  baseline old using process {{
    ref     "rules.py:1"
    command = ["python3", "rules.py", "--team", "{0}"]
  }}
  arm new from old "more words" {{ command = ["python3", "rules.py", "--more"] }}
  metric accuracy using exact {{ ignore_case = true }}
  failure wrong  weight 1 "another section"
  failure severe weight 3 "a section of another kind"
  trials 3
  ship when effect >= 5pp
        and every length >= -2pp
        and severe does not rise
        and cost <= +60%
)",
                         number);
  auto lines = std::count(out.begin(), out.end(), '\n');
  for (int control = 0; lines + 6 < 500; ++control, lines += 5)
    out += fmt::format(
        "\n  // What a longer table alone does, number {0}.\n  control c{0} from old \"a longer table, "
        "number {0}\" "
        "{{\n    command = [\"python3\", \"rules.py\", \"--control\", \"{0}\"]  // nothing else\n  }}\n",
        control);
  return out + "}\n";
}

// From bytes to meaning, as `itera check` does it but for reading the file and looking at the source.
void check_specs(benchmark::State& state) {
  std::string text;
  for (int i = 0; i < state.range(0); ++i) text += experiment_of_500_lines(i);
  itera::SourceMap const source("bench.itera", text);
  itera::support::FakeCatalog catalog;
  for (auto _ : state) {
    itera::Diagnostics problems;
    auto const tree = itera::dsl::parse(source, problems);
    auto const experiments = itera::dsl::check(tree, source, catalog, ".", problems);
    if (experiments.size() != static_cast<std::size_t>(state.range(0)))
      state.SkipWithError("the spec has a mistake");
    benchmark::DoNotOptimize(experiments);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * text.size()));
}
BENCHMARK(check_specs)->Arg(1)->Arg(20)->Unit(benchmark::kMillisecond);

}  // namespace
