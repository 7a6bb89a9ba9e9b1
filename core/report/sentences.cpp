#include <algorithm>

#include <fmt/format.h>

#include "core/plan/rule_text.hpp"
#include "core/report/evidence.hpp"

namespace itera::report {
namespace {

using verdict::ArmVerdict;
using verdict::CheckStatus;
using verdict::Outcome;

std::string clause(ArmVerdict const& arm, std::string const& id) {
  verdict::Check const* found = nullptr;
  for (auto const& c : arm.checks)
    if (c.id == id && (!found || (c.status != CheckStatus::pass && found->status == CheckStatus::pass)))
      found = &c;
  if (!found) return id;
  constexpr std::string_view said[] = {"holds", "fails", "is not shown", "does not apply"};
  return fmt::format("{} {} ({})", found->clause, said[static_cast<int>(found->status)], found->evidence);
}

// The arm whose decision is the experiment's.
ArmVerdict const* speaker(verdict::Verdict const& v) {
  ArmVerdict const* best = nullptr;
  for (auto const& arm : v.arms)
    if (!best || rank(arm.decision.outcome) > rank(best->decision.outcome) ||
        (arm.decision.outcome == best->decision.outcome &&
         arm.measured.paired.effect > best->measured.paired.effect))
      best = &arm;
  return best;
}

std::string why_killed(plan::Plan const& plan, ArmVerdict const& arm) {
  if (arm.decision.decided_by != "C3") return clause(arm, arm.decision.decided_by);
  return arm.measured.paired.ci_high < 0 ? "it is worse than the baseline, the whole interval lies below zero"
                                         : fmt::format("the whole interval lies below the threshold of {}",
                                                       plan::points(plan.rule.effect));
}

std::string one_arm(plan::Plan const& plan, ArmVerdict const& arm) {
  auto const name = "`" + plan.arms[arm.arm].name + "`";
  auto const measured = verdict::describe(arm.measured);
  switch (arm.decision.outcome) {
    case Outcome::ship:
      return fmt::format("{} ships: {} on {}, and every clause of the rule holds.", name, measured,
                         plan.metric);
    case Outcome::ship_narrowly:
      return fmt::format("{} ships narrowly, for {} only (not for {}): {} on {} over all rows.", name,
                         fmt::join(arm.narrow_scope, ", "), fmt::join(arm.narrow_excludes, ", "), measured,
                         plan.metric);
    case Outcome::kill:
      return fmt::format("{} is killed: {} on {}; {}.", name, measured, plan.metric, why_killed(plan, arm));
    case Outcome::inconclusive:
      return fmt::format("{} is inconclusive: {} on {}; {}.", name, measured, plan.metric,
                         clause(arm, arm.decision.decided_by));
    case Outcome::invalid:
      return fmt::format("{} has no verdict: {}.", name, clause(arm, "C0"));
  }
  return {};
}

}  // namespace

std::string rationale(plan::Plan const& plan, verdict::Verdict const& v) {
  if (v.outcome == Outcome::invalid && !v.arms.empty())
    return fmt::format("The experiment is invalid: {}.", clause(v.arms.front(), "C0"));
  std::string out;
  for (auto const& arm : v.arms) out += (out.empty() ? "" : " ") + one_arm(plan, arm);
  return out;
}

std::string deciding_clause(plan::Plan const& plan, verdict::Verdict const& v) {
  auto const* arm = speaker(v);
  if (!arm) return "C0 the experiment kept its own rules fails";
  if (arm->decision.outcome == Outcome::ship) return fmt::format("every clause; {}", clause(*arm, "C1"));
  if (arm->decision.outcome == Outcome::kill && arm->decision.decided_by == "C3")
    return fmt::format("C3 evidence: {} ({})", why_killed(plan, *arm), verdict::describe(arm->measured));
  return fmt::format("{} {}", arm->decision.decided_by, clause(*arm, arm->decision.decided_by));
}

std::string not_shown(plan::Plan const& plan, verdict::Verdict const& v) {
  std::vector<std::string> out;
  auto const* arm = speaker(v);
  if (!arm || v.outcome == Outcome::invalid) return "nothing about the question: the experiment is invalid";
  if (v.outcome == Outcome::inconclusive && arm->rows_needed)
    out.push_back(
        fmt::format("an effect of {}: that needs about {:.0f} test rows, this test had {} and could show {}",
                    plan::points(plan.rule.effect), *arm->rows_needed, arm->measured.rows.size(),
                    arm->detectable ? plan::points(*arm->detectable) : std::string("nothing smaller")));
  for (auto const& slice : arm->slices)
    if (slice.by_interval == CheckStatus::fail && slice.by_point == CheckStatus::pass &&
        (v.outcome == Outcome::ship || v.outcome == Outcome::ship_narrowly))
      out.push_back(fmt::format("that {}={} does not lose up to {:.1f}pp", slice.column, slice.value,
                                -100 * slice.measured.paired.ci_low));
  if (plan.categories.empty())
    out.emplace_back("whether failures became more severe (no category is registered)");
  return out.empty() ? "nothing that the rule asks for" : fmt::format("{}", fmt::join(out, "; "));
}

std::string next_action(plan::Plan const& plan, verdict::Verdict const& v) {
  auto const* arm = speaker(v);
  if (!arm) return "mend what is named above and start a new experiment with fresh test rows";
  auto const name = plan.arms[arm->arm].name;
  switch (v.outcome) {
    case Outcome::ship:
      return fmt::format("replace `{}` ({}) with `{}`", plan.baseline().name, plan.baseline().ref, name);
    case Outcome::ship_narrowly:
      return fmt::format("use `{}` for {} and keep `{}` elsewhere", name, fmt::join(arm->narrow_scope, ", "),
                         plan.baseline().name);
    case Outcome::kill:
      return fmt::format("keep `{}` ({}); a new idea is a new experiment with fresh test rows",
                         plan.baseline().name, plan.baseline().ref);
    case Outcome::inconclusive:
      return arm->rows_needed
                 ? fmt::format("keep `{}`; to decide, frame a new experiment with about {:.0f} test rows",
                               plan.baseline().name, *arm->rows_needed)
                 : fmt::format(
                       "keep `{}`; to decide, frame a new experiment with rows on which the arms differ",
                       plan.baseline().name);
    case Outcome::invalid:
      return "mend what is named above and start a new experiment with fresh test rows";
  }
  return {};
}

}  // namespace itera::report
