#include "core/plan/plan.hpp"

#include "core/cli/app.hpp"
#include "core/cli/context.hpp"
#include "core/cli/load.hpp"
#include "core/cli/view/human.hpp"
#include "core/cli/view/json.hpp"
#include "core/engine/preview.hpp"
#include "core/plan/compile.hpp"

namespace itera::cli {

int plan(Context const& context, std::string const& spec) {
  auto catalog = make_catalog();
  auto const loaded = load(context, spec, catalog);
  if (!loaded) return exit_code::usage;
  if (!context.json) view::human_problems(context, loaded->source, loaded->problems);
  if (loaded->experiments.empty()) {
    if (context.json) view::json_check(context.out, loaded->source, loaded->problems, nullptr);
    return exit_code::usage;
  }
  auto const compiled = plan::compile(loaded->experiments.front(), catalog, loaded->folder, false);
  if (!compiled) return say_error(context, compiled.error());
  auto const preview = engine::preview(*compiled);
  context.json ? view::json_plan(context.out, *compiled, preview) : view::human_plan(context.out, *compiled, preview);
  return exit_code::ok;
}

}  // namespace itera::cli
