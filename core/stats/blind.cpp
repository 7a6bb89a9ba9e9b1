#include "core/stats/blind.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/stats/quantiles.hpp"
#include "core/stats/sum.hpp"

namespace itera::stats {

std::optional<Foresight> foresee_hits(std::span<StratumCounts const> strata, std::int64_t wanted) {
  if (wanted < 0) return std::nullopt;
  // below[k]: P(k hits so far), only for k < wanted: whatever is more cannot become less.
  std::vector<double> below(static_cast<std::size_t>(wanted), 0.0);
  if (wanted > 0) below[0] = 1;
  Foresight out;
  for (auto const& s : strata) {
    if (s.dev_rows < 0 || s.hits < 0 || s.hits > s.dev_rows || s.test_rows < 0) return std::nullopt;
    auto const a = static_cast<double>(s.hits) + .5;
    auto const b = static_cast<double>(s.dev_rows - s.hits) + .5;
    auto const n = static_cast<double>(s.test_rows);
    out.expected += n * a / (a + b);
    // P(0 hits) is the product over the sealed rows of the chance that none so far hits the next either.
    std::vector<double> mass{std::exp(sum_of(static_cast<std::size_t>(s.test_rows), [&](std::size_t j) {
      return std::log1p(-a / (a + b + static_cast<double>(j)));
    }))};
    for (std::int64_t i = 0; i + 1 < wanted && i < s.test_rows; ++i) {
      auto const k = static_cast<double>(i);
      mass.push_back(mass.back() * (n - k) / (k + 1) * (k + a) / (n - k - 1 + b));
    }
    std::vector<double> next(below.size(), 0.0);
    for (std::size_t k = 0; k < below.size(); ++k)
      next[k] = sum_of(std::min(k + 1, mass.size()), [&](std::size_t j) { return below[k - j] * mass[j]; });
    below = std::move(next);
  }
  out.chance = std::clamp(1 - sum_of(below.size(), [&](std::size_t k) { return below[k]; }), 0.0, 1.0);
  return out;
}

std::optional<double> jeffreys_quantile(std::int64_t hits, std::int64_t rows, double q) {
  if (hits < 0 || rows < 1 || hits > rows || !(q > 0 && q < 1)) return std::nullopt;
  return beta_quantile(q, static_cast<double>(hits) + .5, static_cast<double>(rows - hits) + .5);
}

}  // namespace itera::stats
