#include "core/plan/plan.hpp"

#include "core/cli/app.hpp"
#include "core/cli/context.hpp"
#include "core/cli/load.hpp"
#include "core/cli/view/human.hpp"
#include "core/cli/view/json.hpp"
#include "core/engine/preview.hpp"
#include "core/plan/compile.hpp"
#include "dsl/check/executable.hpp"

namespace itera::cli {

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
  auto const preview = engine::preview(*compiled);
  auto const not_executed = dsl::not_executed(*chosen).sorted();
  if (context.json) {
    view::json_plan(context.out, *compiled, preview, loaded->source, not_executed);
  } else {
    view::human_plan(context.out, *compiled, preview);
    view::human_not_executed(context.out, loaded->source, not_executed);
  }
  return exit_code::ok;
}

}  // namespace itera::cli
