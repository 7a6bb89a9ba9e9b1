#include "dsl/check/executable.hpp"

#include <fmt/format.h>

#include "dsl/syntax/codes.hpp"

namespace itera::dsl {

Diagnostics not_executed(spec::Experiment const& experiment) {
  Diagnostics out;
  auto const refuse = [&](Span subject, std::string_view what) {
    out.error(codes::not_yet.id, subject,
              fmt::format("{} is not executed by this version of itera yet", what),
              "`check` and `plan` read it; for `run` leave it out, or use a version that has it");
  };
  auto const& e = experiment;
  for (auto const& arm : e.arms)
    if (arm.role == spec::ArmRole::control) refuse(arm.head, "`control`");
  for (auto const& metric : e.secondaries) refuse(metric.name.span, "a secondary metric");
  for (auto const& category : e.categories)
    if (category.when) refuse(category.when->span, "`when` on a failure category");
  if (e.crosscheck) refuse(e.crosscheck->span, "`crosscheck`");
  if (e.budget) refuse(e.budget->span, "`budget`");
  for (auto const& sprint : e.sprints) refuse(sprint.span, "`sprint`");

  auto const& rule = e.rule;
  if (rule.effect.num <= 0)
    refuse(rule.effect_span, "a threshold of zero or less (non-inferiority)");
  else if (rule.relative)
    refuse(rule.effect_span, "a threshold relative to the baseline");
  if (rule.over && (rule.relative || rule.effect.num <= 0))
    refuse(rule.over->span, "`over traffic` with a threshold that is relative, zero or less");
  if (rule.strict) refuse(rule.effect_span, "`by interval` on the effect");
  for (auto const& clause : rule.slices)
    if (clause.relative) refuse(clause.span, "a floor relative to the baseline");
  for (auto const& clause : rule.metrics) refuse(clause.span, "a clause on a secondary metric");
  for (auto const& clause : rule.guards)
    refuse(clause.span,
           clause.of == spec::GuardClause::Of::cost ? "a guard on `cost`" : "a guard on `latency`");
  return out;
}

}  // namespace itera::dsl
