#include "dsl/check/experiment_checks.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "dsl/check/columns.hpp"
#include "dsl/check/texts.hpp"
#include "dsl/syntax/codes.hpp"

namespace itera::dsl::meaning {
namespace {

// A judge that is not deterministic: that of the metric, else the last of the secondary ones.
ports::PluginInfo const* chancy(NamedPlugins const& plugins) {
  auto const by_chance = [](ports::PluginInfo const* judge) {
    return judge && !ports::has_trait(*judge, "deterministic");
  };
  if (by_chance(plugins.judge)) return plugins.judge;
  ports::PluginInfo const* out = nullptr;
  for (auto const& [judge, actor] : plugins.secondary_judges)
    if (by_chance(judge)) out = judge;
  return out;
}

}  // namespace

void enough_trials(Report& report, spec::Experiment const& experiment, std::vector<ArmDraft> const& arms,
                   NamedPlugins const& plugins, std::optional<Span> written) {
  if (!written || experiment.trials >= 3) return;
  auto const by_chance = [](ArmDraft const& d) {
    return d.info && !d.arm.deterministic && !ports::has_trait(*d.info, "deterministic");
  };
  auto const it = std::find_if(arms.begin(), arms.end(), by_chance);
  if (it != arms.end()) {
    report.error(
        codes::too_few_trials, *written,
        fmt::format("{} `{}` is not deterministic: it needs 3 trials or more", noun(it->arm.role),
                    it->arm.name.value),
        "write `trials 3`; an arm that always gives the same answer says `deterministic` in its block, and "
        "is held to it");
  } else if (auto const* judge = chancy(plugins)) {
    report.error(
        codes::too_few_trials, *written,
        fmt::format("the judge `{}` is not deterministic: it needs 3 trials or more", judge->short_name),
        "write `trials 3`");
  }
}

void judge_by_chance(Report& report, spec::Experiment const& experiment, NamedPlugins const& plugins) {
  if (!plugins.judge || !experiment.row.expected || ports::has_trait(*plugins.judge, "deterministic")) return;
  report.warning(
      codes::chancy_judge, experiment.metric.judge.plugin.span,
      fmt::format("the judge `{}` is not deterministic, and `{}` is an expected answer to compare with",
                  plugins.judge->short_name, experiment.row.expected->value),
      "if the expected answers are a closed set, `using exact` is deterministic and costs nothing; a "
      "model judge is for open-ended answers");
}

void look_up_columns(Report& report, spec::Experiment const& experiment, std::vector<ArmDraft> const& arms,
                     NamedPlugins const& plugins, bool row_known) {
  std::vector<std::string> names;
  if (plugins.source && report.columns) {
    auto const columns = report.columns(*plugins.source, experiment.source);
    if (!columns) {
      report.warning(
          codes::unread_columns, experiment.source.plugin.span,
          fmt::format("the columns of the source cannot be looked at here: {}", columns.error().what),
          columns.error().help.empty() ? "they are held against the spec once the rows are at hand"
                                       : columns.error().help);
    } else if (*columns) {
      for (auto const& column : **columns) names.push_back(column.name);
      check_columns(report, experiment, **columns);
    }
  }
  if (!row_known) return;
  for (auto const& category : experiment.categories)
    if (category.when && category.when->expected && !experiment.row.expected)
      report.error(codes::unknown_name, *category.when->expected,
                   "`row` has no expected answer to compare with", "add it to `row`: `expected COLUMN`");
  for (auto const& draft : arms)
    if (draft.info) check_templates(report, *draft.info, draft.own, experiment.row, names);
  constexpr std::string_view for_judges[] = {"output", "expected"};
  if (plugins.judge)
    check_templates(report, *plugins.judge, experiment.metric.judge.settings, experiment.row, names,
                    for_judges);
  for (auto const& [info, actor] : plugins.secondary_judges)
    check_templates(report, *info, actor.settings, experiment.row, names, for_judges);
}

}  // namespace itera::dsl::meaning
