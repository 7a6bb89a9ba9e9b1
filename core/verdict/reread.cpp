#include "core/verdict/reread.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "core/plan/rule_text.hpp"
#include "core/stats/holm.hpp"
#include "core/stats/quantiles.hpp"
#include "core/verdict/reread_clauses.hpp"

namespace itera::verdict {
namespace {

using enum CheckStatus;

// fail beats unproven beats pass beats n/a; what could not be judged says nothing.
CheckStatus worst_of(std::vector<RereadClause> const& clauses) {
  for (auto const status : {fail, unproven, pass})
    for (auto const& c : clauses)
      if (c.status == status) return status;
  return not_applicable;
}

// Whether what is left without the failing slices carries the decision alone. A file without that measurement
// cannot say: there the clause stays open.
RereadClause narrow(Imported const& data, RereadRule const& rule, std::size_t arm,
                    std::vector<std::string> const& failing) {
  RereadClause out;
  out.check = "C4";
  out.clause = fmt::format("without {} the rest carries the decision alone", fmt::join(failing, ", "));
  auto const& a = data.arms[arm];
  auto const least = threshold_of(data, rule.rule);
  if (!a.narrow) {
    out.evidence = data.own ? "not measured: what is left is under 20% of production"
                            : "a file without rows cannot measure what is left";
    if (data.own) out.status = fail;
    return out;
  }
  auto const& n = *a.narrow;
  out.from = {pointer({"arm_verdicts", a.id, "narrow"})};
  out.evidence = describe(n.effect);
  std::optional<double> p;
  if (at_threshold(rule.rule)) {
    if (rule.registered && n.to_threshold)
      p = stats::student_tail(n.to_threshold->parts.centre / n.to_threshold->parts.se,
                              n.to_threshold->parts.df);
  } else if (n.interval && n.interval->se > 0)
    p = stats::student_tail(n.interval->centre / n.interval->se, n.interval->df);
  bool const rise = std::any_of(n.counts.begin(), n.counts.end(), [&](auto const& c) {
    auto const& of = guarded(data, rule.rule);
    bool const counts =
        std::any_of(of.begin(), of.end(), [&](auto const* category) { return category->id == c.first; });
    auto const before = n.before.find(c.first);
    return counts && before != n.before.end() && c.second > before->second + kSlack;
  });
  auto const margin = rule.rule.effect.num <= 0 ? least.value_or(0) : 0;
  bool const high_enough = rule.registered && n.to_threshold
                               ? n.to_threshold->ci_high >= 0
                               : n.effect.ci_high.value_or(-1) >= least.value_or(0);
  bool const low_enough =
      !rule.rule.strict ||
      (rule.registered && n.to_threshold ? reaches(n.to_threshold->ci_low, 0)
                                         : reaches(n.effect.ci_low.value_or(-1), least.value_or(0)));
  bool const ok = n.guarded && n.effect.delta && least && p && n.s_noise &&
                  reaches(*n.effect.delta, *least) && reaches(*n.effect.delta - margin, 2 * *n.s_noise) &&
                  *p <= n.limit && high_enough && low_enough && n.weighted_delta.value_or(0) >= -kSlack &&
                  // An exact test takes the rows: there what was recorded stands.
                  (n.c5 ? *n.c5 != fail : !rise);
  out.status = pass_if(ok);
  if (p) out.evidence += fmt::format(", p {:.2g} against {:.2g}", *p, n.limit);
  return out;
}

RereadArm one_arm(Imported const& data, RereadRule const& rule, std::size_t arm,
                  std::optional<double> p_adjusted) {
  RereadArm out;
  out.arm = arm;
  std::vector<std::string> failing;
  auto const c0 = reread_integrity(data, arm);
  auto const c1 = reread_effect(data, rule, arm);
  auto const c2 = reread_noise(data, rule, arm);
  auto const c3 = reread_evidence(data, rule, arm, p_adjusted);
  auto const c4 = reread_slices(data, rule, arm, failing);
  auto const c5 = reread_categories(data, rule, arm);
  auto const c6 = reread_severity(data, arm);
  auto const c7 = reread_guards(data, rule, arm);

  Statuses s;
  s.c0 = c0.status.value_or(not_applicable);
  s.c1 = c1.status.value_or(unproven);
  s.c2 = c2.status.value_or(not_applicable);
  s.c3 = c3.status.value_or(unproven);
  s.c4 = worst_of(c4);
  s.c5 = worst_of(c5);
  s.c6 = c6.status.value_or(not_applicable);
  s.c7 = worst_of(c7);
  // Something has to be gained where the rule only asks not to be worse, and the last clause says whether.
  if (s.c7 != fail && rule.rule.effect.num <= 0 && c7.back().status != pass) s.c7 = unproven;
  s.blind = data.arms[arm].blind;
  auto const effect = effect_of(data, arm);
  auto const least = threshold_of(data, rule.rule);
  bool const literal = rule.evidence == Evidence::literal;
  auto const* distance = distance_of(rule, data.arms[arm]);
  s.harm_shown = !literal && rule.rule.effect.num > 0 && effect.ci_high && *effect.ci_high < 0;
  s.below_threshold_shown =
      !literal &&
      (distance ? distance->ci_high < 0 : effect.ci_high && least && *effect.ci_high < *least - kSlack);

  out.clauses = {c0, c1, c2, c3};
  for (auto const* part : {&c4, &c5}) out.clauses.insert(out.clauses.end(), part->begin(), part->end());
  if (s.c4 == fail) {
    auto rest = narrow(data, rule, arm, failing);
    s.narrow_qualifies = rest.status == pass;
    out.clauses.insert(out.clauses.begin() + 4 + static_cast<std::ptrdiff_t>(c4.size()), std::move(rest));
  }
  out.clauses.push_back(c6);
  out.clauses.insert(out.clauses.end(), c7.begin(), c7.end());

  out.decision = decide(s);
  // The first wording has no word for what is not shown. Without an effect there is nothing to kill for.
  if (literal && out.decision.outcome == Outcome::inconclusive && !s.blind && c1.status)
    out.decision.outcome = Outcome::kill, out.unshown = true;
  out.whole =
      std::all_of(out.clauses.begin(), out.clauses.end(), [](auto const& c) { return c.status.has_value(); });
  if (out.decision.outcome == Outcome::ship_narrowly) {
    out.not_for = failing;
    for (auto const& slice : data.slices)
      if (std::find(failing.begin(), failing.end(), slice.id) == failing.end())
        out.ships_for.push_back(slice.id);
  }
  return out;
}

// Better outcome; then the larger effect, weighted by severity where that is given; then the cheaper one.
bool better(Imported const& data, RereadArm const& a, RereadArm const& b) {
  if (rank(a.decision.outcome) != rank(b.decision.outcome))
    return rank(a.decision.outcome) > rank(b.decision.outcome);
  // What the rows showed of the best two is more than their effects against the baseline can.
  if (data.chosen && a.decision.outcome == Outcome::ship)
    for (auto const* x : {&a, &b})
      if (data.arms[x->arm].id == *data.chosen) return x == &a;
  auto const score = [&](RereadArm const& x) {
    auto const &arm = data.arms[x.arm], &base = data.arms.front();
    if (arm.weighted_effect) return *arm.weighted_effect;
    if (data.weighted && arm.weighted_score && base.weighted_score)
      return *arm.weighted_score - *base.weighted_score;
    return effect_of(data, x.arm).delta.value_or(-2);
  };
  if (std::abs(score(a) - score(b)) > kSlack) return score(a) > score(b);
  auto const cost = [&](RereadArm const& x) { return data.arms[x.arm].cost_per_1k_usd; };
  return cost(a) && cost(b) && *cost(a) < *cost(b);
}

bool ships(Outcome outcome) {
  return outcome == Outcome::ship || outcome == Outcome::ship_narrowly;
}

CheckStatus worst_of(std::vector<RereadClause> const& clauses, std::string const& check) {
  std::vector<RereadClause> out;
  for (auto const& c : clauses)
    if (c.check == check) out.push_back(c);
  return worst_of(out);
}

void compare_arm(Imported const& data, bool same_rule, RereadArm const& arm, bool winner,
                 std::vector<std::string>& out) {
  auto const& stands = data.arms[arm.arm];
  bool const killed = std::find(data.killed.begin(), data.killed.end(), stands.id) != data.killed.end();
  auto const say = [&](std::string_view in_file) {
    out.push_back(fmt::format("`{}` {} in the file; decided again: {} ({})", stands.id, in_file,
                              to_string(arm.decision.outcome), arm.decision.decided_by));
  };
  if (stands.outcome) {
    if (*stands.outcome != arm.decision.outcome) say(fmt::format("is {}", to_string(*stands.outcome)));
    if (!same_rule) return;
    for (auto const& recorded : stands.recorded) {
      auto const& id = recorded.first;
      auto const status = recorded.second;
      bool const open = std::any_of(arm.clauses.begin(), arm.clauses.end(),
                                    [&](auto const& c) { return c.check == id && !c.status; });
      auto const now = worst_of(arm.clauses, id);
      if (!open && status != now)
        out.push_back(fmt::format("`{}` {} is recorded as {}; decided again: {}", stands.id, id,
                                  to_string(status), to_string(now)));
    }
    return;
  }
  bool const won = data.winner == stands.id;
  if (killed && arm.decision.outcome != Outcome::kill) return say("is killed");
  if (won && !ships(arm.decision.outcome)) return say("is the winner");
  if (won && !winner)
    out.push_back(fmt::format("`{}` is the winner in the file; decided again another arm is", stands.id));
  if (!won && !killed && winner) say("is neither winner nor killed");
}

// The file as the rule's estimand sees it: effect and interval are those on production's mix.
Imported as_asked(Imported data, spec::ShipRule const& rule) {
  if (!rule.over) return data;
  for (std::size_t i = 1; i < data.arms.size(); ++i) {
    auto& arm = data.arms[i];
    auto const it = arm.over.find(rule.over->value);
    arm.no_estimand = it == arm.over.end() || !it->second.effect.delta;
    arm.effect = arm.no_estimand ? ImportedEffect{} : it->second.effect;
    arm.interval = arm.no_estimand ? std::nullopt : it->second.interval;
    arm.p.reset();
  }
  return data;
}

// Of arms that ship and are as good as each other, one with more severe errors loses.
void kill_shifted(Imported const& data, RereadRule const& rule, std::vector<RereadArm>& arms) {
  std::vector<std::size_t> shipping;
  for (auto const& arm : arms)
    if (arm.decision.outcome == Outcome::ship) shipping.push_back(arm.arm);
  if (shipping.size() < 2) return;
  for (auto& arm : arms) {
    if (arm.decision.outcome != Outcome::ship) continue;
    auto clause = reread_milder(data, rule, arm.arm, shipping);
    if (!clause) continue;
    if (clause->status == fail)
      arm.decision = {Outcome::kill, "C5"};
    else
      arm.whole = false;
    arm.clauses.push_back(std::move(*clause));
  }
}

}  // namespace

std::optional<RereadRule> default_rule(Imported const& data) {
  if (!data.threshold_pct) return std::nullopt;
  RereadRule out;
  out.from = "the defaults for a file without its rule";
  out.threshold_from = "/experiment/threshold_pct";
  out.rule.effect = reduce(std::llround(*data.threshold_pct * 1e7), 1'000'000'000);
  std::set<std::string> columns;
  for (auto const& slice : data.slices)
    if (columns.insert(slice.column).second)
      out.rule.slices.push_back({{slice.column, {}}, "", {-1, 50}, spec::SliceMode::interval, {}});
  return out;
}

Reread reread(Imported const& file, RereadRule const& rule) {
  auto const data = as_asked(file, rule.rule);
  Reread out;
  std::vector<double> p;
  bool all = true;
  for (std::size_t arm = 1; arm < data.arms.size(); ++arm) {
    if (data.arms[arm].control) continue;
    auto const own = deciding_p(rule, data.arms[arm]);
    all = all && own;
    p.push_back(own.value_or(1));
  }
  auto const adjusted = stats::holm(p);
  std::size_t next = 0;
  for (std::size_t arm = 1; arm < data.arms.size(); ++arm) {
    if (data.arms[arm].control) continue;
    auto const recorded = at_threshold(rule.rule) && !rule.registered ? std::nullopt : data.arms[arm].p_holm;
    auto const own = all ? std::optional(adjusted[next]) : recorded;
    ++next;
    out.arms.push_back(one_arm(data, rule, arm, own));
  }
  if (out.arms.empty()) return out;
  kill_shifted(data, rule, out.arms);
  for (std::size_t i = 1; i < out.arms.size(); ++i)
    if (better(data, out.arms[i], out.arms[out.speaker])) out.speaker = i;
  out.outcome = out.arms[out.speaker].decision.outcome;
  if (ships(out.outcome)) out.winner = out.speaker;
  if (!data.has_verdict) return out;
  for (std::size_t i = 0; i < out.arms.size(); ++i)
    compare_arm(data, rule.registered && rule.evidence == Evidence::needed, out.arms[i], out.winner == i,
                out.differences);
  if (data.outcome && *data.outcome != out.outcome)
    out.differences.push_back(fmt::format("the file's outcome is {}; decided again: {}",
                                          to_string(*data.outcome), to_string(out.outcome)));
  if (data.own && data.winner && (!out.winner || data.arms[out.arms[*out.winner].arm].id != *data.winner))
    out.differences.push_back(
        fmt::format("the file's winner is `{}`; decided again: {}", *data.winner,
                    out.winner ? "`" + data.arms[out.arms[*out.winner].arm].id + "`" : std::string("none")));
  return out;
}

std::optional<std::string> false_ships(Imported const& data) {
  // Simulated: two slices, three trials, 5% of the rows won and 5% lost by chance, threshold 5pp.
  struct Size {
    double rows, one_arm, three_arms;
  };
  constexpr std::array sizes{Size{16, 18.9, 42.3}, Size{40, 15.9, 37.3}, Size{60, 11.9, 30.4},
                             Size{150, 3.6, 9.5}};
  if (!data.test_rows) return std::nullopt;
  auto const& near = *std::min_element(sizes.begin(), sizes.end(), [&](auto const& a, auto const& b) {
    return std::abs(a.rows - *data.test_rows) < std::abs(b.rows - *data.test_rows);
  });
  return fmt::format(
      "on {:.0f} test rows an arm that changes nothing but which rows fail ships by seed-literal in {:.0f}% "
      "of "
      "experiments, one of three such arms in {:.0f}% (simulated with a threshold of 5pp)",
      near.rows, near.one_arm, near.three_arms);
}

}  // namespace itera::verdict
