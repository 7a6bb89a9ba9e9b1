#include <ostream>

#include "core/cli/app.hpp"
#include "core/cli/context.hpp"
#include "core/cli/load.hpp"
#include "core/cli/view/human.hpp"
#include "core/cli/view/json.hpp"
#include "core/plan/compile.hpp"
#include "dsl/check/executable.hpp"

namespace itera::cli {

int check(Context const& context, std::string const& spec) {
  auto catalog = make_catalog();
  auto const loaded = load(context, spec, catalog);
  if (!loaded) return exit_code::usage;
  std::vector<view::CheckedExperiment> checked;
  for (auto const& experiment : loaded->experiments)
    checked.push_back({plan::outline(experiment, loaded->folder), dsl::not_executed(experiment).sorted()});
  if (context.json) {
    view::json_check(context.out, loaded->source, loaded->problems, checked);
  } else {
    view::human_problems(context, loaded->source, loaded->problems);
    for (auto const& one : checked) {
      context.out << (&one == &checked.front() ? "" : "\n") << spec << ": no mistake found in experiment "
                  << one.plan.name << "\n\n";
      view::human_rule(context.out, one.plan);
      view::human_not_executed(context.out, loaded->source, one.not_executed);
    }
  }
  return checked.empty() ? exit_code::usage : exit_code::ok;
}

}  // namespace itera::cli
