#include "core/verdict/measure.hpp"

#include <numeric>

namespace itera::verdict {
namespace {

std::optional<stats::TrialNoise> noise_of(plan::Plan const& plan, Tally const& tally, std::size_t arm,
                                          std::vector<std::size_t> const& rows,
                                          std::vector<double> const& weights) {
  // An arm that repeats itself by verified declaration has no noise, whatever the number of trials it was run
  // for.
  if (plan.arms[arm].deterministic) return stats::TrialNoise{0, 0, 0, 3};
  std::vector<double> scores;
  for (auto const row : rows)
    for (std::uint32_t k = 0; k < tally.trials; ++k)
      scores.push_back(static_cast<double>(tally.arms[arm].scores[row * tally.trials + k]) /
                       static_cast<double>(run::kScoreUnit));
  return stats::trial_noise({scores, rows.size(), tally.trials, weights});
}

}  // namespace

std::optional<stats::NoiseFloor> noise_between(plan::Plan const& plan, Tally const& tally, std::size_t arm,
                                               std::vector<std::size_t> const& rows,
                                               std::vector<double> const& weights, std::size_t against) {
  auto const base = noise_of(plan, tally, against, rows, weights),
             own = noise_of(plan, tally, arm, rows, weights);
  if (!base || !own) return std::nullopt;
  return stats::noise_floor(*base, *own);
}

std::int64_t row_total(Tally const& tally, std::size_t arm, std::size_t row) {
  auto const begin = tally.arms[arm].scores.begin() + static_cast<std::ptrdiff_t>(row * tally.trials);
  return std::accumulate(begin, begin + tally.trials, std::int64_t{0});
}

stats::PairedEffect paired_on(Tally const& tally, std::size_t arm, std::vector<std::size_t> const& rows,
                              double c2, std::vector<double> const& weights, std::size_t against) {
  std::vector<double> d;
  std::vector<int> clusters;
  auto const scale = static_cast<double>(tally.trials) * static_cast<double>(run::kScoreUnit);
  for (auto const row : rows) {
    d.push_back(static_cast<double>(row_total(tally, arm, row) - row_total(tally, against, row)) / scale);
    if (!tally.clusters.empty()) clusters.push_back(tally.clusters[row]);
  }
  return stats::paired_effect({d, weights, clusters, 0, static_cast<int>(tally.trials), c2});
}

Measurement measure(plan::Plan const& plan, Tally const& tally, std::size_t arm,
                    std::vector<std::size_t> const& rows, std::optional<double> c2_of_whole,
                    std::size_t against) {
  Measurement out;
  out.trials = tally.trials;
  std::vector<double> d;
  std::vector<int> clusters;
  auto const scale = static_cast<double>(tally.trials) * static_cast<double>(run::kScoreUnit);
  for (auto const row : rows) {
    if (!tally.arms[against].complete[row] || !tally.arms[arm].complete[row]) {
      ++out.excluded;
      continue;
    }
    auto const base = row_total(tally, against, row);
    auto const difference = row_total(tally, arm, row) - base;
    out.rows.push_back(row);
    out.baseline_total += base;
    out.total += difference;
    d.push_back(static_cast<double>(difference) / scale);
    if (!tally.clusters.empty()) clusters.push_back(tally.clusters[row]);
  }
  auto const base_noise = noise_of(plan, tally, against, out.rows, {});
  auto const arm_noise = noise_of(plan, tally, arm, out.rows, {});
  if (base_noise && arm_noise) out.noise = stats::noise_floor(*base_noise, *arm_noise);
  auto const within =
      (base_noise ? base_noise->within_variance : 0) + (arm_noise ? arm_noise->within_variance : 0);
  out.within_variance = within;
  out.paired = stats::paired_effect({d, {}, clusters, within, static_cast<int>(tally.trials), c2_of_whole});
  out.p = stats::p_one_sided(out.paired);
  auto const n = static_cast<double>(d.size());
  if (!d.empty()) {
    out.baseline_score = static_cast<double>(out.baseline_total) / (n * scale);
    out.arm_score = static_cast<double>(out.baseline_total + out.total) / (n * scale);
  }
  if (d.size() > 1) {
    auto const mean = static_cast<double>(out.total) / (n * scale);
    double squares = 0;
    for (auto const v : d) squares += (v - mean) * (v - mean);
    out.row_variance = squares / (n - 1);
  }
  return out;
}

bool at_least(Measurement const& m, Rational threshold, bool relative) {
  if (m.rows.empty()) return false;
  // Shares of production are decimals rounded in binary: what differs by less is equal.
  if (m.over_traffic) return m.paired.effect >= to_double(threshold) - 1e-12;
  __extension__ using Wide = __int128;
  auto const left = static_cast<Wide>(m.total) * threshold.den;
  auto const whole = relative ? static_cast<Wide>(m.baseline_total)
                              : static_cast<Wide>(m.rows.size()) * m.trials * run::kScoreUnit;
  auto const right = static_cast<Wide>(threshold.num) * whole;
  return left >= right;
}

std::uint64_t failure_count(Tally const& tally, Measurement const& m, std::size_t arm, std::size_t category) {
  std::uint64_t out = 0;
  for (auto const row : m.rows) out += tally.arms[arm].failures[category][row];
  return out;
}

}  // namespace itera::verdict
