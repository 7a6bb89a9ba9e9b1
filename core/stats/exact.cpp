#include "core/stats/exact.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <vector>

#include "core/stats/counted.hpp"
#include "core/stats/quantiles.hpp"
#include "core/stats/sum.hpp"

namespace itera::stats {
namespace {

/// Probability of each value from `first` upward.
struct Lattice {
  std::int64_t first = 0;
  std::vector<double> mass;
};

// Smaller masses are cut off at both ends: without this the supports, and the work, would grow with the rows.
constexpr double kNegligible = 1e-60;
constexpr double kMostSteps = 4e9;
constexpr double kMostPoints = 1 << 24;
constexpr std::int64_t kMostDiscordant = INT64_C(1) << 53;  // counts are exact in a double

/// Binomial(m, 1/2). The recurrence starts in the middle and the sum normalises it: no factorials, no
/// underflow.
Lattice fair_binomial(std::int64_t m) {
  auto const middle = m / 2;
  std::vector<double> upward = {1};
  for (auto k = middle; k < m && upward.back() >= kNegligible; ++k)
    upward.push_back(upward.back() * static_cast<double>(m - k) / static_cast<double>(k + 1));

  // The lower half mirrors the upper: P(k) = P(m - k).
  auto const top = middle + static_cast<std::int64_t>(upward.size()) - 1;
  Lattice out;
  out.first = m - top;
  for (auto k = out.first; k <= top; ++k)
    out.mass.push_back(upward[static_cast<std::size_t>(std::max(k, m - k) - middle)]);
  double const total = sum_of(out.mass.size(), [&](std::size_t i) { return out.mass[i]; });
  for (double& mass : out.mass) mass /= total;
  return out;
}

void trim(Lattice& lattice) {
  auto& mass = lattice.mass;
  auto const matters = [](double m) { return m >= kNegligible; };
  auto const begin = std::find_if(mass.begin(), mass.end(), matters);
  auto const end = std::find_if(mass.rbegin(), mass.rend(), matters).base();
  lattice.first += begin - mass.begin();
  mass = std::vector<double>(begin, end);
}

/// The distribution of X + step * B.
Lattice convolve(Lattice const& x, Lattice const& b, std::int64_t step) {
  auto const stride = static_cast<std::size_t>(step);
  Lattice out;
  out.first = x.first + step * b.first;
  out.mass.assign(x.mass.size() + stride * (b.mass.size() - 1), 0.0);
  for (std::size_t j = 0; j < b.mass.size(); ++j) {
    double* const target = out.mass.data() + stride * j;
    for (std::size_t i = 0; i < x.mass.size(); ++i) target[i] += x.mass[i] * b.mass[j];
  }
  trim(out);
  return out;
}

bool is_affordable(Lattice const& x, Lattice const& b, std::int64_t step, double& steps) {
  auto const points = [](Lattice const& l) { return static_cast<double>(l.mass.size()); };
  steps += points(x) * points(b);
  return steps <= kMostSteps && points(x) + static_cast<double>(step) * points(b) <= kMostPoints;
}

bool has_overflow(std::span<std::int64_t const> d) {
  std::int64_t room = std::numeric_limits<std::int64_t>::max() / 4;
  for (auto const x : d) {
    if (x > room || x < -room) return true;
    room -= std::abs(x);
  }
  return false;
}

std::vector<std::int64_t> cluster_sums(std::span<std::int64_t const> d, std::span<int const> labels) {
  auto const clusters = grouping(labels);
  std::vector<std::int64_t> out(clusters.groups, 0);
  for (std::size_t i = 0; i < d.size(); ++i) out[clusters.index[i]] += d[i];
  return out;
}

struct SizeCount {
  std::int64_t size = 0;
  std::int64_t count = 0;
};

/// How many units have each size |unit| > 0, sizes rising.
std::vector<SizeCount> count_sizes(std::span<std::int64_t const> units) {
  std::int64_t largest = 0;
  for (auto const unit : units) largest = std::max(largest, std::abs(unit));
  std::vector<SizeCount> out;
  if (static_cast<std::uint64_t>(largest) <= 4 * units.size() + 1024) {
    std::vector<std::int64_t> counts(static_cast<std::size_t>(largest) + 1, 0);
    for (auto const unit : units) ++counts[static_cast<std::size_t>(std::abs(unit))];
    for (std::size_t size = 1; size < counts.size(); ++size)
      if (counts[size] > 0) out.push_back({static_cast<std::int64_t>(size), counts[size]});
    return out;
  }
  std::vector<std::int64_t> sizes;
  for (auto const unit : units)
    if (unit != 0) sizes.push_back(std::abs(unit));
  std::sort(sizes.begin(), sizes.end());
  for (auto const size : sizes) {
    if (out.empty() || out.back().size != size) out.push_back({size, 0});
    ++out.back().count;
  }
  return out;
}

/// Whether the work is far too much, told from the variances alone: masses above kNegligible reach 16
/// standard deviations to both sides. Continuous scores of many rows would otherwise convolve for seconds in
/// vain.
bool is_hopeless(std::span<SizeCount const> sizes) {
  constexpr double kReach = 20;  // of the 33, for distributions that end before
  double variance = 0;
  double range = 0;
  double steps = 0;
  for (auto const& [size, count] : sizes) {
    double const s = static_cast<double>(size);
    double const m = static_cast<double>(count);
    steps += std::min(range, kReach * std::sqrt(variance)) * std::min(m, kReach * std::sqrt(m / 4));
    variance += s * s * m / 4;
    range += s * m;
  }
  return steps > kMostSteps || std::min(range, kReach * std::sqrt(variance)) > kMostPoints;
}

double upper_tail(Lattice const& x, std::int64_t from) {
  // The smallest masses first.
  return sum_of(x.mass.size(), [&](std::size_t i) {
    auto const place = x.mass.size() - 1 - i;
    return x.first + static_cast<std::int64_t>(place) >= from ? x.mass[place] : 0.0;
  });
}

}  // namespace

McNemar mcnemar(std::int64_t wins, std::int64_t losses) {
  if (wins < 0 || losses < 0 || wins > kMostDiscordant - losses || wins + losses == 0) return {};
  auto const discordant = wins + losses;
  auto const fewer = std::min(wins, losses);
  double const tail = binomial_cdf(fewer, discordant, 0.5);
  double const observed = binomial_mass(fewer, discordant, 0.5);
  McNemar out;
  out.two_sided = std::min(1.0, 2 * tail);
  out.mid_p = wins == losses ? 1 - observed / 2 : 2 * tail - observed;
  // By symmetry P(B >= w) = P(B <= l), which needs no subtraction from 1.
  out.one_sided = binomial_cdf(losses, discordant, 0.5);
  return out;
}

std::optional<SignFlip> sign_flip_exact(std::span<std::int64_t const> d, std::span<int const> clusters) {
  if (!clusters.empty() && clusters.size() != d.size()) return std::nullopt;
  if (has_overflow(d)) return std::nullopt;
  auto const units =
      clusters.empty() ? std::vector<std::int64_t>(d.begin(), d.end()) : cluster_sums(d, clusters);

  auto const sizes = count_sizes(units);
  if (sizes.empty()) return SignFlip{};
  if (is_hopeless(sizes)) return std::nullopt;
  std::int64_t gained = 0;
  std::int64_t lost = 0;
  for (auto const unit : units) (unit > 0 ? gained : lost) += std::abs(unit);

  // Only the sum of positive units is followed: the signed sum is twice that minus a constant.
  Lattice positive{0, {1}};
  double steps = 0;
  for (auto const& [size, count] : sizes) {
    auto const flips = fair_binomial(count);
    if (!is_affordable(positive, flips, size, steps)) return std::nullopt;
    positive = convolve(positive, flips, size);
  }
  SignFlip out;
  out.one_sided = std::min(1.0, upper_tail(positive, gained));
  out.two_sided = gained == lost ? 1 : std::min(1.0, 2 * upper_tail(positive, std::max(gained, lost)));
  return out;
}

}  // namespace itera::stats
