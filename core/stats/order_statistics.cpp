#include "core/stats/order_statistics.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/stats/quantiles.hpp"

namespace itera::stats {
namespace {

// A probability that is alpha but for rounding is alpha.
constexpr double kSlack = 1e-12;

// The least k in 0..n with `holds`, which from there on holds for all; n + 1 if it never does.
template <class Holds>
std::int64_t first(std::int64_t n, Holds holds) {
  std::int64_t low = 0, high = n + 1;
  while (low < high) {
    auto const middle = low + (high - low) / 2;
    holds(middle) ? high = middle : low = middle + 1;
  }
  return low;
}

}  // namespace

QuantileRanks quantile_ranks(std::int64_t n, double q, double alpha) {
  QuantileRanks out;
  if (n < 1 || !(q > 0 && q < 1) || !(alpha > 0 && alpha < 1)) return out;
  // Fewer than `rank` values lie below the quantile: P(Bin(n, q) <= rank - 1).
  auto const too_many =
      first(n, [&](std::int64_t k) { return binomial_cdf(k, n, q) > alpha + kSlack; });  // 0..n
  if (too_many >= 1) out.low = too_many;
  // At least `rank` values lie below it: 1 - P(Bin(n, q) <= rank - 1), from the side that keeps its digits.
  auto const enough =
      first(n, [&](std::int64_t k) { return binomial_cdf(n - k - 1, n, 1 - q) <= alpha + kSlack; });
  if (enough < n) out.high = enough + 1;
  return out;
}

std::optional<double> sample_quantile(std::span<double const> sorted, double q) {
  if (sorted.empty()) return std::nullopt;
  auto const rank = std::ceil(q * static_cast<double>(sorted.size()) - kSlack);
  return sorted[std::min(sorted.size(), static_cast<std::size_t>(std::max(1.0, rank))) - 1];
}

QuantileBounds quantile_bounds(std::span<double const> sorted, double q, double alpha,
                               std::optional<double> effective) {
  QuantileBounds out;
  auto const n = static_cast<double>(sorted.size());
  auto const worth = std::floor(std::clamp(effective.value_or(n), std::min(1.0, n), n) + kSlack);
  auto const ranks = quantile_ranks(static_cast<std::int64_t>(worth), q, alpha);
  auto const stretch = worth > 0 ? n / worth : 1;
  if (ranks.low) {
    auto const at = std::floor(static_cast<double>(*ranks.low - 1) * stretch + kSlack);
    out.low = sorted[static_cast<std::size_t>(at)];
  }
  if (ranks.high) {
    auto const at = std::ceil(static_cast<double>(*ranks.high) * stretch - kSlack);
    out.high = sorted[std::min(sorted.size(), static_cast<std::size_t>(at)) - 1];
  }
  return out;
}

double effective_values(std::span<double const> values, double at, std::span<int const> clusters) {
  auto const n = static_cast<double>(values.size());
  if (clusters.size() != values.size() || values.size() < 2) return n;
  struct Group {
    double n = 0, below = 0;
  };
  std::map<int, Group> groups;
  double below = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    auto& group = groups[clusters[i]];
    ++group.n;
    group.below += values[i] <= at;
    below += values[i] <= at;
  }
  if (groups.size() < 2) return 1;
  auto const share = below / n;
  double squares = 0, sizes = 0;
  for (auto const& [label, group] : groups) {
    auto const residual = group.below - group.n * share;
    squares += residual * residual;
    sizes += group.n * group.n;
  }
  auto const most = sizes / n;  // as if the values of a group were one value
  auto const count = static_cast<double>(groups.size());
  auto const independent = n / (n - 1) * n * share * (1 - share);
  auto const deff = independent > 0 ? count / (count - 1) * squares / independent : most;
  return n / std::clamp(deff, 1.0, std::max(1.0, most));
}

}  // namespace itera::stats
