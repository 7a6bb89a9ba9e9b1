#include "dsl/explain/explain.hpp"

#include <fmt/format.h>

#include "core/base/text.hpp"
#include "core/cli/app.hpp"
#include "core/cli/context.hpp"
#include "core/cli/load.hpp"
#include "core/cli/view/explain.hpp"

namespace itera::cli {

int explain(Context const& context, std::string const& what) {
  if (what.empty()) {
    context.json ? view::json_list(context.out) : view::human_list(context.out);
    return exit_code::ok;
  }
  if (what == "excuses") {
    context.json ? view::json_excuses(context.out) : view::human_excuses(context.out);
    return exit_code::ok;
  }
  if (auto const* code = dsl::explanation_of(what)) {
    context.json ? view::json_code(context.out, *code) : view::human_code(context.out, *code);
    return exit_code::ok;
  }
  if (auto const* rule = dsl::rule_of(what)) {
    context.json ? view::json_rule(context.out, *rule) : view::human_rule_of_method(context.out, *rule);
    return exit_code::ok;
  }
  std::vector<std::string> known{"excuses"};
  for (auto const& code : dsl::explanations()) known.emplace_back(code.code.id);
  for (auto const& rule : dsl::method_rules()) known.emplace_back(rule.id);
  auto const near = did_you_mean(what, known);
  return say_error(context, {ErrorClass::invalid, fmt::format("there is no error code or rule `{}`", what),
                             fmt::format("{}`itera explain` lists them",
                                         near ? fmt::format("did you mean `{}`? ", *near) : std::string())});
}

}  // namespace itera::cli
