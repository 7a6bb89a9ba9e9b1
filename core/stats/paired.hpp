#pragma once
#include <cstddef>
#include <optional>
#include <span>

#include "core/stats/interval.hpp"

namespace itera::stats {

/// Row differences arm - baseline of one split or slice. Each d[i] is the mean of the arm's trials on row i
/// minus that of the baseline's, scores in [0, 1].
struct PairedInput {
  std::span<double const> d;
  /// One weight a row, finite and >= 0, their sum between 1e-100 and 1e100; empty means equal weights.
  std::span<double const> weights;
  /// One label a row; rows of equal label are one cluster. The labels' values do not matter. Empty: none
  /// declared.
  std::span<int const> clusters;
  /// Trial noise in a single-trial difference: the arms' mean within-row variances added up
  /// (TrialNoise::within_variance of both); 0 with one trial.
  double within_variance = 0;
  int trials = 1;
  /// In (0, 1]. A slice gives that of its whole split, whose estimate is steadier; otherwise it is estimated
  /// from d.
  std::optional<double> c2;
};

enum class PairedStatus {
  ok,           ///< effect and interval
  no_rows,      ///< nothing can be said
  one_row,      ///< effect only; the interval is all of [-1, 1] and p is 1
  one_cluster,  ///< effect only; clusters were declared and all rows fall in one, so no interval exists
  bad_input,    ///< lengths differ, or a value, or the sum of the weights, is out of range or not finite
};

/// `effect` has a meaning unless status is no_rows or bad_input, the interval if status is ok or one_row,
/// everything from `centre` to `deff` only if it is ok. What has no meaning keeps its initial value, never
/// NaN.
struct PairedEffect {
  PairedStatus status = PairedStatus::no_rows;
  std::size_t n = 0;       ///< rows
  std::size_t groups = 0;  ///< clusters; n if none were declared
  double effect = 0;       ///< weighted mean of d, not shrunk, in [-1, 1]
  double centre = 0;       ///< the interval's centre: the effect drawn towards zero by the two pseudo-rows
  double se = 0;           ///< standard error about `centre`, above 0
  double df = 1;           ///< degrees of freedom, >= 1; n - 1 if rows are equal and independent
  double n_kish = 0;       ///< effective rows under the weights (Kish)
  double g_eff = 0;        ///< effective clusters
  double deff = 1;         ///< design effect of clustering, >= 1
  double c2 = 1;           ///< share of single-trial variance that survives averaging, in [1 / trials, 1]
  double ci_low = -1;      ///< 95% interval, clipped to [-1, 1]
  double ci_high = 1;
};

bool has_effect(PairedStatus status);
bool has_interval(PairedStatus status);

/// "Plus-two" paired t interval: the adjustment of Bonett and Price (JEBS 37:479, 2012) carried over to
/// several trials, clusters and weights. Two pseudo-rows at +c and -c of one effective unit each keep the
/// interval honest when few rows differ; with one trial, equal independent rows and z in place of t it is
/// Bonett and Price's. The variance is the larger of the cluster-robust and the row-wise one; degrees of
/// freedom are those of Satterthwaite for CR2 in closed form (Bell and McCaffrey 2002; Pustejovsky and Tipton
/// 2018).
///
/// The result is the same, bit for bit, for every order of the rows and every naming of the clusters: rows
/// and clusters are sorted, and equal ones counted, before anything is added up. O(n) for scores on a lattice
/// without weights, O(n log n) otherwise; thread-safe.
PairedEffect paired_effect(PairedInput const& input);

/// The interval at another level, clipped to [-1, 1]. Nothing where `has_interval` is false or confidence is
/// outside (0, 1).
std::optional<Interval> confidence_interval(PairedEffect const& effect, double confidence);

/// P(T_df >= (centre - delta0) / se), the one-sided p of "the true effect is at most delta0". 1 for a single
/// row; nothing where `has_interval` is false.
std::optional<double> p_one_sided(PairedEffect const& effect, double delta0 = 0);

/// c2 of PairedEffect as estimated from a whole split: s2 / (s2 + (1 - 1/trials) * within_variance) with s2
/// the sample variance of d, clamped to [1/trials, 1]; 1 if that is 0/0, if d has fewer than two rows or
/// if an argument is out of range.
double surviving_variance_share(std::span<double const> d, double within_variance, int trials);

}  // namespace itera::stats
