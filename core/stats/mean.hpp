#pragma once
#include <optional>
#include <span>

#include "core/stats/interval.hpp"

namespace itera::stats {

/// A mean of unbounded values with the standard errors of large samples: the paired t of continuous scores
/// and costs, and the yardstick beside the plus-two interval, which is the one that decides.
struct MeanEstimate {
  double mean = 0;
  /// Cluster-robust with the CR2 correction: each cluster's squared residual total over 1 - its share of all
  /// weight (Bell and McCaffrey 2002). s / sqrt(n) for equal independent rows; 0 if all
  /// values are equal up to rounding.
  double se = 0;
  /// The same with the factor G / (G - 1) instead, CR1: the linearised standard error of survey samples.
  double se_cr1 = 0;
  double df = 1;  ///< Satterthwaite's for CR2, >= 1; n - 1 for equal independent rows
};

/// `weights` (>= 0, empty: all 1) and `clusters` (labels, empty: every row on its own) as in PairedInput.
/// Nothing with fewer than two rows or clusters, if lengths differ, if a value is NaN or beyond +-1e100, or
/// if the weights' sum is not between 1e-100 and 1e100. The same, bit for bit, for every order of the rows.
/// Thread-safe.
std::optional<MeanEstimate> mean_estimate(std::span<double const> d, std::span<double const> weights = {},
                                          std::span<int const> clusters = {});

/// mean -+ t * se, not clipped. A point if all values are equal. Nothing if confidence is outside (0, 1).
std::optional<Interval> t_interval(MeanEstimate const& estimate, double confidence = 0.95);

/// P(T_df >= mean / se), the one-sided p of "the true mean is zero or less"; 0 or 1 if `se` is 0 (a mean of
/// zero is not above zero).
double p_above_zero(MeanEstimate const& estimate);
/// The same of "the true mean is zero or more".
double p_below_zero(MeanEstimate const& estimate);

/// P(|T_df| >= |mean - mean0| / se). With se = 0: 1 if mean equals mean0, else 0.
double t_two_sided_p(MeanEstimate const& estimate, double mean0 = 0);

}  // namespace itera::stats
