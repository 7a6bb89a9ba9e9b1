#include "dsl/check/check.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "dsl/check/cursor.hpp"
#include "dsl/check/experiment.hpp"
#include "dsl/check/seen.hpp"
#include "dsl/syntax/words.hpp"

namespace itera::dsl {
namespace {

using namespace meaning;  // NOLINT(google-build-using-namespace): this is the room's own front door

constexpr std::span kHeads = syntax::words::file;

std::optional<spec::Use> read_use(Report& report, Clause const& clause) {
  Cursor cursor(report, clause);
  auto const name = cursor.expect_name("the name of the plugin");
  cursor.expect("from");
  auto const path = cursor.expect_text("the path of the plugin, quoted");
  cursor.finish();
  if (!name || !path || !cursor.ok()) return std::nullopt;
  auto const library = std::filesystem::absolute(report.folder / path->value).lexically_normal();
  if (auto const used = report.catalog.use(name->value, library); !used) {
    auto help = used.error().help;
    report.error(codes::broken_plugin, path->span,
                 fmt::format("the plugin `{}` cannot be loaded: {}", name->value, used.error().what),
                 std::move(help));
    return std::nullopt;
  }
  return spec::Use{*name, *path};
}

}  // namespace

std::vector<spec::Experiment> check(syntax::File const& file, SourceMap const& source,
                                    ports::Catalog& catalog, std::filesystem::path const& base_folder,
                                    Diagnostics& problems, ColumnReader const& columns) {
  if (!file.sound) return {};
  Report report(source, catalog, base_folder, columns, problems);
  auto const clauses = clauses_of(file.body, kHeads, true);
  std::vector<spec::Use> uses;
  std::vector<spec::Experiment> out;
  Seen used;
  Seen named;
  // Plugins first: a `use` may stand below the experiment that needs it.
  for (auto const& clause : clauses) {
    if (!is_word(clause.terms.front(), "use")) continue;
    auto use = read_use(report, clause);
    if (!use) continue;
    if (auto const before = used.met(use->name.value, use->name.span))
      twice(report, use->name.span, fmt::format("`use {}`", use->name.value), *before);
    uses.push_back(std::move(*use));
  }
  for (auto const& clause : clauses) {
    if (is_word(clause.terms.front(), "use")) continue;
    if (!is_word(clause.terms.front(), "experiment")) {
      if (!clause.broken) unknown_clause(report, clause, kHeads, "a spec");
      continue;
    }
    auto experiment = read_experiment(report, clause);
    auto const before =
        experiment.name.value.empty() ? std::nullopt : named.met(experiment.name.value, experiment.name.span);
    if (before)
      report
          .error(codes::name_taken, experiment.name.span,
                 fmt::format("the name `{}` is used twice", experiment.name.value),
                 "each experiment of a file has a name of its own")
          .labels.push_back({*before, "first used for an experiment here"});
    out.push_back(std::move(experiment));
    out.back().uses = uses;
  }
  if (out.empty() && !problems.has_errors())
    report.error(codes::no_experiment, {0, 0}, "the file has no experiment",
                 "write `experiment NAME { ... }`");
  if (problems.has_errors()) return {};
  return out;
}

}  // namespace itera::dsl
