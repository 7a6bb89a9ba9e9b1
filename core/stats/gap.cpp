#include "core/stats/gap.hpp"

#include <cmath>
#include <numbers>

#include "core/stats/quantiles.hpp"
#include "core/stats/sum.hpp"

namespace itera::stats {
namespace {

constexpr double kAlarm = 1.96;
// Beyond it the normal density is below 1e-31.
constexpr double kReach = 12;
constexpr std::size_t kSteps = 2400;

}  // namespace

double expected_maximum(std::uint32_t n) {
  if (n <= 1) return 0;
  double const h = 2 * kReach / static_cast<double>(kSteps);
  double const factor = n * h / 3 / std::sqrt(2 * std::numbers::pi);
  return factor * sum_of(kSteps + 1, [&](std::size_t i) {
           double const x = -kReach + h * static_cast<double>(i);
           double const weight = i == 0 || i == kSteps ? 1 : i % 2 == 1 ? 4 : 2;
           return weight * x * std::exp(-x * x / 2) * std::pow(normal_cdf(x), n - 1.0);
         });
}

std::optional<Gap> dev_test_gap(Estimate dev, Estimate test, double noise, std::uint32_t evaluations) {
  for (double const x : {dev.effect, dev.se, test.effect, test.se, noise})
    if (!std::isfinite(x)) return std::nullopt;
  if (!(dev.se > 0 && test.se > 0 && noise >= 0)) return std::nullopt;
  Gap out;
  out.gap = dev.effect - test.effect;
  out.se = std::sqrt(dev.se * dev.se + test.se * test.se);
  out.z = out.gap / out.se;
  out.p = normal_cdf(-out.z);
  out.alarm = out.z > kAlarm;
  out.noise = noise;
  out.notice = std::abs(out.gap) > 2 * noise;
  out.evaluations = evaluations;
  out.optimism = dev.se * expected_maximum(evaluations);
  return out;
}

}  // namespace itera::stats
