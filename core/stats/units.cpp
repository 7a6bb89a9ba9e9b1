#include "core/stats/units.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

#include "core/stats/sum.hpp"

namespace itera::stats {
namespace {

struct WeightedRow {
  double d = 0;
  double weight = 1;
};

bool comes_before(WeightedRow const& a, WeightedRow const& b) {
  return std::tie(a.d, a.weight) < std::tie(b.d, b.weight);
}

std::vector<Unit> sorted_and_counted(std::vector<Unit> units) {
  std::sort(units.begin(), units.end(), [](Unit const& a, Unit const& b) {
    return std::tie(a.weight, a.total) < std::tie(b.weight, b.total);
  });
  std::size_t kept = 0;
  for (auto const& unit : units) {
    if (kept > 0 && units[kept - 1].weight == unit.weight && units[kept - 1].total == unit.total)
      units[kept - 1].count += unit.count;
    else
      units[kept++] = unit;
  }
  units.resize(kept);
  return units;
}

/// Rows of the same cluster side by side; `ends[g]` is one past the last row of cluster g.
struct ByCluster {
  std::vector<WeightedRow> rows;
  std::vector<std::size_t> ends;
};

ByCluster by_cluster(std::span<double const> d, std::span<double const> weights, Grouping const& clusters) {
  ByCluster out;
  out.ends.assign(clusters.groups, 0);
  for (auto const g : clusters.index) ++out.ends[g];
  std::exclusive_scan(out.ends.begin(), out.ends.end(), out.ends.begin(), std::size_t{0});
  out.rows.resize(d.size());
  for (std::size_t i = 0; i < d.size(); ++i)
    out.rows[out.ends[clusters.index[i]]++] = {d[i], weights.empty() ? 1 : weights[i]};
  return out;
}

}  // namespace

std::vector<Unit> row_units(std::span<double const> d, std::span<double const> weights) {
  std::vector<Unit> units;
  if (weights.empty()) {
    for (auto const& [value, count] : counted(d)) units.push_back({1, value, static_cast<double>(count)});
    return units;
  }
  units.reserve(d.size());
  for (std::size_t i = 0; i < d.size(); ++i) units.push_back({weights[i], weights[i] * d[i], 1});
  return sorted_and_counted(std::move(units));
}

std::vector<Unit> cluster_units(std::span<double const> d, std::span<double const> weights,
                                Grouping const& clusters) {
  auto sorted = by_cluster(d, weights, clusters);
  auto& rows = sorted.rows;
  std::vector<Unit> units;
  units.reserve(sorted.ends.size());
  std::size_t begin = 0;
  for (auto const end : sorted.ends) {
    auto const first = rows.begin() + static_cast<std::ptrdiff_t>(begin);
    std::sort(first, rows.begin() + static_cast<std::ptrdiff_t>(end), comes_before);
    auto const weight = [&](std::size_t i) { return rows[begin + i].weight; };
    auto const total = [&](std::size_t i) { return rows[begin + i].weight * rows[begin + i].d; };
    units.push_back({sum_of(end - begin, weight), sum_of(end - begin, total), 1});
    begin = end;
  }
  return sorted_and_counted(std::move(units));
}

double count_of(std::span<Unit const> units) {
  return sum_of(units.size(), [&](std::size_t i) { return units[i].count; });
}

double weight_of(std::span<Unit const> units) {
  return sum_of(units.size(), [&](std::size_t i) { return units[i].count * units[i].weight; });
}

double total_of(std::span<Unit const> units) {
  return sum_of(units.size(), [&](std::size_t i) { return units[i].count * units[i].total; });
}

double squared_weights(std::span<Unit const> units) {
  return sum_of(units.size(),
                [&](std::size_t i) { return units[i].count * (units[i].weight * units[i].weight); });
}

double squared_residuals(std::span<Unit const> units, double mean) {
  return sum_of(units.size(), [&](std::size_t i) {
    double const residual = units[i].total - units[i].weight * mean;
    return units[i].count * (residual * residual);
  });
}

double degrees_of_freedom(std::span<Unit const> units, double weight) {
  if (std::any_of(units.begin(), units.end(), [&](Unit const& u) { return u.weight >= weight; })) return 1;
  // (sum r)^2 - sum r^2 is added up as the sum of its cross products, because the subtraction loses every
  // digit when one unit holds nearly all weight.
  double before = 0;
  double const spread = sum_of(units.size(), [&](std::size_t i) {
    double const f = units[i].weight / weight;
    double const r = f * f / ((weight - units[i].weight) / weight);
    double const count = units[i].count;
    double const term = count * (f * f) + 2 * (count * r) * before + count * (count - 1) * (r * r);
    before += count * r;
    return term;
  });
  return std::max(1.0, 1 / spread);
}

}  // namespace itera::stats
