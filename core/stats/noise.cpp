#include "core/stats/noise.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/stats/counted.hpp"
#include "core/stats/sum.hpp"

namespace itera::stats {
namespace {

constexpr std::size_t kEnoughTrials = 3;

double mean_of(std::span<double const> values) {
  return sum_of(counted(values)) / static_cast<double>(values.size());
}

// Deviations are taken from the first value, so that equal values have a variance of exactly zero.
double sample_variance(std::span<double const> values) {
  double const count = static_cast<double>(values.size());
  auto const shifted = [&](std::size_t i) { return values[i] - values[0]; };
  double const mean = sum_of(values.size(), shifted) / count;
  auto const square = [&](std::size_t i) { return (shifted(i) - mean) * (shifted(i) - mean); };
  return sum_of(values.size(), square) / (count - 1);
}

bool is_weight(double w) {
  return std::isfinite(w) && w >= 0;
}

double root_mean_square(double a, double b) {
  return std::sqrt((a * a + b * b) / 2);
}

}  // namespace

std::optional<TrialNoise> trial_noise(TrialScores const& table) {
  auto const [scores, rows, trials, weights] = table;
  if (rows == 0 || trials < 2 || scores.size() != rows * trials) return std::nullopt;
  if (!std::all_of(scores.begin(), scores.end(), [](double s) { return std::isfinite(s); }))
    return std::nullopt;
  if (!weights.empty() && (weights.size() != rows || !std::all_of(weights.begin(), weights.end(), is_weight)))
    return std::nullopt;
  double const all = weights.empty() ? 0 : sum_of(counted(weights));
  if (!weights.empty() && !(all > 0 && std::isfinite(all))) return std::nullopt;
  auto const share = [&of = table.weights, all](std::size_t i) { return of[i] / all; };

  std::vector<double> pass_means(trials);
  std::vector<double> column(rows);
  for (std::size_t k = 0; k < trials; ++k) {
    for (std::size_t i = 0; i < rows; ++i)
      column[i] = scores[i * trials + k] * (weights.empty() ? 1 : share(i));
    pass_means[k] = weights.empty() ? mean_of(column) : sum_of(counted(column));
  }
  for (std::size_t i = 0; i < rows; ++i) column[i] = sample_variance(scores.subspan(i * trials, trials));

  TrialNoise noise;
  noise.s_pass = std::sqrt(sample_variance(pass_means));
  noise.within_variance = mean_of(column);
  noise.s_row = std::sqrt(noise.within_variance / static_cast<double>(rows));
  if (!weights.empty()) {
    for (std::size_t i = 0; i < rows; ++i) column[i] *= share(i) * share(i);
    noise.s_row = std::sqrt(sum_of(counted(column)));
  }
  noise.trials = trials;
  return noise;
}

NoiseFloor noise_floor(TrialNoise const& baseline, TrialNoise const& arm) {
  NoiseFloor floor;
  floor.s_pool = root_mean_square(baseline.s_pass, arm.s_pass);
  floor.s_row_pool = root_mean_square(baseline.s_row, arm.s_row);
  floor.s_noise = std::max(floor.s_pool, floor.s_row_pool);
  floor.enough_trials = std::min(baseline.trials, arm.trials) >= kEnoughTrials;
  return floor;
}

}  // namespace itera::stats
