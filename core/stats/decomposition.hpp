#pragma once
#include <cstddef>
#include <optional>

namespace itera::stats {

/// Where the spread of the row differences comes from (law of total variance: Miller, arXiv 2411.00640).
struct Decomposition {
  double trial_variance = 0;  ///< of a single-trial difference inside a row
  double row_variance = 0;    ///< between rows, what is left at any number of trials; never below 0
  double trial_share = 0;  ///< of the spread seen, what the trials make: (trial_variance / trials) / spread
  int trials = 1;
  bool more_trials = false;  ///< the share is above 1/2: more trials help more than more rows
  /// The number of trials that makes the effect most certain for the money is this times the square root of
  /// what a row costs beside its trials, in trials. Nothing where rows do not differ by themselves.
  std::optional<double> best_trials;
};

/// `spread` is the sample variance of the row differences, each the mean of `trials` trials; `within` the two
/// arms' mean within-row variances added up. Nothing if there are fewer than two trials, no spread, or a
/// number is negative or not finite. The share is clamped to [0, 1].
std::optional<Decomposition> decompose(double spread, double within, int trials);

}  // namespace itera::stats
