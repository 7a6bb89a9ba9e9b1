#include "core/stats/mean.hpp"

#include <algorithm>
#include <cmath>

#include "core/stats/quantiles.hpp"
#include "core/stats/sum.hpp"
#include "core/stats/units.hpp"

namespace itera::stats {
namespace {

// Squares of what is added up neither under- nor overflow.
constexpr double kMostValue = 1e100;
constexpr double kLeastWeight = 1e-100;
// A spread that is smaller, relative to the values, is rounding.
constexpr double kRounding = 1e-12;

bool is_valid(std::span<double const> d, std::span<double const> weights, std::span<int const> clusters) {
  auto const is_value = [](double x) { return std::abs(x) <= kMostValue; };
  auto const is_weight = [](double w) { return w >= 0 && w <= kMostValue; };
  return d.size() >= 2 && (weights.empty() || weights.size() == d.size()) &&
         (clusters.empty() || clusters.size() == d.size()) && std::all_of(d.begin(), d.end(), is_value) &&
         std::all_of(weights.begin(), weights.end(), is_weight);
}

double corrected_residuals(std::span<Unit const> units, double weight, double mean) {
  return sum_of(units.size(), [&](std::size_t i) {
    double const residual = units[i].total - units[i].weight * mean;
    double const rest = (weight - units[i].weight) / weight;
    // A unit with all weight is its own mean: its residual is rounding.
    return rest > 0 ? units[i].count * (residual * residual / rest) : 0;
  });
}

}  // namespace

std::optional<MeanEstimate> mean_estimate(std::span<double const> d, std::span<double const> weights,
                                          std::span<int const> clusters) {
  if (!is_valid(d, weights, clusters)) return std::nullopt;
  auto const units = clusters.empty() ? row_units(d, weights) : cluster_units(d, weights, grouping(clusters));
  double const weight = weight_of(units);
  double const groups = count_of(units);
  if (!(weight >= kLeastWeight && weight <= kMostValue) || groups < 2) return std::nullopt;
  MeanEstimate out;
  out.mean = total_of(units) / weight;
  out.se = std::sqrt(corrected_residuals(units, weight, out.mean)) / weight;
  out.se_cr1 = std::sqrt(groups / (groups - 1) * squared_residuals(units, out.mean)) / weight;
  out.df = degrees_of_freedom(units, weight);
  auto const [least, most] = std::minmax_element(d.begin(), d.end());
  if (*most - *least <= kRounding * std::max(std::abs(*least), std::abs(*most))) out.se = out.se_cr1 = 0;
  return out;
}

std::optional<Interval> t_interval(MeanEstimate const& estimate, double confidence) {
  if (!(confidence > 0 && confidence < 1)) return std::nullopt;
  double const half = student_quantile(1 - (1 - confidence) / 2, estimate.df) * estimate.se;
  return Interval{estimate.mean - half, estimate.mean + half};
}

double p_above_zero(MeanEstimate const& e) {
  if (e.se > 0) return student_tail(e.mean / e.se, e.df);
  return e.mean > 0 ? 0 : 1;
}

double p_below_zero(MeanEstimate const& e) {
  if (e.se > 0) return student_tail(-e.mean / e.se, e.df);
  return e.mean < 0 ? 0 : 1;
}

double t_two_sided_p(MeanEstimate const& estimate, double mean0) {
  double const distance = std::abs(estimate.mean - mean0);
  if (distance == 0) return 1;
  if (estimate.se == 0) return 0;
  return std::min(1.0, 2 * student_tail(distance / estimate.se, estimate.df));
}

}  // namespace itera::stats
