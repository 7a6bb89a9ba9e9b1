#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/rational.hpp"
#include "core/stats/exact.hpp"
#include "core/stats/noise.hpp"
#include "core/stats/paired.hpp"
#include "core/verdict/tally.hpp"

namespace itera::verdict {

/// One arm against another (the baseline, unless said otherwise) on some rows of one part. Only rows on which
/// both have all their trials count.
struct Measurement {
  std::vector<std::size_t> rows;  ///< the rows that count
  std::size_t excluded = 0;       ///< rows of the set that do not
  std::int64_t total = 0;         ///< sum over rows and trials of arm - baseline, millionths
  std::uint32_t trials = 1;
  stats::PairedEffect paired;
  std::optional<double> p;                 ///< one-sided, effect > 0
  std::optional<double> sign_flip;         ///< exact one-sided cross-check
  std::optional<stats::NoiseFloor> noise;  ///< nothing with fewer than two trials, unless both repeat exactly
  double row_variance = 0;                 ///< sample variance of the row differences
  double within_variance = 0;              ///< of a single-trial difference inside a row; 0 with one trial
  std::optional<double> baseline_score, arm_score;
  bool over_traffic = false;  ///< `paired` is the effect on production's mix: no mean of the rows
};

/// `c2_of_whole` gives a slice the c2 of its whole split; `against` is the arm to compare with.
Measurement measure(plan::Plan const& plan, Tally const& tally, std::size_t arm,
                    std::vector<std::size_t> const& rows, std::optional<double> c2_of_whole = std::nullopt,
                    std::size_t against = 0);

/// The sum of a row's trials of one arm, in millionths.
std::int64_t row_total(Tally const& tally, std::size_t arm, std::size_t row);

/// The plus-two interval of an arm on rows that both have, without the rest of a Measurement; `weights` are
/// parallel to `rows` or empty.
stats::PairedEffect paired_on(Tally const& tally, std::size_t arm, std::vector<std::size_t> const& rows,
                              double c2, std::vector<double> const& weights = {}, std::size_t against = 0);

/// Exactly: mean difference >= threshold, in integers; by the effect itself where that is no plain mean.
/// False without rows.
bool at_least(Measurement const& m, Rational threshold);

/// Trials of the arm tagged with category `c` on the measured rows.
std::uint64_t failure_count(Tally const& tally, Measurement const& m, std::size_t arm, std::size_t category);

}  // namespace itera::verdict
