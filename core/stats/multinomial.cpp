#include "core/stats/multinomial.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "core/base/rng.hpp"

namespace itera::stats {
namespace {

constexpr double kMostOutcomes = 2e6;
constexpr std::size_t kMostCells = 64;
// Outcomes as likely as the observed one must count in spite of rounding.
constexpr double kTieSlack = 1e-7;

/// Log factorials of 0..n, tabulated because std::lgamma writes to a global.
std::vector<double> log_factorials(std::int64_t n) {
  std::vector<double> table(static_cast<std::size_t>(n) + 1);
  for (std::size_t i = 1; i < table.size(); ++i) table[i] = table[i - 1] + std::log(static_cast<double>(i));
  return table;
}

struct Model {
  std::vector<double> log_share;
  std::vector<double> log_factorial;
  std::int64_t rows = 0;

  double cell(std::size_t j, std::int64_t count) const {
    return static_cast<double>(count) * log_share[j] - log_factorial[static_cast<std::size_t>(count)];
  }
  double log_mass(std::span<std::int64_t const> counts) const {
    double sum = log_factorial.back();
    for (std::size_t j = 0; j < counts.size(); ++j) sum += cell(j, counts[j]);
    return sum;
  }
};

Model make_model(std::span<std::int64_t const> observed, std::span<double const> shares) {
  Model model;
  model.rows = std::accumulate(observed.begin(), observed.end(), std::int64_t{0});
  model.log_factorial = log_factorials(model.rows);
  for (double const share : shares) model.log_share.push_back(std::log(share));
  return model;
}

/// Mass of the outcomes with `left` rows still to place in cell j and after it that are at most `limit`
/// likely.
double unlikely_mass(Model const& model, std::size_t j, std::int64_t left, double log_so_far, double limit) {
  if (j + 1 == model.log_share.size()) {
    double const log_mass = log_so_far + model.cell(j, left);
    return log_mass <= limit ? std::exp(log_mass) : 0;
  }
  double sum = 0;
  for (std::int64_t count = 0; count <= left; ++count)
    sum += unlikely_mass(model, j + 1, left - count, log_so_far + model.cell(j, count), limit);
  return sum;
}

/// Maps u in [0, 1) to a binomial count by handing out probability from the mode outwards: about as many
/// steps as the standard deviation.
std::int64_t binomial_draw(double u, std::int64_t n, double p, std::vector<double> const& log_factorial) {
  if (n == 0 || p <= 0) return 0;
  if (p >= 1) return n;
  auto const at = [&](std::int64_t k) { return log_factorial[static_cast<std::size_t>(k)]; };
  auto const mode = static_cast<std::int64_t>(static_cast<double>(n) * p);
  double const odds = p / (1 - p);
  double down = std::exp(at(n) - at(mode) - at(n - mode) + static_cast<double>(mode) * std::log(p) +
                         static_cast<double>(n - mode) * std::log1p(-p));
  double up = down;
  u -= down;
  auto low = mode;
  auto high = mode;
  while (u >= 0 && (low > 0 || high < n)) {
    if (high < n) {
      up *= static_cast<double>(n - high) / static_cast<double>(high + 1) * odds;
      ++high;
      u -= up;
      if (u < 0) return high;
    }
    if (low > 0) {
      down *= static_cast<double>(low) / static_cast<double>(n - low + 1) / odds;
      --low;
      u -= down;
      if (u < 0) return low;
    }
  }
  return mode;
}

}  // namespace

std::optional<double> multinomial_exact_p(std::span<std::int64_t const> observed,
                                          std::span<double const> shares) {
  if (shares.size() > kMostCells) return std::nullopt;
  auto const rows = std::accumulate(observed.begin(), observed.end(), std::int64_t{0});
  double outcomes = 1;
  for (std::size_t j = 1; j < shares.size(); ++j)
    outcomes *= static_cast<double>(rows + static_cast<std::int64_t>(j)) / static_cast<double>(j);
  if (outcomes > kMostOutcomes) return std::nullopt;

  auto const model = make_model(observed, shares);
  double const limit = model.log_mass(observed) + kTieSlack;
  return std::min(1.0, unlikely_mass(model, 0, rows, model.log_factorial.back(), limit));
}

double multinomial_simulated_p(std::span<std::int64_t const> observed, std::span<double const> shares,
                               std::uint64_t key, std::uint32_t replicates) {
  auto const model = make_model(observed, shares);
  double const limit = model.log_mass(observed) + kTieSlack;
  CounterRng const rng(key);
  std::vector<std::int64_t> counts(shares.size());
  std::uint32_t hits = 0;
  for (std::uint32_t replicate = 0; replicate < replicates; ++replicate) {
    auto left = model.rows;
    double share_left = 1;
    for (std::size_t j = 0; j + 1 < shares.size(); ++j) {
      auto const words = rng.block(static_cast<std::uint32_t>(j), replicate);
      counts[j] =
          binomial_draw(unit_interval(words[0], words[1]), left, shares[j] / share_left, model.log_factorial);
      left -= counts[j];
      share_left -= shares[j];
    }
    counts.back() = left;
    if (model.log_mass(counts) <= limit) ++hits;
  }
  return (1.0 + hits) / (1.0 + replicates);
}

}  // namespace itera::stats
