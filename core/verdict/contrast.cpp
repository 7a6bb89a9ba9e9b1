#include "core/verdict/contrast.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/stats/lift.hpp"
#include "core/stats/paired_binary.hpp"
#include "core/stats/power.hpp"

namespace itera::verdict {
namespace {

struct RowMeans {
  std::vector<double> arm, base;
  std::vector<int> clusters;
};

RowMeans row_means(Tally const& tally, std::size_t arm, std::size_t against,
                   std::vector<std::size_t> const& rows) {
  RowMeans out;
  auto const mean = [&](std::size_t which, std::size_t row) {
    auto const begin = tally.arms[which].scores.begin() + static_cast<std::ptrdiff_t>(row * tally.trials);
    return static_cast<double>(std::accumulate(begin, begin + tally.trials, std::int64_t{0})) /
           (static_cast<double>(tally.trials) * static_cast<double>(run::kScoreUnit));
  };
  for (auto const row : rows) {
    out.arm.push_back(mean(arm, row));
    out.base.push_back(mean(against, row));
    if (!tally.clusters.empty()) out.clusters.push_back(tally.clusters[row]);
  }
  return out;
}

double within(plan::Plan const& plan, Tally const& tally, std::size_t arm,
              std::vector<std::size_t> const& rows) {
  if (plan.arms[arm].deterministic) return 0;
  std::vector<double> scores;
  for (auto const row : rows)
    for (std::uint32_t k = 0; k < tally.trials; ++k)
      scores.push_back(static_cast<double>(tally.arms[arm].scores[row * tally.trials + k]) /
                       static_cast<double>(run::kScoreUnit));
  auto const noise = stats::trial_noise({scores, rows.size(), tally.trials});
  return noise ? noise->within_variance : 0;
}

Distance contrast(plan::Plan const& plan, Tally const& tally, std::size_t arm, Measurement const& m,
                  double share, std::optional<double> c2, double confidence, std::size_t against) {
  auto const means = row_means(tally, arm, against, m.rows);
  auto const scale = std::max(1.0, 1 + share);
  std::vector<double> e;
  double sum = 0;
  for (std::size_t i = 0; i < means.arm.size(); ++i) {
    e.push_back((means.arm[i] - (1 + share) * means.base[i]) / scale);
    sum += e.back();
  }
  auto const variance =
      (within(plan, tally, arm, m.rows) + (1 + share) * (1 + share) * within(plan, tally, against, m.rows)) /
      (scale * scale);
  auto const paired =
      stats::paired_effect({e, {}, means.clusters, variance, static_cast<int>(tally.trials), c2});
  Distance out;
  out.centre = paired.centre * scale;
  out.se = paired.se * scale;
  out.df = paired.df;
  out.delta = paired.effect * scale;
  out.p = stats::p_one_sided(paired);
  if (auto const ci = stats::confidence_interval(paired, confidence))
    out.ci = stats::Interval{ci->low * scale, ci->high * scale};
  if (e.size() > 1) {
    auto const mean = sum / static_cast<double>(e.size());
    double squares = 0;
    for (auto const v : e) squares += (v - mean) * (v - mean);
    out.row_variance = squares / static_cast<double>(e.size() - 1) * scale * scale * paired.deff;
  }
  return out;
}

}  // namespace

bool non_inferiority(plan::Plan const& plan) {
  return plan.rule.effect.num <= 0;
}

bool tested_at_threshold(plan::Plan const& plan) {
  return plan.rule.strict || non_inferiority(plan);
}

Distance distance_of(Measurement const& m, double limit, double confidence) {
  Distance out;
  out.delta = m.paired.effect - limit;
  out.centre = m.paired.centre - limit;
  out.se = m.paired.se;
  out.df = m.paired.df;
  out.p = stats::p_one_sided(m.paired, limit);
  if (auto const ci = stats::confidence_interval(m.paired, confidence))
    out.ci = stats::Interval{ci->low - limit, ci->high - limit};
  out.row_variance = m.row_variance * m.paired.deff;
  return out;
}

Distance distance_to(plan::Plan const& plan, Tally const& tally, std::size_t arm, Measurement const& m,
                     Rational bound, bool relative, std::optional<double> c2_of_whole, double confidence,
                     std::size_t against) {
  auto const limit = to_double(bound);
  if (relative) return contrast(plan, tally, arm, m, limit, c2_of_whole, confidence, against);
  return distance_of(m, limit, confidence);
}

namespace {

// Kept to what is decided by: on many slices of scores with many digits it would take minutes.
std::optional<double> sign_flip(Tally const& tally, std::size_t arm, std::vector<std::size_t> const& rows) {
  std::vector<std::int64_t> d;
  std::vector<int> clusters;
  std::int64_t unit = 0;
  for (auto const row : rows) {
    d.push_back(row_total(tally, arm, row) - row_total(tally, 0, row));
    unit = std::gcd(unit, d.back());
    if (!tally.clusters.empty()) clusters.push_back(tally.clusters[row]);
  }
  if (unit > 0)
    for (auto& v : d) v /= unit;
  auto const exact = stats::sign_flip_exact(d, clusters);
  return exact ? std::optional(exact->one_sided) : std::nullopt;
}

std::optional<stats::Interval> tango(Tally const& tally, std::size_t arm,
                                     std::vector<std::size_t> const& rows) {
  if (tally.trials != 1 || !tally.clusters.empty()) return std::nullopt;
  stats::PairedCounts counts{0, 0, static_cast<std::int64_t>(rows.size())};
  for (auto const row : rows) {
    auto const now = tally.arms[arm].scores[row], before = tally.arms[0].scores[row];
    for (auto const score : {now, before})
      if (score != 0 && score != run::kScoreUnit) return std::nullopt;
    counts.wins += now > before;
    counts.losses += now < before;
  }
  return stats::tango(counts);
}

}  // namespace

Measurement measure_by_rule(plan::Plan const& plan, Tally const& tally, std::size_t arm,
                            std::vector<std::size_t> const& rows, std::optional<double> c2_of_whole) {
  auto out = measure(plan, tally, arm, rows, c2_of_whole);
  out.sign_flip = sign_flip(tally, arm, out.rows);
  out.tango = tango(tally, arm, out.rows);
  out.to_threshold = distance_to(plan, tally, arm, out, plan.rule.effect, plan.rule.relative, c2_of_whole);
  if (plan.rule.relative) {
    auto const means = row_means(tally, arm, 0, out.rows);
    out.lift = stats::fieller(means.arm, means.base, means.clusters);
  }
  return out;
}

std::optional<double> deciding_p(plan::Plan const& plan, Measurement const& m) {
  if (!tested_at_threshold(plan)) return m.p;
  return m.to_threshold ? m.to_threshold->p : std::nullopt;
}

bool below_threshold_shown(Measurement const& m) {
  return m.to_threshold && m.to_threshold->ci && m.to_threshold->ci->high < 0;
}

bool harm_shown(plan::Plan const& plan, Measurement const& m) {
  return !non_inferiority(plan) && stats::has_interval(m.paired.status) && m.paired.ci_high < 0;
}

bool method_sensitive(plan::Plan const& plan, Measurement const& m, std::optional<double> p_adjusted,
                      std::optional<double> sign_flip_adjusted, double limit) {
  if (tested_at_threshold(plan) || below_threshold_shown(m) || harm_shown(plan, m)) return false;
  return p_adjusted && sign_flip_adjusted && (*p_adjusted <= limit) != (*sign_flip_adjusted <= limit);
}

double over_noise(plan::Plan const& plan, Measurement const& m) {
  return non_inferiority(plan) && m.to_threshold ? m.to_threshold->delta : m.paired.effect;
}

namespace {

// The effect that the size of a test is meant for, as a distance from what it is tested against.
double meant(plan::Plan const& plan, Measurement const& m) {
  auto const limit = to_double(plan.rule.effect) * (plan.rule.relative ? m.baseline_score.value_or(0) : 1);
  if (plan.rule.strict) return std::max(0.0, m.to_threshold->delta);
  return std::abs(limit);
}

}  // namespace

std::optional<double> rows_needed(plan::Plan const& plan, Measurement const& m) {
  if (m.row_variance <= 0 || !m.to_threshold) return std::nullopt;
  auto const variance =
      tested_at_threshold(plan) ? m.to_threshold->row_variance : m.row_variance * m.paired.deff;
  auto const distance = meant(plan, m);
  if (distance <= 0 || variance <= 0) return std::nullopt;
  auto const n = stats::miller_rows(variance, distance);
  return n ? std::optional(std::ceil(*n)) : std::nullopt;
}

std::optional<double> detectable(plan::Plan const& plan, Measurement const& m) {
  if (m.row_variance <= 0 || !m.to_threshold) return std::nullopt;
  auto const variance =
      tested_at_threshold(plan) ? m.to_threshold->row_variance : m.row_variance * m.paired.deff;
  return stats::miller_detectable_effect(static_cast<std::int64_t>(m.rows.size()), variance);
}

}  // namespace itera::verdict
