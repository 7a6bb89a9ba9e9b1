#include "core/stats/paired.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <vector>

#include "core/stats/quantiles.hpp"
#include "core/stats/sum.hpp"

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

struct Row {
  int cluster = 0;
  double d = 0;
  double weight = 1;
};

/// A cluster, or a row on its own: all that the variance formulas see.
struct Unit {
  double weight = 0;
  double total = 0;  ///< sum of weight * d
};

bool is_valid(PairedInput const& in) {
  auto const per_row = [&](std::size_t size) { return size == 0 || size == in.d.size(); };
  auto const in_range = [](double d) { return std::abs(d) <= 1 + kRangeSlack; };
  auto const is_weight = [](double w) { return std::isfinite(w) && w >= 0; };
  return per_row(in.weights.size()) && per_row(in.clusters.size()) && in.trials >= 1 &&
         std::isfinite(in.within_variance) && in.within_variance >= 0 &&
         (!in.c2 || (*in.c2 > 0 && *in.c2 <= 1)) && std::all_of(in.d.begin(), in.d.end(), in_range) &&
         std::all_of(in.weights.begin(), in.weights.end(), is_weight);
}

std::vector<Row> sorted_rows(PairedInput const& in) {
  std::vector<Row> rows(in.d.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].d = in.d[i];
    if (!in.weights.empty()) rows[i].weight = in.weights[i];
    if (!in.clusters.empty()) rows[i].cluster = in.clusters[i];
  }
  std::sort(rows.begin(), rows.end(), [](Row const& a, Row const& b) {
    return std::tie(a.cluster, a.d, a.weight) < std::tie(b.cluster, b.d, b.weight);
  });
  return rows;
}

void sort_units(std::vector<Unit>& units) {
  std::sort(units.begin(), units.end(), [](Unit const& a, Unit const& b) {
    return std::tie(a.weight, a.total) < std::tie(b.weight, b.total);
  });
}

std::vector<Unit> row_units(std::vector<Row> const& rows) {
  std::vector<Unit> units;
  units.reserve(rows.size());
  for (auto const& row : rows) units.push_back({row.weight, row.weight * row.d});
  sort_units(units);
  return units;
}

std::vector<Unit> cluster_units(std::vector<Row> const& rows) {
  std::vector<Unit> units;
  for (std::size_t begin = 0, end = 0; begin < rows.size(); begin = end) {
    while (end < rows.size() && rows[end].cluster == rows[begin].cluster) ++end;
    auto const count = end - begin;
    units.push_back(
        {sum_of(count, [&](std::size_t i) { return rows[begin + i].weight; }),
         sum_of(count, [&](std::size_t i) { return rows[begin + i].weight * rows[begin + i].d; })});
  }
  sort_units(units);
  return units;
}

double weight_of(std::vector<Unit> const& units) {
  return sum_of(units.size(), [&](std::size_t i) { return units[i].weight; });
}

double total_of(std::vector<Unit> const& units) {
  return sum_of(units.size(), [&](std::size_t i) { return units[i].total; });
}

double effective_count(std::vector<Unit> const& units, double weight) {
  return weight * weight /
         sum_of(units.size(), [&](std::size_t i) { return units[i].weight * units[i].weight; });
}

double squared_residuals(std::vector<Unit> const& units, double mean) {
  return sum_of(units.size(), [&](std::size_t i) {
    double const residual = units[i].total - units[i].weight * mean;
    return residual * residual;
  });
}

double small_sample_factor(std::size_t count) {
  return static_cast<double>(count) / static_cast<double>(count - 1);
}

/// Satterthwaite degrees of freedom. (sum r)^2 - sum r^2 is added up as the sum of its cross products,
/// because the subtraction loses every digit when one unit holds nearly all weight.
double degrees_of_freedom(std::vector<Unit> const& units, double weight) {
  if (std::any_of(units.begin(), units.end(), [&](Unit const& u) { return u.weight >= weight; })) return 1;
  double before = 0;
  double const spread = sum_of(units.size(), [&](std::size_t i) {
    double const f = units[i].weight / weight;
    double const r = f * f / ((weight - units[i].weight) / weight);
    double const term = f * f + 2 * r * before;
    before += r;
    return term;
  });
  return std::max(1.0, 1 / spread);
}

struct PlusTwo {
  double centre = 0;
  double variance = 0;
};

PlusTwo plus_two(std::vector<Unit> const& units, double weight, double pseudo_weight, double c) {
  double const all = weight + 2 * pseudo_weight;
  double const centre = total_of(units) / all;
  double const pseudo =
      pseudo_weight * pseudo_weight * ((c - centre) * (c - centre) + (c + centre) * (c + centre));
  return {centre, (squared_residuals(units, centre) + pseudo) / (all * all)};
}

double design_effect(std::vector<Unit> const& clusters, std::vector<Unit> const& rows, double weight,
                     double upper) {
  // V_CR1 / V_iid; both carry 1 / weight^2, which cancels.
  double const by_cluster =
      small_sample_factor(clusters.size()) * squared_residuals(clusters, total_of(clusters) / weight);
  double const by_row = small_sample_factor(rows.size()) * squared_residuals(rows, total_of(rows) / weight);
  double const noise =
      kRoundingNoise * sum_of(rows.size(), [&](std::size_t i) { return rows[i].weight * rows[i].weight; });
  return by_row > noise ? std::clamp(by_cluster / by_row, 1.0, upper) : upper;
}

}  // namespace

bool has_effect(PairedStatus status) {
  return status != PairedStatus::no_rows && status != PairedStatus::bad_input;
}

bool has_interval(PairedStatus status) {
  return status == PairedStatus::ok || status == PairedStatus::one_row;
}

double surviving_variance_share(std::span<double const> d, double within_variance, int trials) {
  if (d.size() < 2) return 1;
  std::vector<double> sorted(d.begin(), d.end());
  std::sort(sorted.begin(), sorted.end());
  auto const n = sorted.size();
  double const mean = sum_of(n, [&](std::size_t i) { return sorted[i]; }) / static_cast<double>(n);
  auto const square = [&](std::size_t i) { return (sorted[i] - mean) * (sorted[i] - mean); };
  double const squares = sum_of(n, square);
  double const between =
      squares > kRoundingNoise * static_cast<double>(n) ? squares / static_cast<double>(n - 1) : 0;
  double const share = 1.0 / trials;
  double const single = between + (1 - share) * within_variance;
  return single > 0 ? std::clamp(between / single, share, 1.0) : 1;
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
  auto const rows = sorted_rows(input);
  auto const single = row_units(rows);
  auto const units = input.clusters.empty() ? single : cluster_units(rows);
  double const weight = weight_of(units);
  if (!(weight >= kLeastWeight && weight <= kMostWeight)) return out;

  out.groups = units.size();
  out.effect = std::clamp(total_of(units) / weight, -1.0, 1.0);
  if (out.n == 1 || out.groups == 1) {
    out.status = out.n == 1 ? PairedStatus::one_row : PairedStatus::one_cluster;
    return out;
  }
  out.status = PairedStatus::ok;
  out.n_kish = effective_count(single, weight_of(single));
  out.g_eff = effective_count(units, weight);
  out.c2 = input.c2 ? *input.c2 : surviving_variance_share(input.d, input.within_variance, input.trials);
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
