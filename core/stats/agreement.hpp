#pragma once
#include <optional>
#include <span>

namespace itera::stats {

struct Kappa {
  double observed = 0;          ///< share of equal ratings, in [0, 1]
  double expected = 0;          ///< the same by chance, from the raters' own margins
  std::optional<double> kappa;  ///< (observed - expected) / (1 - expected), <= 1; nothing if expected is 1
};

/// Agreement of two raters on the same items beyond chance (Cohen, Educ. Psychol. Meas. 20:37, 1960).
/// Categories are any integers. Nothing without items or if lengths differ. O(n log n), thread-safe.
std::optional<Kappa> cohen_kappa(std::span<int const> one, std::span<int const> other);

/// How far apart two ratings are: equal or not, by rank, or by value.
enum class AlphaScale { nominal, ordinal, interval };

/// `raters` x `items` ratings, row-major: rater r's rating of item i is ratings[r * items + i]. NaN stands
/// for a rating that was not given.
struct Ratings {
  std::span<double const> ratings;
  std::size_t raters = 0;
  std::size_t items = 0;
};

/// Krippendorff's alpha by the coincidence matrix (Krippendorff, "Computing Krippendorff's
/// Alpha-Reliability", 2011): 1 - observed / expected disagreement, at most 1; any number of raters, missing
/// ratings allowed; an item rated once says nothing. 1 if all ratings that count are equal. Nothing if no
/// item was rated twice, if sizes do not match, if a rating is beyond +-1e100 or if there are more than 1,000
/// distinct ratings. Thread-safe.
std::optional<double> krippendorff_alpha(Ratings const& table, AlphaScale scale);

}  // namespace itera::stats
