#include <ostream>

#include "core/cli/app.hpp"
#include "core/cli/context.hpp"
#include "core/cli/load.hpp"
#include "core/cli/view/human.hpp"
#include "core/cli/view/json.hpp"
#include "core/plan/compile.hpp"

namespace itera::cli {

int check(Context const& context, std::string const& spec) {
  auto catalog = make_catalog();
  auto const loaded = load(context, spec, catalog);
  if (!loaded) return exit_code::usage;
  bool const ok = !loaded->experiments.empty();
  auto const outline = ok ? std::optional(plan::outline(loaded->experiments.front(), loaded->folder)) : std::nullopt;
  if (context.json) {
    view::json_check(context.out, loaded->source, loaded->problems, outline ? &*outline : nullptr);
  } else {
    view::human_problems(context, loaded->source, loaded->problems);
    if (outline) {
      context.out << spec << ": no mistake found in experiment " << outline->name << "\n\n";
      view::human_rule(context.out, *outline);
    }
  }
  return ok ? exit_code::ok : exit_code::usage;
}

}  // namespace itera::cli
