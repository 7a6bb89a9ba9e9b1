#include "core/plan/compile.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/plan/pin.hpp"

namespace itera::plan {
namespace {

std::vector<std::string> names(std::vector<spec::Name> const& from) {
  std::vector<std::string> out;
  for (auto const& name : from) out.push_back(name.value);
  return out;
}

}  // namespace

Plan outline(spec::Experiment const& experiment, std::filesystem::path const& folder) {
  Plan out;
  out.name = experiment.name.value;
  out.question = experiment.question.value;
  out.hypothesis = experiment.hypothesis.value;
  out.origin = experiment.origin == spec::Origin::production ? "production" : "generated from " + experiment.generated_from;
  out.spec_folder = folder;
  out.row.key = experiment.row.key.value;
  out.row.inputs = names(experiment.row.inputs);
  if (experiment.row.expected) out.row.expected = experiment.row.expected->value;
  out.row.slices = names(experiment.row.slices);
  if (experiment.row.entity) out.row.entity = experiment.row.entity->value;
  out.sample = experiment.sample;

  auto const& split = experiment.split;
  out.split = {split.train, split.dev, split.test, names(split.stratify), out.row.entity ? split.cap_per_entity : 0,
               out.row.entity ? split.cap_share : Rational{1, 1}};
  if (out.split.stratify.empty()) {
    out.split.stratify = out.row.slices;
    if (out.row.expected) out.split.stratify.push_back(*out.row.expected);
  }
  out.seed = split.seed.value;
  out.metric = experiment.metric.name.value;
  out.trials = experiment.trials;
  out.rule = experiment.rule;
  for (auto const& c : experiment.categories) out.categories.push_back({c.name.value, c.weight, c.description});
  for (auto const& arm : experiment.arms)
    out.arms.push_back({arm.name.value, arm.role == spec::ArmRole::baseline, arm.parent ? arm.parent->value : "", arm.summary,
                        arm.ref ? arm.ref->value : "", arm.changed, arm.deterministic, {}});
  return out;
}

Result<Plan> compile(spec::Experiment const& experiment, ports::Catalog& catalog, std::filesystem::path const& folder,
                     bool resolve_secrets) {
  auto out = outline(experiment, folder);
  auto const into = [&](PinnedActor& to, ports::PluginKind kind, spec::Actor const& used, std::string const& role) -> Status {
    auto const info = catalog.find(kind, used.plugin.value);
    if (!info) return fail(info.error());
    // A source's data enters the ledger when rows are read, never before the frame is locked.
    auto pinned = pin(used, **info, folder, role, kind != ports::PluginKind::source, resolve_secrets);
    if (!pinned) return fail(pinned.error());
    to = std::move(*pinned);
    return {};
  };

  if (auto const ok = into(out.source, ports::PluginKind::source, experiment.source, "rows"); !ok) return fail(ok.error());
  if (auto const ok = into(out.judge, ports::PluginKind::judge, experiment.metric.judge, fmt::format("metric `{}`", out.metric)); !ok) return fail(ok.error());
  for (std::size_t i = 0; i < out.arms.size(); ++i) {
    auto& arm = out.arms[i];
    auto const role = fmt::format("{} `{}`", arm.baseline ? "baseline" : "arm", arm.name);
    if (auto const ok = into(arm.actor, ports::PluginKind::arm, experiment.arms[i].actor, role); !ok) return fail(ok.error());
    arm.deterministic = arm.deterministic || ports::has_trait(arm.actor.info, "deterministic");
  }
  for (auto const& reporter : experiment.reporters) {
    out.reporters.emplace_back();
    if (auto const ok = into(out.reporters.back(), ports::PluginKind::reporter, reporter, "report"); !ok) return fail(ok.error());
  }
  return out;
}

}  // namespace itera::plan
