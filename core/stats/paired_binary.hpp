#pragma once
#include <cstdint>
#include <optional>

#include "core/stats/interval.hpp"

namespace itera::stats {

// Intervals for the difference of two success rates on the same rows, one trial of 0 or 1 a row, rows equal
// and independent. They stand beside the plus-two interval of paired.hpp as cross-checks. Every function
// answers nothing if a count is negative, if there are no rows or more than kMostPairedRows, or if confidence
// is outside of (0, 1). Swapping wins and losses mirrors the interval. Thread-safe.

/// Rows by how they differ; rows - wins - losses are alike.
struct PairedCounts {
  std::int64_t wins = 0;    ///< rows that only the arm gets right
  std::int64_t losses = 0;  ///< rows that only the baseline gets right
  std::int64_t rows = 0;    ///< >= wins + losses
};

inline constexpr std::int64_t kMostPairedRows = 1'000'000'000;

/// Score interval with the discordance estimated under each candidate difference (Tango, Stat Med 17:891,
/// 1998), found by halving to the last bit. `bias_corrected` multiplies the variance by n / (n - 1): somewhat
/// wider; nothing then with a single row.
std::optional<Interval> tango(PairedCounts const& counts, double confidence = 0.95,
                              bool bias_corrected = false);

/// Wald interval after half a win, half a loss and two halves of a tie are added on each side: centre (w -
/// l) / (n + 2), variance ((w + l + 2) / (n + 2) - centre^2) / (n + 2), normal quantile (Bonett and Price,
/// JEBS 37:479, 2012). Clipped to [-1, 1].
std::optional<Interval> bonett_price(PairedCounts const& counts, double confidence = 0.95);

/// All four cells of the paired table.
struct PairedTable {
  std::int64_t both_right = 0;
  std::int64_t wins = 0;
  std::int64_t losses = 0;
  std::int64_t both_wrong = 0;
};

/// Wilson intervals of the two success rates, combined by their distances and the table's correlation, with
/// Newcombe's continuity correction of the latter (method 10 of Newcombe, Stat Med 17:2635, 1998).
std::optional<Interval> newcombe(PairedTable const& table, double confidence = 0.95);

/// Exact interval that excludes 0 precisely when McNemar's exact test rejects: the confidence distributions
/// of the discordance rate and of the share of wins, melded (Fay and Lumbard, Stat Med 40:1147, 2021).
/// Conservative: its coverage does not fall below the level. Quadrature to 1e-10. For up to 100,000 rows;
/// nothing beyond.
std::optional<Interval> fay_lumbard(PairedCounts const& counts, double confidence = 0.95);

}  // namespace itera::stats
