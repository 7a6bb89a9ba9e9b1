#include "core/stats/paired.hpp"

#include <algorithm>
#include <cmath>

#include "core/stats/quantiles.hpp"
#include "core/stats/units.hpp"

namespace itera::stats {
namespace {

constexpr double kConfidence = 0.95;
// Means of scores in [0, 1] may leave it by rounding.
constexpr double kRangeSlack = 1e-12;
// Squared deviations, relative to squared weights, below which equal differences only look unequal by
// rounding.
constexpr double kRoundingNoise = 1e-24;
// Far from where squared weights under- or overflow.
constexpr double kLeastWeight = 1e-100;
constexpr double kMostWeight = 1e100;

bool is_valid(PairedInput const& in) {
  auto const per_row = [&](std::size_t size) { return size == 0 || size == in.d.size(); };
  auto const in_range = [](double d) { return std::abs(d) <= 1 + kRangeSlack; };
  auto const is_weight = [](double w) { return std::isfinite(w) && w >= 0; };
  return per_row(in.weights.size()) && per_row(in.clusters.size()) && in.trials >= 1 &&
         std::isfinite(in.within_variance) && in.within_variance >= 0 &&
         (!in.c2 || (*in.c2 > 0 && *in.c2 <= 1)) && std::all_of(in.d.begin(), in.d.end(), in_range) &&
         std::all_of(in.weights.begin(), in.weights.end(), is_weight);
}

double effective_count(std::span<Unit const> units, double weight) {
  return weight * weight / squared_weights(units);
}

double small_sample_factor(std::span<Unit const> units) {
  double const count = count_of(units);
  return count / (count - 1);
}

struct PlusTwo {
  double centre = 0;
  double variance = 0;
};

PlusTwo plus_two(std::span<Unit const> units, double weight, double pseudo_weight, double c) {
  double const all = weight + 2 * pseudo_weight;
  double const centre = total_of(units) / all;
  double const pseudo =
      pseudo_weight * pseudo_weight * ((c - centre) * (c - centre) + (c + centre) * (c + centre));
  return {centre, (squared_residuals(units, centre) + pseudo) / (all * all)};
}

double design_effect(std::span<Unit const> clusters, std::span<Unit const> rows, double weight,
                     double upper) {
  // V_CR1 / V_iid; both carry 1 / weight^2, which cancels.
  double const by_cluster =
      small_sample_factor(clusters) * squared_residuals(clusters, total_of(clusters) / weight);
  double const by_row = small_sample_factor(rows) * squared_residuals(rows, total_of(rows) / weight);
  return by_row > kRoundingNoise * squared_weights(rows) ? std::clamp(by_cluster / by_row, 1.0, upper)
                                                         : upper;
}

/// c2 from rows of equal weight.
double share_that_survives(std::span<Unit const> rows, double n, double within_variance, int trials) {
  double const squares = squared_residuals(rows, total_of(rows) / n);
  double const between = squares > kRoundingNoise * n ? squares / (n - 1) : 0;
  double const share = 1.0 / trials;
  double const single = between + (1 - share) * within_variance;
  return single > 0 ? std::clamp(between / single, share, 1.0) : 1;
}

}  // namespace

bool has_effect(PairedStatus status) {
  return status != PairedStatus::no_rows && status != PairedStatus::bad_input;
}

bool has_interval(PairedStatus status) {
  return status == PairedStatus::ok || status == PairedStatus::one_row;
}

double surviving_variance_share(std::span<double const> d, double within_variance, int trials) {
  auto const is_number = [](double x) { return std::isfinite(x); };
  if (d.size() < 2 || trials < 1 || !(within_variance >= 0) || !is_number(within_variance) ||
      !std::all_of(d.begin(), d.end(), is_number))
    return 1;
  return share_that_survives(row_units(d, {}), static_cast<double>(d.size()), within_variance, trials);
}

PairedEffect paired_effect(PairedInput const& input) {
  PairedEffect out;
  out.n = input.d.size();
  out.status = PairedStatus::bad_input;
  if (!is_valid(input)) return out;
  if (out.n == 0) {
    out.status = PairedStatus::no_rows;
    return out;
  }
  auto const single = row_units(input.d, input.weights);
  auto const clusters = grouping(input.clusters);
  auto const units = input.clusters.empty() ? single : cluster_units(input.d, input.weights, clusters);
  double const weight = weight_of(units);
  if (!(weight >= kLeastWeight && weight <= kMostWeight)) return out;

  out.groups = input.clusters.empty() ? out.n : clusters.groups;
  out.effect = std::clamp(total_of(units) / weight, -1.0, 1.0);
  if (out.n == 1 || out.groups == 1) {
    out.status = out.n == 1 ? PairedStatus::one_row : PairedStatus::one_cluster;
    return out;
  }
  out.status = PairedStatus::ok;
  out.n_kish = effective_count(single, weight_of(single));
  out.g_eff = effective_count(units, weight);
  out.c2 = input.c2 ? *input.c2
           : input.weights.empty()
               ? share_that_survives(single, static_cast<double>(out.n), input.within_variance, input.trials)
               : surviving_variance_share(input.d, input.within_variance, input.trials);
  out.deff = design_effect(units, single, weight, std::max(1.0, out.n_kish / out.g_eff));

  double const c = std::sqrt(out.c2);
  double const effective_row = weight / out.n_kish;
  auto const by_cluster = plus_two(units, weight, effective_row * out.deff, c);
  auto const by_row = plus_two(single, weight, effective_row, c);
  out.centre = by_cluster.centre;
  out.se = std::sqrt(std::max(by_cluster.variance, by_row.variance));
  out.df = degrees_of_freedom(units, weight);

  auto const ci = *confidence_interval(out, kConfidence);
  out.ci_low = ci.low;
  out.ci_high = ci.high;
  return out;
}

std::optional<Interval> confidence_interval(PairedEffect const& effect, double confidence) {
  if (!has_interval(effect.status) || !(confidence > 0 && confidence < 1)) return std::nullopt;
  if (effect.status == PairedStatus::one_row) return Interval{-1, 1};
  double const half = student_quantile(1 - (1 - confidence) / 2, effect.df) * effect.se;
  return Interval{std::max(-1.0, effect.centre - half), std::min(1.0, effect.centre + half)};
}

std::optional<double> p_one_sided(PairedEffect const& effect, double delta0) {
  if (!has_interval(effect.status)) return std::nullopt;
  if (effect.status == PairedStatus::one_row) return 1;
  return student_tail((effect.centre - delta0) / effect.se, effect.df);
}

}  // namespace itera::stats
