#include "core/stats/power.hpp"

#include <algorithm>
#include <cmath>

#include "core/stats/quantiles.hpp"
#include "core/stats/sum.hpp"

namespace itera::stats {
namespace {

bool is_probability(double p) {
  return p > 0 && p < 1;
}
bool is_rate(double psi) {
  return psi > 0 && psi <= 1;
}
bool is_world(Discordance w) {
  return is_rate(w.psi) && std::abs(w.delta) <= w.psi;
}

double power_at(double n, Discordance world, double alpha) {
  double const z = normal_critical(alpha) * std::sqrt(world.psi);
  double const shift = std::abs(world.delta) * std::sqrt(n);
  double const spread = std::sqrt(world.psi - world.delta * world.delta);
  if (spread == 0) return shift >= z ? 1 : 0;
  return normal_cdf((shift - z) / spread) + normal_cdf((-shift - z) / spread);
}

}  // namespace

std::optional<double> connor_rows(Discordance world, double alpha, double power) {
  if (!is_world(world) || world.delta == 0 || !is_probability(alpha) || !is_probability(power))
    return std::nullopt;
  double const root = normal_critical(alpha) * std::sqrt(world.psi) +
                      normal_quantile(power) * std::sqrt(world.psi - world.delta * world.delta);
  return root > 0 ? (root / world.delta) * (root / world.delta) : 0;
}

std::optional<double> asymptotic_power(std::int64_t n, Discordance world, double alpha) {
  if (n < 1 || !is_world(world) || !is_probability(alpha)) return std::nullopt;
  return power_at(static_cast<double>(n), world, alpha);
}

std::optional<double> exact_power(std::int64_t n, Discordance world, double alpha) {
  if (n < 1 || n > kMostRowsForExactPower || !is_world(world) || !is_probability(alpha)) return std::nullopt;
  double const win = (1 + world.delta / world.psi) / 2;
  std::int64_t most_rejected = -1;  // rejected: the rarer direction has at most this many rows; grows with m
  return sum_of(static_cast<std::size_t>(n) + 1, [&](std::size_t index) {
    auto const m = static_cast<std::int64_t>(index);
    while (2 * (most_rejected + 1) < m && 2 * binomial_cdf(most_rejected + 1, m, 0.5) <= alpha)
      ++most_rejected;
    double const rejects = binomial_cdf(most_rejected, m, win) + binomial_cdf(most_rejected, m, 1 - win);
    return binomial_mass(m, n, world.psi) * rejects;
  });
}

std::optional<double> detectable_effect(std::int64_t n, double psi, double alpha, double power) {
  if (n < 1 || !is_rate(psi) || !is_probability(alpha) || !is_probability(power)) return std::nullopt;
  double const rows = static_cast<double>(n);
  auto const detects = [&](double delta) { return power_at(rows, {psi, delta}, alpha) >= power; };
  if (!detects(psi)) return std::nullopt;
  if (detects(0)) return 0;
  double low = 0;
  double high = psi;
  // Power grows with delta, so halving keeps the root inside until no double is left between the ends.
  for (double middle = psi / 2; middle > low && middle < high; middle = low + (high - low) / 2)
    (detects(middle) ? high : low) = middle;
  return high;
}

std::optional<double> miller_rows(double row_variance, double delta, double alpha, double power) {
  if (!(row_variance > 0) || !std::isfinite(row_variance) || !std::isfinite(delta) || delta == 0 ||
      !is_probability(alpha) || !is_probability(power))
    return std::nullopt;
  double const z = std::max(0.0, normal_critical(alpha) + normal_quantile(power));
  return z * z * row_variance / (delta * delta);
}

std::optional<double> miller_detectable_effect(std::int64_t n, double row_variance, double alpha,
                                               double power) {
  if (n < 1 || !(row_variance > 0) || !std::isfinite(row_variance) || !is_probability(alpha) ||
      !is_probability(power))
    return std::nullopt;
  double const z = std::max(0.0, normal_critical(alpha) + normal_quantile(power));
  return z * std::sqrt(row_variance / static_cast<double>(n));
}

std::optional<double> ship_rows(Discordance world, double threshold, double alpha, double power) {
  auto const significant = connor_rows(world, alpha, power);
  if (!significant || !(threshold >= 0) || !(world.delta > threshold)) return std::nullopt;
  double const z = normal_quantile(power);
  double const above = world.delta - threshold;
  return std::max(*significant, z * z * (world.psi - world.delta * world.delta) / (above * above));
}

std::optional<double> non_inferiority_rows(Discordance world, double margin, double alpha, double power) {
  double const room = margin + world.delta;
  if (!is_world(world) || !(room > 0) || !is_probability(alpha) || !is_probability(power))
    return std::nullopt;
  double const z = std::max(0.0, normal_critical(alpha) + normal_quantile(power));
  return z * z * world.psi / (room * room);
}

}  // namespace itera::stats
