#include "core/report/evidence_severity.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/plan/rule_text.hpp"

namespace itera::report {
namespace {

using Json = nlohmann::json;

Json number(std::optional<double> value) {
  return value ? Json(*value) : Json();
}

// Effect and ends of the interval, null where there is none.
Json interval(std::optional<stats::PairedEffect> const& p) {
  bool const effect = p && stats::has_effect(p->status), ends = p && stats::has_interval(p->status);
  return {{"delta", effect ? Json(p->effect) : Json()},
          {"ci_low", ends ? Json(p->ci_low) : Json()},
          {"ci_high", ends ? Json(p->ci_high) : Json()}};
}

std::string ends(stats::PairedEffect const& p) {
  return fmt::format("[{}, {}]", plan::points(p.ci_low), plan::points(p.ci_high));
}

Json sum_json(verdict::CategoryResult const& sum) {
  return {{"sum", sum.now}, {"baseline_sum", sum.before}, {"p_rise", number(sum.p_rise)}};
}

std::string gap_words(stats::Gap const& gap) {
  std::string out;
  if (gap.alarm)
    out = fmt::format(
        "Overfit alarm: dev promised {} more than test kept, which chance explains badly (z {:.2f}, above "
        "1.96). It changes nothing of the effect on test, and asks for an explanation",
        plan::points(gap.gap), gap.z);
  else if (gap.notice)
    out = fmt::format(
        "The effects on dev and test lie {} apart, over twice what trials alone move ({:.2f}pp); between "
        "different rows that is common by chance (z {:.2f}, where 1.96 alarms)",
        plan::points(gap.gap), gap.noise * 100, gap.z);
  else
    out = fmt::format(
        "The effects on dev and test lie {} apart, within twice what trials alone move (z {:.2f})",
        plan::points(gap.gap), gap.z);
  if (gap.evaluations < 2) return out;
  return out + fmt::format("; the luck of the best of {} dev evaluations is {} on average", gap.evaluations,
                           plan::points(gap.optimism));
}

std::string spread_words(stats::Decomposition const& spread) {
  auto out = fmt::format(
      "Of the spread between rows {:.0f}% comes from the {} trials, so {}", spread.trial_share * 100,
      spread.trials,
      spread.more_trials ? "more trials tell more than more rows" : "more rows tell more than more trials");
  if (spread.trial_variance == 0) return out;
  return out + (spread.best_trials
                    ? fmt::format("; where a new row costs as much as C trials, the best number of trials is "
                                  "{:.2g} x the square root of C",
                                  *spread.best_trials)
                    : std::string("; rows do not differ beyond what their trials do"));
}

std::string traffic_words(plan::Plan const& plan, verdict::TrafficEffect const& effect) {
  bool const decides = plan.rule.over && plan.rule.over->value == effect.column;
  if (!decides && effect.mix_distance < verdict::kMixDiffers) return {};
  auto out =
      fmt::format("Test holds {} in another mix than production ({:.1f}% of the rows would have to change)",
                  effect.column, effect.mix_distance * 100);
  if (effect.mix_distance < verdict::kMixDiffers)
    out = fmt::format("Test holds {} in production's mix", effect.column);
  if (!effect.paired)
    return out + fmt::format("; the effect over traffic cannot be given: {}", effect.why_not);
  return out + fmt::format("; over traffic the effect is {} {}, and the rule judges {}",
                           plan::points(effect.paired->effect), ends(*effect.paired),
                           decides ? "that" : "the one on the rows of test");
}

}  // namespace

Json severity_json(Evidence const& e) {
  if (!e.plan.row.severity || !e.test || !e.verdict) return nullptr;
  Json scores = Json::object(), effects = Json::object();
  for (std::size_t arm = 0; arm < e.plan.arms.size(); ++arm)
    scores[e.plan.arms[arm].name] = number(verdict::weighted_score(*e.test, arm));
  for (auto const& arm : e.verdict->arms) {
    if (!arm.weighted) {
      effects[e.plan.arms[arm.arm].name] = nullptr;
      continue;
    }
    auto const& w = *arm.weighted;
    auto one = interval(w.paired);
    bool const whole = w.paired.status == stats::PairedStatus::ok;
    one["p"] = w.p;
    one["n_kish"] = whole ? Json(w.paired.n_kish) : Json();
    one["largest_share"] = w.largest_share;
    one["descriptive"] = w.descriptive;
    effects[e.plan.arms[arm.arm].name] = one;
  }
  return {{"field", e.plan.row.severity->text},
          {"registered_at_phase_2", true},
          {"test_set_weighted_accuracy", scores},
          {"effects", effects}};
}

void add_category_effects(Json& modes, Evidence const& e) {
  Json effects = Json::object(), sums = Json::object();
  for (auto const& arm : e.verdict->arms) {
    auto const& name = e.plan.arms[arm.arm].name;
    effects[name] = Json::object();
    for (std::size_t c = 0; c < e.plan.categories.size(); ++c) {
      auto const& result = arm.categories.categories[c];
      auto one = interval(result.rate);
      one["p_rise"] = number(result.p_rise);
      one["p_sign_flip"] = number(result.p_two_sided);
      effects[name][e.plan.categories[c].name] = one;
    }
    if (arm.categories.sum) sums[name] = sum_json(*arm.categories.sum);
  }
  modes["test_set_effects"] = effects;
  modes["weighted_sums"] = sums;
}

Json over_traffic_json(plan::Plan const& plan, verdict::ArmVerdict const& arm) {
  Json out = Json::array();
  for (auto const& effect : arm.traffic) {
    auto one = interval(effect.paired);
    one["slice"] = effect.column;
    one["mix_distance"] = effect.mix_distance;
    one["differs"] = effect.mix_distance >= verdict::kMixDiffers;
    one["decides"] = plan.rule.over && plan.rule.over->value == effect.column;
    one["why_not"] = effect.why_not.empty() ? Json() : Json(effect.why_not);
    one["p"] = effect.paired ? number(stats::p_one_sided(*effect.paired)) : Json();
    one["interval"] = Json();
    if (effect.paired)
      one["interval"] = {
          {"centre", effect.paired->centre}, {"se", effect.paired->se}, {"df", effect.paired->df}};
    out.push_back(one);
  }
  return out;
}

Json gap_json(verdict::ArmVerdict const& arm) {
  if (!arm.gap) return nullptr;
  auto const& g = *arm.gap;
  return {{"gap", g.gap},
          {"se", g.se},
          {"z", g.z},
          {"p", g.p},
          {"alarm", g.alarm},
          {"notice", g.notice},
          {"s_pool", g.noise},
          {"selection_optimism", g.optimism},
          {"dev_evaluations", g.evaluations}};
}

Json spread_json(verdict::ArmVerdict const& arm) {
  if (!arm.spread) return nullptr;
  auto const& s = *arm.spread;
  return {{"row_variance", s.row_variance},
          {"trial_variance", s.trial_variance},
          {"trial_share", s.trial_share},
          {"more_trials", s.more_trials},
          {"best_trials", number(s.best_trials)}};
}

Json ranking_json(plan::Plan const& plan, verdict::Verdict const& v) {
  if (!v.ranking) return nullptr;
  auto const& r = *v.ranking;
  auto const name = [&](std::size_t i) { return plan.arms[v.arms[i].arm].name; };
  auto out = interval(r.difference);
  out["first"] = name(r.first);
  out["second"] = name(r.second);
  out["weighted"] = r.weighted;
  out["p"] = r.p;
  out["tie"] = r.tie;
  out["chosen"] = name(r.chosen);
  out["text"] = ranking_words(plan, r, v.arms);
  return out;
}

std::vector<std::string> remarks(plan::Plan const& plan, verdict::ArmVerdict const& arm) {
  std::vector<std::string> out;
  if (arm.gap) out.push_back(gap_words(*arm.gap) + ".");
  if (arm.spread) out.push_back(spread_words(*arm.spread) + ".");
  for (auto const& effect : arm.traffic)
    if (auto words = traffic_words(plan, effect); !words.empty()) out.push_back(std::move(words) + ".");
  return out;
}

}  // namespace itera::report
