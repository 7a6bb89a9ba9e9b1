#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/plan/rule_text.hpp"
#include "core/stats/quantiles.hpp"
#include "core/verdict/reread_clauses.hpp"

namespace itera::verdict {
namespace {

using plan::points;

double stdev(std::vector<double> const& values) {
  double mean = 0, squares = 0;
  for (auto const v : values) mean += v / static_cast<double>(values.size());
  for (auto const v : values) squares += (v - mean) * (v - mean);
  return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

std::string effect_path(Imported const& data, std::size_t arm, std::string_view member) {
  return pointer({"effect_sizes", data.arms[arm].id, "aggregate", member});
}

// Where `effect_of` found the difference.
std::vector<std::string> delta_paths(Imported const& data, std::size_t arm) {
  auto const& effect = data.arms[arm].effect;
  if (effect && effect->delta) return {effect_path(data, arm, "delta")};
  return {pointer({"test_set_aggregate", data.arms[arm].id}),
          pointer({"test_set_aggregate", data.arms.front().id})};
}

std::string least_text(spec::ShipRule const& rule) {
  return plan::threshold(rule.effect, rule.relative);
}

template <class T>
void append(std::vector<T>& to, std::vector<T> const& from) {
  to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

std::string pointer(std::initializer_list<std::string_view> names) {
  std::string out;
  for (auto const name : names) {
    out += '/';
    for (char const c : name) c == '~' ? out += "~0" : c == '/' ? out += "~1" : out += c;
  }
  return out;
}

ImportedEffect effect_of(Imported const& data, std::size_t arm) {
  auto const& a = data.arms[arm];
  ImportedEffect out = a.effect.value_or(ImportedEffect{});
  if (!out.delta && !a.no_estimand && a.score && data.arms.front().score)
    out.delta = *a.score - *data.arms.front().score;
  if (!out.rows) out.rows = data.test_rows;
  return out;
}

ImportedEffect effect_of(Imported const& data, std::size_t arm, std::string const& slice) {
  auto const& a = data.arms[arm];
  ImportedEffect out;
  if (auto const it = a.slice_effects.find(slice); it != a.slice_effects.end()) out = it->second;
  auto const now = a.slice_scores.find(slice);
  auto const base = data.arms.front().slice_scores.find(slice);
  if (!out.delta && now != a.slice_scores.end() && base != data.arms.front().slice_scores.end())
    out.delta = now->second - base->second;
  return out;
}

std::string describe(ImportedEffect const& e) {
  if (!e.delta) return "no effect";
  auto out = points(*e.delta);
  if (e.ci_low && e.ci_high) out += fmt::format(" [{}, {}]", points(*e.ci_low), points(*e.ci_high));
  if (e.rows) out += fmt::format(" on {:.0f} rows", *e.rows);
  return out;
}

std::optional<double> threshold_of(Imported const& data, spec::ShipRule const& rule) {
  if (!rule.relative) return to_double(rule.effect);
  auto const& base = data.arms.front().score;
  return base ? std::optional(to_double(rule.effect) * *base) : std::nullopt;
}

bool at_threshold(spec::ShipRule const& rule) {
  return rule.strict || rule.effect.num <= 0;
}

std::optional<double> p_of(ImportedArm const& arm, bool at_threshold) {
  if (at_threshold) {
    if (!arm.to_threshold) return std::nullopt;
    auto const& parts = arm.to_threshold->parts;
    return stats::student_tail(parts.centre / parts.se, parts.df);
  }
  if (arm.interval && arm.interval->se > 0 && arm.interval->df > 0)
    return stats::student_tail(arm.interval->centre / arm.interval->se, arm.interval->df);
  return arm.p;
}

std::optional<double> deciding_p(RereadRule const& rule, ImportedArm const& arm) {
  bool const beyond = at_threshold(rule.rule);
  return beyond && !rule.registered ? std::nullopt : p_of(arm, beyond);
}

ImportedDistance const* distance_of(RereadRule const& rule, ImportedArm const& arm) {
  return rule.registered && arm.to_threshold ? &*arm.to_threshold : nullptr;
}

std::optional<ImportedNoise> noise_of(Imported const& data, std::size_t arm) {
  if (data.arms[arm].s_noise) return ImportedNoise{*data.arms[arm].s_noise, true};
  auto const &now = data.arms[arm].trials, &base = data.arms.front().trials;
  if (now.empty() || base.empty()) return std::nullopt;
  if (now.size() < 2 || base.size() < 2) return ImportedNoise{0, false};
  auto const a = stdev(base), b = stdev(now);
  return ImportedNoise{std::sqrt((a * a + b * b) / 2), now.size() >= 3 && base.size() >= 3};
}

RereadClause reread_integrity(Imported const& data, std::size_t arm) {
  RereadClause out;
  out.check = "C0";
  out.clause = "the experiment kept its own rules";
  if (!data.own) {
    out.evidence = "a file without a ledger cannot show it";
    return out;
  }
  if (data.outcome == Outcome::invalid && data.arms[arm].recorded.empty()) {
    out.status = CheckStatus::fail;
    out.evidence = "closed as invalid";
    out.from = {"/verdict/outcome"};
  } else if (auto const it = data.arms[arm].recorded.find("C0"); it != data.arms[arm].recorded.end()) {
    out.status = it->second;
    out.evidence = "as the file records it; the ledger is what shows it";
    out.from = {pointer({"arm_verdicts", data.arms[arm].id, "checks"})};
  } else {
    out.evidence = fmt::format("no {}", pointer({"arm_verdicts", data.arms[arm].id, "checks"}));
  }
  return out;
}

RereadClause reread_effect(Imported const& data, RereadRule const& rule, std::size_t arm) {
  RereadClause out;
  out.check = "C1";
  out.clause =
      fmt::format("effect{} >= {}{}{}", rule.rule.over ? " over traffic of " + rule.rule.over->value : "",
                  least_text(rule.rule), rule.rule.relative ? " of the baseline's score" : "",
                  rule.rule.strict ? " by interval" : "");
  auto const effect = effect_of(data, arm);
  auto const least = threshold_of(data, rule.rule);
  if (!effect.delta) {
    out.evidence =
        rule.rule.over
            ? fmt::format("no {} of the slice", pointer({"effect_sizes", data.arms[arm].id, "over_traffic"}))
            : fmt::format("no {} and no scores of the two arms", effect_path(data, arm, "delta"));
    return out;
  }
  out.from = delta_paths(data, arm);
  out.evidence = describe(effect);
  if (!least) {
    out.evidence += fmt::format("; no {}, of which the threshold is a share",
                                pointer({"test_set_aggregate", data.arms.front().id}));
    return out;
  }
  if (rule.rule.relative && data.arms.front().score == 0) {
    out.status = CheckStatus::unproven;
    out.evidence += "; the baseline scores 0, and of that there is no share: n/a";
    return out;
  }
  if (rule.rule.relative) {
    out.evidence += fmt::format(" against {}", points(*least));
    out.from.push_back(pointer({"test_set_aggregate", data.arms.front().id}));
  }
  if (rule.rule.strict && !effect.ci_low) {
    out.evidence += "; no interval (ci_low, ci_high)";
    return out;
  }
  if (rule.rule.strict) out.from.push_back(effect_path(data, arm, "ci_low"));
  out.from.push_back(rule.threshold_from);
  auto const* distance = distance_of(rule, data.arms[arm]);
  out.status = pass_if(rule.rule.strict && distance
                           ? reaches(distance->ci_low, 0)
                           : reaches(rule.rule.strict ? *effect.ci_low : *effect.delta, *least));
  return out;
}

RereadClause reread_noise(Imported const& data, RereadRule const& rule, std::size_t arm) {
  RereadClause out;
  out.check = "C2";
  // Not being worse by a margin is shown by the distance from that margin.
  bool const not_worse = rule.rule.effect.num <= 0;
  out.clause = not_worse ? fmt::format("effect - ({}) >= 2 x the noise floor", least_text(rule.rule))
                         : std::string("effect >= 2 x the noise floor");
  auto const effect = effect_of(data, arm).delta;
  auto const least = threshold_of(data, rule.rule);
  auto const noise = noise_of(data, arm);
  if (!noise) {
    if (data.own) out.status = CheckStatus::unproven;
    auto const missing = data.arms[arm].trials.empty() ? arm : 0;
    out.evidence = fmt::format("no {}", pointer({"variance_trials", data.arms[missing].id}));
    return out;
  }
  if (!effect || (not_worse && !least)) {
    out.evidence = "no effect to compare with the noise";
    return out;
  }
  out.from = data.arms[arm].s_noise ? std::vector{pointer({"arm_verdicts", data.arms[arm].id, "s_noise"})}
                                    : std::vector{pointer({"variance_trials", data.arms[arm].id}),
                                                  pointer({"variance_trials", data.arms.front().id})};
  append(out.from, delta_paths(data, arm));
  if (!noise->enough_trials) {
    out.status = CheckStatus::unproven;
    out.evidence = "fewer than 3 trials: the noise floor proves nothing";
    return out;
  }
  auto const distance = not_worse ? *effect - *least : *effect;
  out.status = pass_if(reaches(distance, 2 * noise->floor));
  out.evidence =
      noise->floor == 0
          ? fmt::format("{}; the noise floor is zero: power, not noise, is binding", points(distance))
          : fmt::format("{} against 2 x {:.2f}pp{}", points(distance), noise->floor * 100,
                        data.arms[arm].s_noise ? "" : ", the trials' pooled stdev");
  return out;
}

RereadClause reread_evidence(Imported const& data, RereadRule const& rule, std::size_t arm,
                             std::optional<double> p_adjusted) {
  RereadClause out;
  out.check = "C3";
  auto const& a = data.arms[arm];
  auto const effect = effect_of(data, arm);
  auto const least = threshold_of(data, rule.rule);
  bool const not_worse = rule.rule.effect.num <= 0;
  bool const beyond = at_threshold(rule.rule);
  auto const null = beyond ? least : std::optional(0.0);
  bool const by_p = p_adjusted.has_value();
  out.clause =
      by_p ? fmt::format("evidence{}, one-sided p <= 0.025",
                         beyond ? " that the effect is above " + least_text(rule.rule) : "")
           : fmt::format("evidence: the interval lies above {}", beyond ? least_text(rule.rule) : "0");
  if (rule.evidence == Evidence::literal) {
    out.status = CheckStatus::not_applicable;
    out.evidence = "no clause in mode seed-literal";
    return out;
  }
  if (!effect.ci_low || !effect.ci_high || !null) {
    if (data.own) out.status = CheckStatus::unproven;
    out.evidence = fmt::format("no {}", effect_path(data, arm, "ci_low"));
    return out;
  }
  out.from = {effect_path(data, arm, "ci_low"), effect_path(data, arm, "ci_high")};
  if (by_p)
    out.from.push_back(pointer({"arm_verdicts", a.id,
                                beyond       ? "against_threshold"
                                : a.interval ? "interval"
                                : a.p        ? "p"
                                             : "p_holm"}));
  // A loss within the margin is what non-inferiority allows.
  bool const harm = !not_worse && *effect.ci_high < 0;
  auto const* distance = distance_of(rule, a);
  bool const below = distance ? distance->ci_high < 0 : least && *effect.ci_high < *least - kSlack;
  // Exactly zero at the low end shows nothing: the effect has to be above it.
  bool const shown = by_p ? *p_adjusted <= 0.025 : *effect.ci_low > *null + kSlack;
  out.status = harm || below ? CheckStatus::fail : shown ? CheckStatus::pass : CheckStatus::unproven;
  auto const candidates = static_cast<std::size_t>(std::count_if(
      data.arms.begin() + 1, data.arms.end(), [](auto const& other) { return !other.control; }));
  auto const many = candidates > 1 ? fmt::format(" over {} arms", candidates) : std::string();
  out.evidence = by_p ? fmt::format("p {:.2g}{}", *p_adjusted, many.empty() ? "" : ", Holm" + many)
                      : fmt::format("low end {}, as imported{}", points(*effect.ci_low),
                                    many.empty() ? "" : ": not adjusted" + many);
  if (harm)
    out.evidence += "; harm is shown: the whole interval lies below zero";
  else if (below)
    out.evidence += fmt::format("; the whole interval lies below {}", points(*least));
  return out;
}

}  // namespace itera::verdict
