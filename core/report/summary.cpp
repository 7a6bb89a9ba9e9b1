// The paragraphs of a conclusion: what a good engineer would write to a colleague who has not read the spec.
#include <algorithm>

#include <fmt/format.h>

#include "core/base/text.hpp"
#include "core/plan/rule_text.hpp"
#include "core/report/evidence.hpp"
#include "core/verdict/contrast.hpp"

namespace itera::report {
namespace {

using verdict::ArmVerdict;
using verdict::Check;
using verdict::CheckStatus;
using verdict::Outcome;

std::string percent(double fraction) {
  return fmt::format("{:.1f}%", fraction * 100);
}

std::string quoted(std::string const& name) {
  return "`" + name + "`";
}

std::string interval(verdict::Measurement const& m) {
  return fmt::format("[{}, {}]", plan::points(m.paired.ci_low), plan::points(m.paired.ci_high));
}

std::string asked_for(plan::Plan const& plan) {
  return plan::threshold(plan.rule.effect, plan.rule.relative) +
         (plan.rule.relative ? " of the baseline's score" : "");
}

// "; the control `bigger` reads unmoved"
std::string controls(plan::Plan const& plan, verdict::Verdict const& v) {
  std::vector<std::string> parts;
  for (auto const& c : v.controls)
    parts.push_back(
        fmt::format("the control {} reads {}", quoted(plan.arms[c.arm].name), to_string(c.reading)));
  return parts.empty() ? "" : "; " + join_words(parts);
}

std::string asked(plan::Plan const& plan, std::optional<std::size_t> rows, std::string const& more = {}) {
  std::vector<std::string> arms;
  for (auto const& arm : plan.arms)
    if (!arm.baseline && !arm.control)
      arms.push_back(quoted(arm.name) + (arm.summary.empty() ? "" : fmt::format(" ({})", arm.summary)));
  auto const on = rows ? fmt::format(" on {} held-out test rows{}", *rows,
                                     plan.origin == "production" ? "" : ", " + plan.origin)
                       : std::string();
  return fmt::format("To answer \"{}\", {} {} held against `{}`, which is deployed now ({}), by {}{}{}.",
                     plan.question, join_words(arms), arms.size() == 1 ? "was" : "were", plan.baseline().name,
                     plan.baseline().ref, plan.metric, on, more);
}

// "`new` scored 75.0% and `old` 60.0%: +15.0pp ..."; units and interval are explained where they first occur.
std::string found(plan::Plan const& plan, ArmVerdict const& arm, bool first) {
  auto const& m = decisive(arm);
  auto const name = quoted(plan.arms[arm.arm].name);
  if (!m.baseline_score || !m.arm_score || !stats::has_effect(m.paired.status))
    return fmt::format("{} has no row on which it can be measured", name);
  auto out =
      fmt::format("{} scored {} and `{}` {}: {}{}{}", name, percent(*m.arm_score), plan.baseline().name,
                  percent(*m.baseline_score),
                  m.over_traffic ? fmt::format("over traffic of {} that is ", plan.rule.over->value) : "",
                  plan::points(m.paired.effect), first ? " (percentage points)" : "");
  if (!stats::has_interval(m.paired.status)) return out + ", for which no interval can be computed";
  return out + (first ? fmt::format(", and the true difference lies in {} with 95% confidence", interval(m))
                      : fmt::format(" {}", interval(m)));
}

std::vector<Check const*> checks(ArmVerdict const& arm, std::string_view id, CheckStatus status) {
  std::vector<Check const*> out;
  for (auto const& c : arm.checks)
    if (c.id == id && c.status == status) out.push_back(&c);
  return out;
}

std::string clauses(std::vector<Check const*> const& of) {
  std::vector<std::string> parts;
  for (auto const* c : of) parts.push_back(fmt::format("\"{}\" ({})", c->clause, c->evidence));
  return join_words(parts);
}

// "tier=smb, at -11.1pp [-23.1pp, +2.1pp] on 36 rows where the floor is -2pp"
std::string lost_slices(ArmVerdict const& arm) {
  std::vector<std::string> parts;
  for (auto const& s : arm.slices)
    if (s.status == CheckStatus::fail && s.floor)
      parts.push_back(s.by_point == CheckStatus::pass && s.measured.paired.ci_high < 0
                          ? fmt::format("{}={}, at {}, which shows harm", s.column, s.value,
                                        verdict::describe(s.measured))
                          : fmt::format("{}={}, at {} where the floor is {}", s.column, s.value,
                                        verdict::describe(s.measured), floor_text(s)));
  return join_words(parts);
}

std::string killed(plan::Plan const& plan, ArmVerdict const& arm) {
  auto const& by = arm.decision.decided_by;
  if (by == "C3")
    return verdict::non_inferiority(plan)
               ? fmt::format("it is shown to be worse than the {} that the rule allows, so it is killed",
                             asked_for(plan))
           : decisive(arm).paired.ci_high < 0
               ? "the whole interval lies below zero: it is worse than what is deployed, so it is killed"
           : plan.rule.relative
               ? fmt::format("a gain of {}, which the rule asks for, is excluded, so it is killed",
                             asked_for(plan))
               : fmt::format(
                     "the whole interval lies below the {} that the rule asks for: a gain of that size "
                     "is excluded, so it is killed",
                     asked_for(plan));
  if (by == "C4")
    return fmt::format(
        "over all rows that is enough, but it falls short on {}, and what is left without that does "
        "not carry the decision alone, so it is killed",
        lost_slices(arm));
  return fmt::format("whatever the effect, it fails {}, so it is killed",
                     clauses(checks(arm, by, CheckStatus::fail)));
}

std::string inconclusive(plan::Plan const& plan, ArmVerdict const& arm) {
  auto const& by = arm.decision.decided_by;
  auto const& m = decisive(arm);
  if (by == "blind")
    return "fewer than 6 rows differ, on which no effect can be shown: the test is blind to it, which does "
           "not say that there is none";
  bool const open_effect = !checks(arm, "C1", CheckStatus::unproven).empty();
  bool const allows = verdict::non_inferiority(plan);
  if (by == "C1" && !open_effect && plan.rule.strict && at_least(m, plan.rule.effect, plan.rule.relative))
    return fmt::format(
        "that reaches the {} that the rule asks for, but the low end of its interval does not, so an effect "
        "of that size is neither shown nor excluded",
        asked_for(plan));
  if (by == "C1" && !open_effect && allows && stats::has_interval(m.paired.status))
    return fmt::format(
        "that is below the {} that the rule allows, but the interval reaches beyond it: being worse than "
        "that is neither shown nor excluded",
        asked_for(plan));
  if (by == "C1" && !open_effect && stats::has_interval(m.paired.status))
    return fmt::format(
        "that is below the {} that the rule asks for, but the interval reaches beyond it: a gain "
        "of that size is neither shown nor excluded",
        asked_for(plan));
  if (by == "C2" && m.noise && m.noise->enough_trials)
    return fmt::format(
        "that is {}less than twice the noise floor of {:.2f}pp, how far the score moves between "
        "trials when nothing is changed, so it could be noise",
        allows ? fmt::format("above the {} that the rule allows by ", asked_for(plan)) : "",
        m.noise->s_noise * 100);
  if (by == "C2")
    return "with fewer than 3 trials nobody knows how far the score moves when nothing is changed, so it "
           "could "
           "be noise";
  if (by == "C3" && allows && arm.p_holm && stats::has_interval(m.paired.status))
    return fmt::format(
        "that is not below the {} that the rule allows, but chance could have hidden a greater loss "
        "(one-sided p {:.2g}, where at most 0.025 is asked), so nothing is shown either way",
        asked_for(plan), *arm.p_holm);
  if (by == "C3" && arm.p_holm && stats::has_interval(m.paired.status))
    return fmt::format(
        "that reaches the {} that the rule asks for, but chance could have made it (one-sided p "
        "{:.2g}, where at most 0.025 is asked), so a gain is neither shown nor excluded",
        asked_for(plan), *arm.p_holm);
  auto const open = checks(arm, by, CheckStatus::unproven);
  if (by == "C7" && !open.empty())
    return fmt::format("that is enough, but the rule asks for more, which is not shown: {}", clauses(open));
  return open.empty() ? "nothing can be said of it" : fmt::format("it cannot be judged by {}", clauses(open));
}

// "cost" or "cost and latency"
std::string benefits(ArmVerdict const& arm) {
  std::vector<std::string> out;
  for (auto const& g : arm.guards)
    if (g.clause.most.num < 0 && g.check.status == CheckStatus::pass)
      out.push_back(fmt::format("{} <= {}", plan::guard_words(g.clause.of),
                                plan::threshold(g.clause.most, true, true)));
  for (auto const& s : arm.secondaries)
    if (verdict::gain_shown(s))
      out.push_back(fmt::format("{} >= {}", s.clause->metric.value,
                                plan::threshold(s.clause->floor, s.clause->relative, true)));
  return join_words(out);
}

std::string decided(plan::Plan const& plan, ArmVerdict const& arm) {
  switch (arm.decision.outcome) {
    case Outcome::ship:
      if (verdict::non_inferiority(plan))
        return fmt::format(
            "that is shown to be no worse than the {} that the rule allows (one-sided p {:.2g}, where at "
            "most 0.025 is asked), {} is shown as its benefit, and no other clause fails, so it ships",
            asked_for(plan), arm.p_holm.value_or(1), benefits(arm));
      if (plan.rule.strict)
        return fmt::format(
            "the whole interval reaches the {} that the rule asks for (one-sided p {:.2g} of one below that, "
            "where at "
            "most 0.025 is asked), and no other clause fails, so it ships",
            asked_for(plan), arm.p_holm.value_or(1));
      return fmt::format(
          "that reaches the {} that the rule asks for, chance is an unlikely explanation "
          "(one-sided p {:.2g}, where at most 0.025 is asked), and no other clause fails, so it "
          "ships",
          asked_for(plan), arm.p_holm.value_or(1));
    case Outcome::ship_narrowly:
      return fmt::format(
          "over all rows that is enough, but it falls short on {}; on the other rows it gains {}, which "
          "carries "
          "the decision alone, so it ships for {} only",
          lost_slices(arm), arm.narrowed ? verdict::describe(*arm.narrowed) : std::string("enough"),
          join_words(arm.narrow_scope));
    case Outcome::kill:
      return killed(plan, arm);
    case Outcome::inconclusive:
      return inconclusive(plan, arm);
    case Outcome::invalid:
      break;
  }
  return {};
}

std::string capital(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

// The clauses that the rows without the failing slices have to carry.
std::string carried(ArmVerdict const& arm) {
  std::vector<std::string> ids{"C1", "C2", "C3", "C5"};
  if (arm.weighted) ids.emplace_back("C6");
  bool const floors = std::any_of(arm.secondaries.begin(), arm.secondaries.end(),
                                  [](auto const& s) { return s.clause != nullptr; });
  if (!arm.guards.empty() || floors) ids.emplace_back("C7");
  auto const last = ids.back();
  ids.pop_back();
  return fmt::format("{} and {}", fmt::join(ids, ", "), last);
}

std::string why(plan::Plan const& plan, ArmVerdict const& arm) {
  auto const& by = arm.decision.decided_by;
  switch (arm.decision.outcome) {
    case Outcome::ship:
      return "Every clause that applies holds";
    case Outcome::ship_narrowly:
      return fmt::format(
          "An arm that wins in all but fails on a slice ships only where it won, and the rows without the "
          "failing slices carry {} alone",
          carried(arm));
    case Outcome::kill:
      if (by == "C3")
        return decisive(arm).paired.ci_high < 0 && !verdict::non_inferiority(plan)
                   ? "Harm that is shown decides before all clauses but C0"
                   : "An effect shown to lie below the threshold decides before all clauses but C0";
      if (by == "C4")
        return "A major slice that loses decides, as the rows without it do not carry the rule alone";
      return fmt::format("{} is a guard and decides whatever the effect", by);
    case Outcome::inconclusive:
      if (by == "blind")
        return "A test on which too few rows differ decides nothing, whatever the clauses say";
      return fmt::format("{} asks for more than these rows show, which is neither a yes nor a no", by);
    case Outcome::invalid:
      return "C0 comes first, because an experiment that broke its own rules decides nothing";
  }
  return {};
}

}  // namespace

// A colleague is told what the experiment could not vouch for, before being told to read all of it.
std::string reservations(std::vector<std::string> const& open_points,
                         std::vector<verdict::AuditLine> const& audit) {
  std::vector<std::string> denied, unshown, parts;
  for (auto const& line : audit) {
    if (line.line == verdict::kEffectOverNoise) continue;
    if (line.answer == verdict::Answer::no) denied.push_back(line.line);
    if (line.answer == verdict::Answer::cannot_be_shown) unshown.push_back(line.line);
  }
  if (!denied.empty()) parts.push_back(fmt::format("says no to \"{}\"", fmt::join(denied, "\", \"")));
  if (!unshown.empty()) parts.push_back(fmt::format("cannot show \"{}\"", fmt::join(unshown, "\", \"")));
  std::string out;
  if (!open_points.empty()) out = fmt::format("This does not show {}", fmt::join(open_points, "; nor "));
  if (!parts.empty())
    out += fmt::format("{}he self-audit {}", out.empty() ? "T" : "; t", fmt::join(parts, " and "));
  return out.empty() ? out : out + ".";
}

std::string clause_by_clause(plan::Plan const& plan, ArmVerdict const& arm) {
  struct Said {
    CheckStatus status;
    std::string_view one, many;
  };
  constexpr Said said[] = {{CheckStatus::pass, "holds", "hold"},
                           {CheckStatus::fail, "fails", "fail"},
                           {CheckStatus::unproven, "is not shown", "are not shown"},
                           {CheckStatus::not_applicable, "does not apply", "do not apply"}};
  std::vector<std::string> parts;
  for (auto const& [status, one, many] : said) {
    std::vector<std::string> list;
    for (auto const& c : arm.checks)
      if (c.status == status)
        list.push_back(status == CheckStatus::pass ? fmt::format("{} ({})", c.id, c.clause)
                                                   : fmt::format("{} ({}: {})", c.id, c.clause, c.evidence));
    if (!list.empty()) parts.push_back(fmt::format("{} {}", join_words(list), list.size() == 1 ? one : many));
  }
  auto const outcome = arm.decision.outcome == Outcome::ship_narrowly
                           ? fmt::format("ship narrowly, for {} only", join_words(arm.narrow_scope))
                           : std::string(to_string(arm.decision.outcome));
  return fmt::format("Under the registered rule, `{}`: {}. {}, so the verdict on it is {}.",
                     plan.arms[arm.arm].name, fmt::join(parts, "; "), why(plan, arm), outcome);
}

std::string summary(plan::Plan const& plan, verdict::Verdict const& v,
                    std::vector<verdict::AuditLine> const& audit) {
  std::optional<std::size_t> rows;
  if (!v.arms.empty()) rows = v.arms.front().measured.rows.size() + v.arms.front().measured.excluded;
  auto out = asked(plan, rows, controls(plan, v));
  if (v.outcome == Outcome::invalid) {
    out += " The experiment broke its own rules, so it shows nothing about the question";
    if (!v.arms.empty()) out += fmt::format(": {}", v.arms.front().checks.front().evidence);
    return fmt::format("{}. Next: {}.", out, next_action(plan, v));
  }
  // One arm has room for two sentences; of several each has one.
  for (auto const& arm : v.arms) {
    auto const what = found(plan, arm, &arm == &v.arms.front());
    auto const so = decided(plan, arm);
    out +=
        v.arms.size() == 1 ? fmt::format(" {}. {}.", what, capital(so)) : fmt::format(" {}; {}.", what, so);
  }
  out += fmt::format(" Next: {}.", next_action(plan, v));
  auto const rest = reservations(open_points(plan, v), audit);
  return rest.empty() ? out : out + " " + rest;
}

std::string summary_of_closed(plan::Plan const& plan, std::string const& because, std::string_view next) {
  return fmt::format("{} {} Nothing is shown about the question. Next: {}.", asked(plan, {}), because, next);
}

}  // namespace itera::report
