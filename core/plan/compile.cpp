#include "core/plan/compile.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/plan/pin.hpp"

namespace itera::plan {
namespace {

std::vector<std::string> names(std::vector<spec::Name> const& from) {
  std::vector<std::string> out;
  for (auto const& name : from) out.push_back(name.value);
  return out;
}

PlannedArm planned(spec::Arm const& arm) {
  PlannedArm out;
  out.name = arm.name.value;
  out.baseline = arm.role == spec::ArmRole::baseline;
  if (arm.parent) out.parent = arm.parent->value;
  out.summary = arm.summary;
  if (arm.ref) out.ref = arm.ref->value;
  out.changed = arm.changed;
  out.deterministic = arm.deterministic;
  out.control = arm.role == spec::ArmRole::control;
  if (arm.mechanism) out.mechanism = arm.mechanism->value;
  return out;
}

}  // namespace

Plan outline(spec::Experiment const& experiment, std::filesystem::path const& folder) {
  Plan out;
  out.name = experiment.name.value;
  out.question = experiment.question.value;
  out.hypothesis = experiment.hypothesis.value;
  out.origin = experiment.origin == spec::Origin::production ? "production"
                                                             : "generated from " + experiment.generated_from;
  out.spec_folder = folder;
  out.row.key = experiment.row.key.value;
  out.row.inputs = names(experiment.row.inputs);
  if (experiment.row.expected) out.row.expected = experiment.row.expected->value;
  out.row.slices = names(experiment.row.slices);
  if (experiment.row.entity) out.row.entity = experiment.row.entity->value;
  out.row.severity = experiment.row.severity;
  out.sample = experiment.sample;

  auto const& split = experiment.split;
  out.split = {split.train,
               split.dev,
               split.test,
               names(split.stratify),
               out.row.entity ? split.cap_per_entity : 0,
               out.row.entity ? split.cap_share : Rational{1, 1},
               !split.stratify.empty()};
  if (out.split.stratify.empty()) {
    out.split.stratify = out.row.slices;
    if (out.row.expected) out.split.stratify.push_back(*out.row.expected);
  }
  out.seed = split.seed.value;
  out.metric = experiment.metric.name.value;
  out.trials = experiment.trials;
  out.rule = experiment.rule;
  for (auto const& c : experiment.categories)
    out.categories.push_back({c.name.value, c.weight, c.description, c.when ? c.when->text : "", c.when});
  for (auto const& arm : experiment.arms) out.arms.push_back(planned(arm));
  for (auto const& traffic : experiment.traffic) {
    out.traffic.push_back({traffic.column.value, {}});
    for (auto const& share : traffic.shares)
      out.traffic.back().shares.emplace_back(share.value.value, share.share);
  }
  for (auto const& metric : experiment.secondaries) out.secondaries.push_back({metric.name.value, {}});
  if (experiment.crosscheck) out.crosscheck = PlannedCrosscheck{experiment.crosscheck->rows, {}};
  if (experiment.budget) out.budget_usd = experiment.budget->value;
  for (auto const& accept : experiment.accepts)
    out.accepts.push_back({accept.what.value, accept.reason.value});
  for (auto const& sprint : experiment.sprints) {
    out.sprints.push_back({sprint.arm.value, {}});
    for (auto const& iteration : sprint.iterations)
      out.sprints.back().iterations.push_back(planned(iteration));
  }
  return out;
}

Result<Plan> compile(spec::Experiment const& experiment, ports::Catalog& catalog,
                     std::filesystem::path const& folder, bool resolve_secrets) {
  auto out = outline(experiment, folder);
  auto const into = [&](PinnedActor& to, ports::PluginKind kind, spec::Actor const& used,
                        std::string const& role) -> Status {
    auto const info = catalog.find(kind, used.plugin.value);
    if (!info) return fail(info.error());
    // A source's data enters the ledger when rows are read, never before the frame is locked.
    auto pinned = pin(used, **info, folder, role, kind != ports::PluginKind::source, resolve_secrets);
    if (!pinned) return fail(pinned.error());
    to = std::move(*pinned);
    return {};
  };

  if (auto const ok = into(out.source, ports::PluginKind::source, experiment.source, "rows"); !ok)
    return fail(ok.error());
  if (auto const ok = into(out.judge, ports::PluginKind::judge, experiment.metric.judge,
                           fmt::format("metric `{}`", out.metric));
      !ok)
    return fail(ok.error());
  auto const arm_into = [&](PlannedArm& arm, spec::Arm const& written) -> Status {
    auto const noun = arm.baseline                               ? "baseline"
                      : arm.control                              ? "control"
                      : written.role == spec::ArmRole::iteration ? "iteration"
                                                                 : "arm";
    if (auto const ok =
            into(arm.actor, ports::PluginKind::arm, written.actor, fmt::format("{} `{}`", noun, arm.name));
        !ok)
      return ok;
    arm.deterministic = arm.deterministic || ports::has_trait(arm.actor.info, "deterministic");
    return {};
  };
  for (std::size_t i = 0; i < out.arms.size(); ++i)
    if (auto const ok = arm_into(out.arms[i], experiment.arms[i]); !ok) return fail(ok.error());
  for (std::size_t i = 0; i < out.sprints.size(); ++i)
    for (std::size_t k = 0; k < out.sprints[i].iterations.size(); ++k)
      if (auto const ok = arm_into(out.sprints[i].iterations[k], experiment.sprints[i].iterations[k]); !ok)
        return fail(ok.error());
  for (std::size_t i = 0; i < out.secondaries.size(); ++i)
    if (auto const ok =
            into(out.secondaries[i].judge, ports::PluginKind::judge, experiment.secondaries[i].judge,
                 fmt::format("metric `{}`", out.secondaries[i].name));
        !ok)
      return fail(ok.error());
  if (out.crosscheck)
    if (auto const ok =
            into(out.crosscheck->judge, ports::PluginKind::judge, experiment.crosscheck->judge, "crosscheck");
        !ok)
      return fail(ok.error());
  for (auto const& reporter : experiment.reporters) {
    out.reporters.emplace_back();
    if (auto const ok = into(out.reporters.back(), ports::PluginKind::reporter, reporter, "report"); !ok)
      return fail(ok.error());
  }
  return out;
}

ports::Secrets secrets_of(Plan const& plan) {
  ports::Secrets out;
  auto const add = [&](PinnedActor const& actor) { out.insert(actor.secrets.begin(), actor.secrets.end()); };
  for (auto const& arm : plan.arms) add(arm.actor);
  for (auto const& sprint : plan.sprints)
    for (auto const& iteration : sprint.iterations) add(iteration.actor);
  add(plan.judge);
  for (auto const& secondary : plan.secondaries) add(secondary.judge);
  if (plan.crosscheck) add(plan.crosscheck->judge);
  return out;
}

}  // namespace itera::plan
