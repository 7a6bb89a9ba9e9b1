#pragma once
#include <cstddef>
#include <optional>
#include <span>

namespace itera::stats {

/// Scores of one arm on one split. Row-major, `rows` x `trials`: row i's k-th trial is scores[i * trials +
/// k].
struct TrialScores {
  std::span<double const> scores;
  std::size_t rows = 0;
  std::size_t trials = 0;
  /// One weight a row, finite, >= 0 and not all 0, for the noise of a weighted mean; empty means equal ones.
  std::span<double const> weights{};
};

/// How much one arm's scores move when nothing is changed. All zero for a system that repeats itself exactly.
struct TrialNoise {
  /// Standard deviation of one pass's mean score, from the passes' means (trials - 1 degrees of freedom).
  double s_pass = 0;
  /// The same quantity from the variances inside rows, sqrt(within_variance / rows) with equal weights: rows
  /// * (trials - 1) degrees of freedom, so far steadier, but blind to what moves all rows of a pass together.
  double s_row = 0;
  /// Mean over rows of the unbiased variance of the row's trials.
  double within_variance = 0;
  std::size_t trials = 0;
};

/// Nothing if there are no rows, fewer than two trials, a size mismatch, or a score or weight out of range.
/// The same for every order of the rows, bit for bit: sums run over sorted terms.
std::optional<TrialNoise> trial_noise(TrialScores const& scores);

/// The two arms' noise pooled: the standard deviation of one pass's mean score that trials alone cause. An
/// effect counts only at twice `s_noise` or more. Which rows happened to be sampled is left out, and usually
/// matters more.
struct NoiseFloor {
  double s_pool = 0;      ///< root mean square of the two arms' s_pass
  double s_row_pool = 0;  ///< root mean square of the two arms' s_row
  double s_noise =
      0;  ///< the larger of the two: with 2 degrees of freedom s_pass alone is often far too small
  /// Three trials or more in both arms; otherwise the floor is printed but proves nothing.
  bool enough_trials = false;
};

/// An arm that was shown to repeat itself exactly enters as TrialNoise{0, 0, 0, trials of that check}.
NoiseFloor noise_floor(TrialNoise const& baseline, TrialNoise const& arm);

}  // namespace itera::stats
