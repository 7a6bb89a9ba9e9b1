#include <algorithm>

#include <fmt/format.h>

#include "core/base/text.hpp"
#include "core/plan/rule_text.hpp"
#include "core/report/evidence.hpp"
#include "core/verdict/contrast.hpp"

namespace itera::report {
namespace {

using verdict::ArmVerdict;
using verdict::CheckStatus;
using verdict::Outcome;

constexpr std::size_t kFewestRows = 15;  // below, a result is called descriptive

std::string asked_for(plan::Plan const& plan) {
  return plan::threshold(plan.rule.effect, plan.rule.relative) +
         (plan.rule.relative ? " of the baseline's score" : "");
}

std::string clause(ArmVerdict const& arm, std::string const& id) {
  if (id == "blind") return "the test could not have shown an effect, its arms differ on fewer than 6 rows";
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
  if (v.winner) return &v.arms[*v.winner];
  ArmVerdict const* best = nullptr;
  for (auto const& arm : v.arms)
    if (!best || rank(arm.decision.outcome) > rank(best->decision.outcome) ||
        (arm.decision.outcome == best->decision.outcome &&
         decisive(arm).paired.effect > decisive(*best).paired.effect))
      best = &arm;
  return best;
}

std::string why_killed(plan::Plan const& plan, ArmVerdict const& arm) {
  if (arm.decision.decided_by != "C3") return clause(arm, arm.decision.decided_by);
  return verdict::harm_shown(plan, decisive(arm))
             ? "it is worse than the baseline, the whole interval lies below zero"
             : fmt::format("the whole interval lies below the threshold of {}", asked_for(plan));
}

std::string one_arm(plan::Plan const& plan, ArmVerdict const& arm) {
  auto const name = "`" + plan.arms[arm.arm].name + "`";
  auto const measured = verdict::describe(decisive(arm));
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

bool by_rows(ArmVerdict const& arm) {
  return (arm.decision.decided_by == "C1" || arm.decision.decided_by == "C3") && arm.rows_needed;
}

// As many rows as would most likely show what the rule asks for were there: the effect lies too near to it.
bool rows_sufficed(ArmVerdict const& arm) {
  return by_rows(arm) && *arm.rows_needed <= static_cast<double>(arm.measured.rows.size());
}

bool lacks_traffic(plan::Plan const& plan, ArmVerdict const& arm) {
  return plan.rule.over && std::any_of(arm.traffic.begin(), arm.traffic.end(), [&](auto const& effect) {
           return effect.column == plan.rule.over->value && !effect.paired;
         });
}

std::vector<std::string> unproven_slices(ArmVerdict const& arm) {
  std::vector<std::string> out;
  for (auto const& s : arm.slices)
    if (s.by_point && s.status == CheckStatus::unproven)
      out.push_back(fmt::format("{}={}", s.column, s.value));
  return out;
}

// What an arm of which nothing is shown either way left open: more rows are not always the answer.
std::vector<std::string> undecided(plan::Plan const& plan, ArmVerdict const& arm) {
  auto const& by = arm.decision.decided_by;
  if (by_rows(arm) && lacks_traffic(plan, arm))
    return {fmt::format("whether there is a gain of {} over traffic of {}", asked_for(plan),
                        plan.rule.over->value)};
  if (rows_sufficed(arm))
    return {fmt::format("whether {} {}: the effect seen is too near to that for these {} rows to tell",
                        verdict::non_inferiority(plan) ? "it is no worse than"
                        : plan.rule.strict             ? "the effect reaches"
                                                       : "there is a gain of",
                        asked_for(plan), arm.measured.rows.size())};
  if (by_rows(arm)) {
    auto const what =
        verdict::non_inferiority(plan)
            ? fmt::format(
                  "whether it is no worse than {}: to show that of an arm as good as the "
                  "baseline",
                  asked_for(plan))
        : plan.rule.strict
            ? fmt::format("whether the effect is {} or more: to show that of an arm with the effect seen",
                          asked_for(plan))
            : fmt::format("whether there is a gain of {}: to show one", asked_for(plan));
    return {fmt::format("{} takes about {:.0f} test rows, this test had {} and could show {}{}", what,
                        *arm.rows_needed, arm.measured.rows.size(),
                        arm.detectable ? plan::points(*arm.detectable) : std::string("nothing smaller"),
                        verdict::tested_at_threshold(plan) ? " above it" : "")};
  }
  if (by == "C2")
    return {arm.measured.noise && arm.measured.noise->enough_trials
                ? "whether the effect is more than what the score moves by itself"
                : "whether the effect is more than what the score moves by itself: that takes 3 trials"};
  if (auto const slices = unproven_slices(arm); by == "C4" && !slices.empty())
    return {fmt::format("whether {} keeps its floor", fmt::join(slices, " or "))};
  return {fmt::format("whether the rule holds: {}", clause(arm, by))};
}

// More rows show nothing of what nobody reports.
std::string to_show_guards(plan::Plan const& plan, ArmVerdict const& arm) {
  std::vector<std::string> unknown, unshown;
  for (auto const& g : arm.guards)
    if (g.check.status == CheckStatus::unproven)
      (g.p_within ? unshown : unknown).push_back(std::string(plan::guard_words(g.clause.of)));
  if (!unknown.empty()) return fmt::format("arms whose {} is reported", join_words(unknown));
  for (auto const& s : arm.secondaries) {
    if (!s.clause) continue;
    if (s.status == CheckStatus::unproven)
      (s.lost > 0 ? unknown : unshown).push_back(s.clause->metric.value);
    else if (verdict::non_inferiority(plan) && verdict::is_benefit(*s.clause) && !verdict::gain_shown(s))
      unshown.push_back(fmt::format("{} as a benefit", s.clause->metric.value));
  }
  if (!unknown.empty()) return fmt::format("a judge that scores {} on every row", join_words(unknown));
  return fmt::format("more rows, to show the guard on {}", join_words(unshown));
}

std::string to_decide(plan::Plan const& plan, ArmVerdict const& arm) {
  auto const& by = arm.decision.decided_by;
  if (by_rows(arm) && lacks_traffic(plan, arm))
    return fmt::format("test rows of every value of {} that traffic has", plan.rule.over->value);
  if (rows_sufficed(arm))
    return fmt::format("many more than {} test rows, or with an arm that does better",
                       arm.measured.rows.size());
  if (by_rows(arm)) return fmt::format("about {:.0f} test rows", *arm.rows_needed);
  if (by == "C2")
    return arm.measured.noise && arm.measured.noise->enough_trials
               ? "answers or a judge that vary less between trials, or with more rows"
               : "at least 3 trials";
  if (auto const slices = unproven_slices(arm); by == "C4" && !slices.empty())
    return fmt::format("more rows of {}", fmt::join(slices, " and "));
  if (by == "C7") return to_show_guards(plan, arm);
  if (by == "C1" && arm.measured.baseline_total == 0)
    return "rows on which the baseline scores, or with a threshold in pp";
  return "rows on which the arms differ";
}

}  // namespace

std::string rationale(plan::Plan const& plan, verdict::Verdict const& v) {
  if (v.outcome == Outcome::invalid && !v.arms.empty())
    return fmt::format("The experiment is invalid: {}.", v.arms.front().checks.front().evidence);
  std::string out;
  for (auto const& arm : v.arms) out += (out.empty() ? "" : " ") + one_arm(plan, arm);
  if (v.ranking) out += fmt::format(" {}.", verdict::ranking_words(plan, *v.ranking, v.arms));
  return out;
}

std::string deciding_clause(plan::Plan const& plan, verdict::Verdict const& v) {
  auto const* arm = speaker(v);
  if (!arm) return "C0 the experiment kept its own rules fails";
  if (arm->decision.outcome == Outcome::ship) return fmt::format("every clause; {}", clause(*arm, "C1"));
  if (arm->decision.outcome == Outcome::kill && arm->decision.decided_by == "C3")
    return fmt::format("C3 evidence: {} ({})", why_killed(plan, *arm), verdict::describe(decisive(*arm)));
  return fmt::format("{}{} {}", arm->decision.decided_by, arm->decision.decided_by == "blind" ? ":" : "",
                     clause(*arm, arm->decision.decided_by));
}

std::vector<std::string> open_points(plan::Plan const& plan, verdict::Verdict const& v) {
  std::vector<std::string> out;
  auto const* arm = speaker(v);
  if (!arm || v.outcome == Outcome::invalid)
    return {"anything about the question: the experiment is invalid"};
  auto const asked = asked_for(plan);
  auto const& m = decisive(*arm);
  if (v.outcome == Outcome::inconclusive) out = undecided(plan, *arm);
  if (v.outcome == Outcome::ship && !verdict::tested_at_threshold(plan) && m.to_threshold &&
      m.to_threshold->ci && m.to_threshold->ci->low < 0)
    out.push_back(fmt::format("that the true effect is as large as {}: {} begins at {}", asked,
                              plan.rule.relative ? "the interval of the distance" : "its interval",
                              plan::points(plan.rule.relative ? m.to_threshold->ci->low : m.paired.ci_low)));
  for (auto const& slice : arm->slices)
    if (slice.by_interval == CheckStatus::fail && slice.by_point == CheckStatus::pass &&
        (v.outcome == Outcome::ship || v.outcome == Outcome::ship_narrowly))
      out.push_back(fmt::format("whether {}={} loses up to {:.1f}pp", slice.column, slice.value,
                                -100 * slice.measured.paired.ci_low));
  if (arm->gap && arm->gap->alarm)
    out.push_back(fmt::format("whether the gain holds on other rows: dev promised {} more than test kept",
                              plan::points(arm->gap->gap)));
  if (arm->weighted && arm->weighted->descriptive)
    out.push_back(
        "whether the score weighted by severity holds on other rows: few rows carry most of the "
        "weight");
  for (auto const& c : v.controls)
    if (c.reading != verdict::Reading::unmoved)
      out.push_back(fmt::format("that the control `{}` has no effect: it reads {}", plan.arms[c.arm].name,
                                to_string(c.reading)));
  if (plan.categories.empty())
    out.emplace_back("whether failures became more severe (no category is registered)");
  if (plan.origin != "production")
    out.push_back(fmt::format("whether it holds in production: the rows were {}", plan.origin));
  if (!m.rows.empty() && m.rows.size() < kFewestRows)
    out.push_back(fmt::format("anything beyond these {} rows: fewer than {} are only a description",
                              m.rows.size(), kFewestRows));
  return out;
}

std::string not_shown(plan::Plan const& plan, verdict::Verdict const& v) {
  auto const points = open_points(plan, v);
  return points.empty() ? "nothing that the rule asks for" : fmt::format("{}", fmt::join(points, "; "));
}

std::string next_action(plan::Plan const& plan, verdict::Verdict const& v) {
  auto const* arm = speaker(v);
  if (!arm) return fmt::format("mend what is named above and {}", kStartAnew);
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
      return fmt::format("keep `{}`; to decide, frame a new experiment with {}", plan.baseline().name,
                         to_decide(plan, *arm));
    case Outcome::invalid:
      return fmt::format("mend what is named above and {}", kStartAnew);
  }
  return {};
}

}  // namespace itera::report
