#pragma once
#include <cstdint>
#include <optional>
#include <span>

#include "core/base/rng.hpp"
#include "core/stats/interval.hpp"

namespace itera::stats {

// What drawing the rows again, with replacement, does to their mean. For reports only: none of these
// intervals decides, because with few rows they are too narrow (docs/statistics.md has the figures).

struct Bootstrap {
  double mean = 0;      ///< of the resampled means
  double sd = 0;        ///< their standard deviation
  Interval percentile;  ///< equal tails
  /// Bias-corrected and accelerated (Efron, JASA 82:171, 1987): z0 with half weight on ties, acceleration
  /// from the jackknife. Equal to `percentile` if all rows are equal.
  Interval bca;
  double z0 = 0;
  double acceleration = 0;
};

/// The whole bootstrap distribution by convolution instead of by simulation, for values on a lattice: row i
/// is d[i] / lattice. Quantiles are the smallest support point whose distribution function reaches q - 1e-12.
/// Masses under 1e-30 are cut off. Nothing without rows, if lattice < 1, if confidence is outside (0, 1), or
/// if the work exceeds about three hundred million steps (a
/// tenth of a second: a million rows of three trials of 0 or 1, a thousand of scores in hundredths). The
/// same, bit for bit, for every order of the rows. Thread-safe.
std::optional<Bootstrap> lattice_bootstrap(std::span<std::int64_t const> d, std::int64_t lattice,
                                           double confidence = 0.95);

/// Means of `out.size()` resamples, replicates first_replicate, first_replicate + 1...: out[b] is the mean of
/// d[bounded_index(rng.word(i, first_replicate + b, 1), n)] over i, added up in this order. A replicate does
/// not depend on which others are made, so threads may share the work. At least one row, at most 2^32 - 1.
void resample_means(std::span<double const> d, CounterRng const& rng, std::uint32_t first_replicate,
                    std::span<double> out);

/// The bootstrap by simulation, for values that lie on no lattice. Quantiles are the smallest resampled mean
/// whose share of replicates reaches q. Nothing without rows, with a value that is not finite or beyond
/// 1e100, with fewer than 100 or more than ten million replicates, or if confidence is outside (0, 1).
/// Depends on the order of the rows: give them sorted by id. Thread-safe.
std::optional<Bootstrap> resampled_bootstrap(std::span<double const> d, std::uint64_t key,
                                             std::uint32_t replicates = 9999, double confidence = 0.95);

}  // namespace itera::stats
