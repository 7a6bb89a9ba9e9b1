#pragma once
#include <optional>
#include <vector>

#include "core/verdict/checks.hpp"

namespace itera::verdict {

/// An arm against another with every row weighted by its severity.
struct Weighted {
  stats::PairedEffect paired;
  double p = 1;                             ///< one-sided, effect > 0; 1 without an interval
  double arm_score = 0, against_score = 0;  ///< on the rows that both have, in [0, 1]
  double largest_share = 0;                 ///< of all weight, the heaviest row's
  /// Fewer than 10 effective rows (Kish), or a row with over a tenth of the weight: the number describes
  /// these rows and little else.
  bool descriptive = false;
};

/// Nothing without a severity, without rows, or if no row weighs anything. On the rows of `whole`, with its
/// c2.
std::optional<Weighted> measure_weighted(Tally const& tally, std::size_t arm, Measurement const& whole,
                                         std::size_t against = 0);

/// The arm's weighted mean score over its own complete rows, in [0, 1]; nothing as above.
std::optional<double> weighted_score(Tally const& tally, std::size_t arm);

/// C6: the point estimate decides, however few rows carry the weight; that is then said.
Check check_severity(plan::Plan const& plan, std::optional<Weighted> const& weighted);

/// "; descriptive only: ..." or nothing.
std::string reservation(Weighted const& weighted);

}  // namespace itera::verdict
