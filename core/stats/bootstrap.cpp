#include "core/stats/bootstrap.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <vector>

#include "core/stats/counted.hpp"
#include "core/stats/quantiles.hpp"
#include "core/stats/sum.hpp"

namespace itera::stats {
namespace {

constexpr double kNegligible = 1e-30;
constexpr double kTieSlack = 1e-12;
constexpr double kMostSteps = 3e8;
constexpr double kMostValue = 1e100;
constexpr std::uint32_t kLeastReplicates = 100;
constexpr std::uint32_t kMostReplicates = 10'000'000;
constexpr std::uint32_t kRowStream = 1;

/// Probabilities of the values first, first + 1...
struct Masses {
  std::int64_t first = 0;
  std::vector<double> mass;
};

Masses trimmed(Masses in) {
  auto const matters = [](double m) { return m >= kNegligible; };
  auto const begin = std::find_if(in.mass.begin(), in.mass.end(), matters);
  auto const end = std::find_if(in.mass.rbegin(), in.mass.rend(), matters).base();
  return {in.first + (begin - in.mass.begin()), {begin, end}};
}

std::optional<Masses> sum_of_two(Masses const& a, Masses const& b, double& steps) {
  steps += static_cast<double>(a.mass.size()) * static_cast<double>(b.mass.size());
  if (steps > kMostSteps) return std::nullopt;
  Masses out{a.first + b.first, std::vector<double>(a.mass.size() + b.mass.size() - 1, 0.0)};
  for (std::size_t i = 0; i < a.mass.size(); ++i)
    for (std::size_t j = 0; j < b.mass.size(); ++j) out.mass[i + j] += a.mass[i] * b.mass[j];
  return trimmed(std::move(out));
}

/// The sum of `times` >= 1 independent copies, by squaring.
std::optional<Masses> sum_of_copies(std::optional<Masses> power, std::size_t times) {
  double steps = 0;
  std::optional<Masses> out = Masses{0, {1}};
  for (;;) {
    if (times % 2 == 1) out = sum_of_two(*out, *power, steps);
    times /= 2;
    if (times == 0 || !out) return out;
    power = sum_of_two(*power, *power, steps);
    if (!power) return std::nullopt;
  }
}

/// Third central moment over the second to 3/2, over 6: the jackknife's acceleration of a mean.
double acceleration_of(std::span<Counted const> values, double mean) {
  double const squares = sum_of_squares(values, mean);
  double const cubes = sum_of(values.size(), [&](std::size_t i) {
    double const distance = values[i].value - mean;
    return static_cast<double>(values[i].count) * (distance * distance * distance);
  });
  return squares > 0 ? cubes / (6 * squares * std::sqrt(squares)) : 0;
}

struct Tails {
  double low = 0;
  double high = 1;
};

/// The levels at which BCa reads the distribution off. Where its formula has a pole, the extreme.
Tails bca_levels(double z0, double acceleration, double confidence) {
  auto const level = [&](double z) {
    double const shifted = z0 + z;
    double const scale = 1 - acceleration * shifted;
    return scale > 0 ? normal_cdf(z0 + shifted / scale) : shifted > 0 ? 1.0 : 0.0;
  };
  double const z = normal_critical(1 - confidence);
  return {level(-z), level(z)};
}

/// Fills in the intervals from the quantile function and the share of resamples below the estimate, ties
/// half.
void add_intervals(Bootstrap& out, std::function<double(double)> const& quantile, double below,
                   double confidence) {
  double const tail = (1 - confidence) / 2;
  out.percentile = {quantile(tail), quantile(1 - tail)};
  out.bca = out.percentile;
  if (!(below > 0 && below < 1)) return;
  out.z0 = normal_quantile(below);
  auto const levels = bca_levels(out.z0, out.acceleration, confidence);
  out.bca = {quantile(levels.low), quantile(levels.high)};
}

bool is_level(double confidence) {
  return confidence > 0 && confidence < 1;
}

/// Differences of two and sums over all rows stay far from overflow.
bool is_small(std::span<std::int64_t const> d) {
  auto room = std::numeric_limits<std::int64_t>::max() / 4;
  for (auto const x : d) {
    if (x > room || x < -room) return false;
    room -= std::abs(x);
  }
  return true;
}

}  // namespace

std::optional<Bootstrap> lattice_bootstrap(std::span<std::int64_t const> d, std::int64_t lattice,
                                           double confidence) {
  if (d.empty() || lattice < 1 || !is_level(confidence) || !is_small(d)) return std::nullopt;
  auto const [least, most] = std::minmax_element(d.begin(), d.end());
  std::int64_t step = 0;
  for (auto const x : d) step = std::gcd(step, x - *least);
  step = std::max<std::int64_t>(step, 1);
  auto const points = (*most - *least) / step + 1;
  if (static_cast<double>(points) * static_cast<double>(points) > kMostSteps) return std::nullopt;

  double const n = static_cast<double>(d.size());
  Masses row{0, std::vector<double>(static_cast<std::size_t>(points), 0.0)};
  std::int64_t observed = 0;
  for (auto const x : d) {
    row.mass[static_cast<std::size_t>((x - *least) / step)] += 1;
    observed += (x - *least) / step;
  }
  for (double& mass : row.mass) mass /= n;
  auto const sum = sum_of_copies(std::move(row), d.size());
  if (!sum) return std::nullopt;

  double const base = n * static_cast<double>(*least);
  double const scale = n * static_cast<double>(lattice);
  auto const steps_at = [&](std::size_t i) { return sum->first + static_cast<std::int64_t>(i); };
  auto const mean_at = [&](std::size_t i) {
    return (base + static_cast<double>(steps_at(i)) * static_cast<double>(step)) / scale;
  };
  auto const quantile = [&](double q) {
    double reached = 0;
    std::size_t i = 0;
    for (; i + 1 < sum->mass.size(); ++i) {
      reached += sum->mass[i];
      if (reached >= q - kTieSlack) break;
    }
    return mean_at(i);
  };
  Bootstrap out;
  auto const size = sum->mass.size();
  out.mean = sum_of(size, [&](std::size_t i) { return sum->mass[i] * mean_at(i); });
  out.sd = std::sqrt(sum_of(
      size, [&](std::size_t i) { return sum->mass[i] * (mean_at(i) - out.mean) * (mean_at(i) - out.mean); }));
  auto const values = counted(std::vector<double>(d.begin(), d.end()));
  out.acceleration = acceleration_of(values, sum_of(values) / n);
  double const below = sum_of(size, [&](std::size_t i) {
    return steps_at(i) < observed ? sum->mass[i] : steps_at(i) == observed ? sum->mass[i] / 2 : 0;
  });
  add_intervals(out, quantile, points > 1 ? below : 0, confidence);
  return out;
}

void resample_means(std::span<double const> d, CounterRng const& rng, std::uint32_t first_replicate,
                    std::span<double> out) {
  auto const rows = static_cast<std::uint32_t>(d.size());
  for (std::size_t b = 0; b < out.size(); ++b) {
    auto const replicate = first_replicate + static_cast<std::uint32_t>(b);
    double sum = 0;
    for (std::uint32_t block = 0; block <= (rows - 1) / 4; ++block) {
      auto const words = rng.block(block, replicate, kRowStream);
      auto const used = std::min<std::uint32_t>(4, rows - 4 * block);
      for (std::uint32_t i = 0; i < used; ++i) sum += d[bounded_index(words[i], rows)];
    }
    out[b] = sum / static_cast<double>(rows);
  }
}

std::optional<Bootstrap> resampled_bootstrap(std::span<double const> d, std::uint64_t key,
                                             std::uint32_t replicates, double confidence) {
  if (d.empty() || d.size() > std::numeric_limits<std::uint32_t>::max() || replicates < kLeastReplicates ||
      replicates > kMostReplicates || !is_level(confidence))
    return std::nullopt;
  if (!std::all_of(d.begin(), d.end(), [](double x) { return std::abs(x) <= kMostValue; }))
    return std::nullopt;

  double const n = static_cast<double>(d.size());
  double const estimate = std::accumulate(d.begin(), d.end(), 0.0) / n;
  std::vector<double> means(replicates);
  resample_means(d, CounterRng(key), 0, means);
  std::sort(means.begin(), means.end());

  double const count = static_cast<double>(replicates);
  auto const quantile = [&](double q) {
    auto const rank = static_cast<std::size_t>(std::ceil(std::max(0.0, q - kTieSlack) * count));
    return means[std::clamp<std::size_t>(rank, 1, means.size()) - 1];
  };
  Bootstrap out;
  out.mean = sum_of(means.size(), [&](std::size_t b) { return means[b]; }) / count;
  out.sd = std::sqrt(
      sum_of(means.size(), [&](std::size_t b) { return (means[b] - out.mean) * (means[b] - out.mean); }) /
      count);
  auto const values = counted(d);
  out.acceleration = acceleration_of(values, estimate);
  // Sums in another order may differ in their last bits and still be ties.
  double const slack = kTieSlack * std::max(std::abs(d[0]), std::abs(estimate));
  double const low =
      static_cast<double>(std::lower_bound(means.begin(), means.end(), estimate - slack) - means.begin());
  double const high =
      static_cast<double>(std::upper_bound(means.begin(), means.end(), estimate + slack) - means.begin());
  add_intervals(out, quantile, values.size() > 1 ? (low + high) / (2 * count) : 0, confidence);
  return out;
}

}  // namespace itera::stats
