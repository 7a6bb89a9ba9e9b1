#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace itera::stats {

/// Ranks count from 1, from the smallest value. Nothing where no rank is so sure: too few values.
struct QuantileRanks {
  std::optional<std::int64_t> low;   ///< the greatest with P(value of the rank > quantile) <= alpha
  std::optional<std::int64_t> high;  ///< the least with P(value of the rank < quantile) <= alpha
};

/// Which of `n` independent values bound the quantile `q` of what they were drawn from, each with a
/// confidence of 1 - alpha: exact for every continuous distribution, from the binomial law of how many values
/// lie below it (David and Nagaraja, Order Statistics, 2003, section 7.1), and conservative for others.
/// n >= 0; q and alpha strictly between 0 and 1, else no rank.
QuantileRanks quantile_ranks(std::int64_t n, double q, double alpha);

/// The least of the values that at least a share `q` of them do not exceed; nothing if there is none.
/// `sorted` ascends; q strictly between 0 and 1.
std::optional<double> sample_quantile(std::span<double const> sorted, double q);

/// One-sided bounds of a quantile, each with a confidence of 1 - alpha.
struct QuantileBounds {
  std::optional<double> low, high;
};

/// `sorted` ascends. Values that resemble each other in groups are worth fewer than there are:
/// `effective` (1 to n; nothing means n) is their number divided by the design effect; ranks are those of so
/// many values, stretched to all of them and rounded outwards.
QuantileBounds quantile_bounds(std::span<double const> sorted, double q, double alpha,
                               std::optional<double> effective = std::nullopt);

/// How many independent values the values are worth for the share of them that is at most `at`: n divided by
/// the design effect of the clusters, which is that of the interval in paired.hpp (CR1 over the independent
/// variance, never below 1). n without clusters; `clusters` has one label a value.
double effective_values(std::span<double const> values, double at, std::span<int const> clusters);

}  // namespace itera::stats
