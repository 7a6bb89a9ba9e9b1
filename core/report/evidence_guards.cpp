#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

#include "core/plan/rule_text.hpp"
#include "core/report/evidence_parts.hpp"
#include "core/stats/order_statistics.hpp"
#include "core/verdict/contrast.hpp"

namespace itera::report {
namespace {

using Json = nlohmann::json;

Json number(std::optional<double> value) {
  return value ? Json(*value) : Json();
}

Json bounds(std::optional<stats::Interval> const& ci, char const* low, char const* high) {
  return {{low, ci ? Json(ci->low) : Json()}, {high, ci ? Json(ci->high) : Json()}};
}

}  // namespace

Json interval_json(verdict::Measurement const& m) {
  Json out = {{"delta", nullptr},
              {"ci_low", nullptr},
              {"ci_high", nullptr},
              {"n", m.rows.size()},
              {"excluded", m.excluded},
              {"baseline_score", number(m.baseline_score)},
              {"arm_score", number(m.arm_score)}};
  if (stats::has_effect(m.paired.status)) out["delta"] = m.paired.effect;
  if (stats::has_interval(m.paired.status)) {
    out["ci_low"] = m.paired.ci_low;
    out["ci_high"] = m.paired.ci_high;
  }
  return out;
}

Json threshold_json(plan::Plan const& plan, verdict::Measurement const& m) {
  if (!m.to_threshold || !m.to_threshold->ci) return nullptr;
  auto const& d = *m.to_threshold;
  auto out = bounds(d.ci, "ci_low", "ci_high");
  out.update({{"delta", d.delta},
              {"p", number(d.p)},
              {"tested", verdict::tested_at_threshold(plan)},
              {"centre", d.centre},
              {"se", d.se},
              {"df", d.df}});
  return out;
}

Json lift_json(verdict::Measurement const& m) {
  if (!m.lift || m.lift->status == stats::Lift::Status::undefined) return nullptr;
  Json out = {{"lift", m.lift->lift}, {"ci_low", nullptr}, {"ci_high", nullptr}};
  if (m.lift->status == stats::Lift::Status::ok)
    out["ci_low"] = m.lift->ci.low, out["ci_high"] = m.lift->ci.high;
  return out;
}

Json guards_json(std::vector<verdict::GuardResult> const& guards) {
  Json out = Json::array();
  for (auto const& g : guards) {
    Json one = {{"of", plan::guard_words(g.clause.of)},
                {"most", to_string(g.clause.most)},
                {"status", to_string(g.check.status)},
                {"baseline", number(g.baseline)},
                {"arm", number(g.arm)},
                {"change", number(g.change)},
                {"p_within", number(g.p_within)},
                {"p_exceeds", number(g.p_exceeds)},
                {"n", g.n},
                {"reproducible", g.clause.of == spec::GuardClause::Of::cost}};
    one.update(bounds(g.ci, "ci_low", "ci_high"));
    out.push_back(std::move(one));
  }
  return out;
}

Json controls_json(plan::Plan const& plan, verdict::Verdict const& v) {
  Json out = Json::object();
  auto const effect = [](verdict::Measurement const& m) {
    auto one = interval_json(m);
    one.update(bounds(stats::confidence_interval(m.paired, 0.90), "ci90_low", "ci90_high"));
    return one;
  };
  for (auto const& c : v.controls) {
    Json slices = Json::object();
    for (auto const& s : c.slices) {
      slices[s.id] = effect(s.measured);
      slices[s.id]["registered"] = s.registered;
    }
    out[plan.arms[c.arm].name] = {{"reading", to_string(c.reading)},
                                  {"evidence", c.evidence},
                                  {"against", plan.arms[c.against].name},
                                  {"aggregate", effect(c.measured)},
                                  {"per_slice", slices}};
  }
  return out;
}

Json latency_json(verdict::Tally const& tally, std::size_t arm) {
  auto const& calls = tally.arms[arm].latency_ms;
  std::vector<double> values;
  std::vector<int> groups;
  for (std::size_t i = 0; i < calls.of.size(); ++i)
    if (!std::isnan(calls.of[i])) {
      auto const row = i / tally.trials;
      values.push_back(calls.of[i]);
      groups.push_back(tally.clusters.empty() ? static_cast<int>(row) : tally.clusters[row]);
    }
  if (values.empty()) {
    if (!calls.first) return nullptr;
    return {{"mean_ms", nullptr},
            {"p50_ms", nullptr},
            {"p95_ms", nullptr},
            {"calls", 0},
            {"first_ms", *calls.first}};
  }
  auto sorted = values;
  std::sort(sorted.begin(), sorted.end());
  Json out = {
      {"mean_ms", *verdict::steady_mean(calls)}, {"calls", values.size()}, {"first_ms", number(calls.first)}};
  for (auto const& [name, q] : {std::pair{"p50", 0.5}, {"p95", 0.95}}) {
    auto const at = *stats::sample_quantile(sorted, q);
    auto const ci = stats::quantile_bounds(sorted, q, 0.025, stats::effective_values(values, at, groups));
    auto const key = [name = std::string(name)](char const* what) { return name + what; };
    out[key("_ms")] = at;
    out[key("_ci_low_ms")] = number(ci.low);
    out[key("_ci_high_ms")] = number(ci.high);
  }
  return out;
}

Json threshold_points(plan::Plan const& plan, verdict::Verdict const* v) {
  auto const percent = to_double(plan.rule.effect) * 100;
  if (!plan.rule.relative) return percent;
  if (!v || v->arms.empty() || !v->arms.front().measured.baseline_score) return nullptr;
  return percent * *v->arms.front().measured.baseline_score;
}

}  // namespace itera::report
