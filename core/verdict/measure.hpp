#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/rational.hpp"
#include "core/stats/exact.hpp"
#include "core/stats/interval.hpp"
#include "core/stats/lift.hpp"
#include "core/stats/noise.hpp"
#include "core/stats/paired.hpp"
#include "core/verdict/tally.hpp"

namespace itera::verdict {

/// How far an effect lies above a bound, in score; below it where negative (contrast.hpp).
struct Distance {
  double delta = 0;                   ///< effect - bound
  std::optional<stats::Interval> ci;  ///< 95%, unless another confidence was asked for
  std::optional<double> p;            ///< one-sided, of "the effect does not exceed the bound"
  double centre = 0, se = 0, df = 1;  ///< what p and interval are made of
  double row_variance = 0;            ///< of one row, the design effect of clusters included
};

/// One arm against another (the baseline, unless said otherwise) on some rows of one part. Only rows on which
/// both have all their trials count.
struct Measurement {
  std::vector<std::size_t> rows;    ///< the rows that count
  std::size_t excluded = 0;         ///< rows of the set that do not
  std::int64_t total = 0;           ///< sum over rows and trials of arm - baseline, millionths
  std::int64_t baseline_total = 0;  ///< the baseline's alone
  std::uint32_t trials = 1;
  stats::PairedEffect paired;
  std::optional<double> p;          ///< one-sided, effect > 0
  std::optional<double> sign_flip;  ///< exact one-sided cross-check; only by `measure_by_rule`
  /// Tango's 95% interval, another cross-check: one trial of 0 or 1 a row, no entities; by `measure_by_rule`.
  std::optional<stats::Interval> tango;
  std::optional<stats::NoiseFloor> noise;  ///< nothing with fewer than two trials, unless both repeat exactly
  double row_variance = 0;                 ///< sample variance of the row differences
  double within_variance = 0;              ///< of a single-trial difference inside a row; 0 with one trial
  std::optional<double> baseline_score, arm_score;
  bool over_traffic = false;             ///< `paired` is the effect on production's mix: no mean of the rows
  std::optional<Distance> to_threshold;  ///< from the rule's threshold; only by `measure_by_rule`
  std::optional<stats::Lift> lift;       ///< the same, and only where the threshold is relative
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

/// The noise floor of a weighted mean; `weights` are parallel to `rows`, which both arms have, or empty.
std::optional<stats::NoiseFloor> noise_between(plan::Plan const& plan, Tally const& tally, std::size_t arm,
                                               std::vector<std::size_t> const& rows,
                                               std::vector<double> const& weights, std::size_t against = 0);

/// Exactly: mean difference >= threshold (a share of the baseline's mean, if relative), in integers; by the
/// effect itself where that is no plain mean. False without rows.
bool at_least(Measurement const& m, Rational threshold, bool relative = false);

/// Trials of the arm tagged with category `c` on the measured rows.
std::uint64_t failure_count(Tally const& tally, Measurement const& m, std::size_t arm, std::size_t category);

}  // namespace itera::verdict
