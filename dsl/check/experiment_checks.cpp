#include "dsl/check/experiment_checks.hpp"

#include <algorithm>
#include <initializer_list>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include "core/spec/family.hpp"
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

// As the settings say: `family`, else what the names of the models tell.
std::set<std::string> families_of(std::vector<spec::Setting> const& settings) {
  auto const of = [&](std::initializer_list<std::string_view> names) {
    std::set<std::string> out;
    for (auto const& setting : settings)
      if (auto const* value = std::get_if<std::string>(&setting.value.data);
          value && !value->empty() &&
          std::find(names.begin(), names.end(), setting.name.value) != names.end())
        out.insert(spec::model_family(*value));
    return out;
  };
  auto declared = of({"family"});
  return declared.empty() ? of({"model", "then_model"}) : declared;
}

// One that both have; empty if there is none.
std::string shared(std::set<std::string> const& one, std::set<std::string> const& other) {
  for (auto const& family : one)
    if (other.contains(family)) return family;
  return {};
}

bool is_model(ports::PluginInfo const* judge) {
  return judge && ports::has_trait(*judge, "model-judge");
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

void another_family(Report& report, spec::Experiment const& experiment, std::vector<ArmDraft> const& arms,
                    NamedPlugins const& plugins) {
  if (!is_model(plugins.judge)) return;
  auto const& judge = experiment.metric.judge;
  auto const mine = families_of(judge.settings);
  if (experiment.crosscheck) {
    auto const& second = experiment.crosscheck->judge;
    auto const family = shared(mine, families_of(second.settings));
    if (is_model(plugins.second_judge) && !family.empty())
      report
          .error(codes::same_judge, second.plugin.span,
                 fmt::format("the second judge is of the first one's family, `{}`", family),
                 "a family favours itself: take a model of another one; a setting `family` says whose a "
                 "model is "
                 "where its name does not")
          .labels.push_back({judge.plugin.span, "the judge of the metric"});
    return;
  }
  for (auto const& draft : arms) {
    auto const family = draft.sound ? shared(mine, families_of(draft.arm.actor.settings)) : std::string();
    if (family.empty()) continue;
    report
        .error(codes::same_family, judge.plugin.span,
               fmt::format("the judge and {} `{}` are of one family, `{}`, and no second judge is there",
                           noun(draft.arm.role), draft.arm.name.value, family),
               "a family favours itself: add `crosscheck 20 rows using JUDGE { ... }` with a judge of "
               "another one, "
               "or take such a judge here")
        .labels.push_back({draft.arm.name.span, "of the same family"});
    return;
  }
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
