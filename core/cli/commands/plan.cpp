#include "core/plan/plan.hpp"

#include "core/cli/app.hpp"
#include "core/cli/context.hpp"
#include "core/cli/load.hpp"
#include "core/cli/view/human.hpp"
#include "core/cli/view/json.hpp"
#include "core/cli/view/plan.hpp"
#include "core/engine/preview.hpp"
#include "core/plan/compile.hpp"
#include "dsl/check/executable.hpp"

namespace itera::cli {
namespace {

// Rows, with no column asked for: numbers of rows may be read at any time, contents never before the frame is
// locked. Nothing for a source that is not to be asked here.
Result<std::optional<std::uint64_t>> count_rows(host::PluginCatalog& catalog, plan::PinnedActor const& source,
                                                spec::Actor const& actor,
                                                std::filesystem::path const& folder) {
  if (!may_be_looked_at(source.info, actor)) return std::nullopt;
  auto const opened = open_source(catalog, source.info, actor, folder);
  if (!opened) return fail(opened.error());
  auto const report = (*opened)->read({}, [](auto&&) {});
  if (!report) return fail(report.error());
  return report->rows;
}

}  // namespace

int plan(Context const& context, std::string const& spec, std::string const& experiment) {
  auto catalog = make_catalog();
  auto const loaded = load(context, spec, catalog);
  if (!loaded) return exit_code::usage;
  if (!context.json) view::human_problems(context, loaded->source, loaded->problems);
  if (loaded->experiments.empty()) {
    if (context.json) view::json_check(context.out, loaded->source, loaded->problems, {});
    return exit_code::usage;
  }
  auto const* chosen = choose(context, *loaded, experiment);
  if (!chosen) return exit_code::usage;
  auto const compiled = plan::compile(*chosen, catalog, loaded->folder, false);
  if (!compiled) return say_error(context, compiled.error());
  auto const standing = engine::standing_of(*compiled, loaded->folder);
  if (!standing) return say_error(context, standing.error());
  std::optional<std::uint64_t> rows;
  std::string uncounted;
  // Where the spec or the ledger says how many rows there are, a large source is not read for it.
  if (!compiled->sample && !(*standing && (*standing)->split)) {
    auto const counted = count_rows(catalog, compiled->source, chosen->source, loaded->folder);
    if (counted)
      rows = *counted;
    else
      uncounted = counted.error().what;
  }
  auto const not_executed = dsl::not_executed(*chosen).sorted();
  // What the verdict would not decide by cannot be simulated by it.
  std::string const unforeseen =
      not_executed.empty() ? "" : "the rule or the arms have a clause that this version does not execute";
  auto const preview = engine::preview(*compiled, *standing, rows, unforeseen.empty());
  view::PlanView const view{*compiled, preview, *standing, unforeseen, uncounted};
  if (context.json) {
    view::json_plan(context.out, view, loaded->source, not_executed);
  } else {
    view::human_plan(context.out, view);
    view::human_not_executed(context.out, loaded->source, not_executed);
  }
  return exit_code::ok;
}

}  // namespace itera::cli
