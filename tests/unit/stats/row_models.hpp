#pragma once
#include <array>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/base/rng.hpp"
#include "core/stats/noise.hpp"
#include "core/stats/paired.hpp"
#include "core/stats/quantiles.hpp"

namespace itera::stats::testing {

/// A row's chances of success in one trial.
struct RowChances {
  double baseline = 0;
  double arm = 0;
};

/// How rows of production come about: `draw` maps two uniform numbers to a row; `effect` is the mean of arm
/// - baseline.
struct RowModel {
  std::string_view name;
  double effect = 0;
  bool is_null = false;  ///< differences are symmetric about 0
  RowChances (*draw)(double, double);
};

inline RowChances churn(double u, double wins, double losses) {
  if (u < wins) return {0, 1};
  if (u < wins + losses) return {1, 0};
  return {1, 1};
}

inline std::array<RowModel, 6> row_models() {
  return {{
      {"even churn: 10% won, 10% lost", 0, true, [](double u, double) { return churn(u, .1, .1); }},
      {"rare wins: 3% won", .03, false, [](double u, double) { return churn(u, .03, 0); }},
      {"clear gain: 20% won, 5% lost", .15, false, [](double u, double) { return churn(u, .2, .05); }},
      {"mixed: 10% noisy, 13% won, 3% lost", .1, false,
       [](double u, double v) {
         return v < .1 ? RowChances{.65, .65} : churn(u, .13 / .9, .03 / .9);
       }},
      {"trial noise only: every trial a coin", 0, true,
       [](double, double) {
         return RowChances{.5, .5};
       }},
      {"soft gain: every row 10pp likelier", .1, false,
       [](double u, double) {
         return RowChances{.2 + .6 * u, .3 + .6 * u};
       }},
  }};
}

enum class Dependence { independent, vendors, weights };

/// One simulated test pass, ready for the statistics.
struct Simulated {
  std::vector<double> d;
  std::vector<std::int64_t> wins;  ///< trials won - lost per row
  std::vector<double> weights;
  std::vector<int> clusters;
  double within_variance = 0;
  int trials = 1;

  PairedInput input() const { return {d, weights, clusters, within_variance, trials, {}}; }
};

/// `units` rows, or vendors of one to three rows each: with vendors a row takes its vendor's chances with
/// probability sqrt(.8), so that the chances of two rows of a vendor correlate by .8. Weights are lognormal
/// (sigma 1) and independent of the rows.
inline Simulated simulate(RowModel const& model, std::uint32_t units, int trials, Dependence dependence,
                          CounterRng const& rng, std::uint32_t replicate) {
  std::uint32_t next = 0;
  auto const uniform = [&] {
    auto const words = rng.block(next++, replicate);
    return unit_interval(words[0], words[1]);
  };
  auto const chances = [&] {
    double const u = uniform();
    double const v = uniform();
    return model.draw(u, v);
  };
  Simulated out;
  out.trials = trials;
  std::vector<double> baseline;
  std::vector<double> arm;
  for (std::uint32_t unit = 0; unit < units; ++unit) {
    auto const of_vendor = chances();
    auto const rows = dependence == Dependence::vendors ? 1 + static_cast<int>(3 * uniform()) : 1;
    for (int row = 0; row < rows; ++row) {
      auto const own = rows > 1 && uniform() >= std::sqrt(.8) ? chances() : of_vendor;
      std::int64_t sum = 0;
      for (int k = 0; k < trials; ++k) {
        bool const base_right = uniform() < own.baseline;
        bool const arm_right = uniform() < own.arm;
        baseline.push_back(base_right);
        arm.push_back(arm_right);
        sum += arm_right - base_right;
      }
      out.wins.push_back(sum);
      out.d.push_back(static_cast<double>(sum) / trials);
      if (dependence == Dependence::vendors) out.clusters.push_back(static_cast<int>(unit));
      if (dependence == Dependence::weights)
        out.weights.push_back(std::exp(normal_quantile(std::max(uniform(), 1e-9))));
    }
  }
  if (trials > 1)
    for (auto const* scores : {&baseline, &arm})
      out.within_variance +=
          trial_noise({*scores, out.d.size(), static_cast<std::size_t>(trials)})->within_variance;
  return out;
}

}  // namespace itera::stats::testing
