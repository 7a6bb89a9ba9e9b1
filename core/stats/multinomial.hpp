#pragma once
#include <cstdint>
#include <optional>
#include <span>

namespace itera::stats {

// Goodness of fit where counts are too small for chi-square: the probability, under `shares`, of all outcomes
// that are no likelier than the observed one. `observed` (>= 0, at least one row) and `shares` (> 0, adding
// up to 1) have equal lengths of two or more.

/// By enumeration of every outcome; nothing if there are more than two million or more than 64 cells.
std::optional<double> multinomial_exact_p(std::span<std::int64_t const> observed,
                                          std::span<double const> shares);

/// Estimated from `replicates` outcomes drawn with CounterRng(key), as (1 + hits) / (1 + replicates): never
/// 0, and the same for the same key. Memory follows the number of rows.
double multinomial_simulated_p(std::span<std::int64_t const> observed, std::span<double const> shares,
                               std::uint64_t key, std::uint32_t replicates = 100'000);

}  // namespace itera::stats
