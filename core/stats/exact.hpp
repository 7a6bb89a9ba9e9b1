#pragma once
#include <cstdint>
#include <optional>
#include <span>

namespace itera::stats {

/// p-values of McNemar's exact test. Six differing rows, all one way, are the least that can be significant
/// at 5% two-sided.
struct McNemar {
  double two_sided = 1;  ///< min(1, 2 P(Bin(w + l, 1/2) <= min(w, l)))
  double mid_p =
      1;  ///< the same with half of the observed outcome's probability (Fagerland, BMC MRM 13:91, 2013)
  double one_sided = 1;  ///< P(Bin(w + l, 1/2) >= w): the arm is better
};

/// `wins`, `losses` >= 0: rows that only the arm, only the baseline gets right. All p are 1 if both are 0,
/// if one is negative or if they add up to more than 2^53. Thread-safe.
McNemar mcnemar(std::int64_t wins, std::int64_t losses);

struct SignFlip {
  double one_sided = 1;  ///< P(sum >= observed sum): the arm is better
  double two_sided = 1;  ///< P(|sum| >= |observed sum|)
};

/// Exact permutation test of row differences whose signs are equally likely under no effect: McNemar's exact
/// test when there is one trial. `d` holds integers, for instance K times the mean difference over K trials
/// of 0/1 scores. With `clusters` (one label a row, or empty) the sums of whole clusters are flipped instead
/// of rows.
///
/// Equal sizes are handled together as one binomial, so cost follows the number of distinct sizes rather than
/// of rows. Nothing if lengths differ, a sum of |d| overflows, or the work exceeds about four thousand
/// million steps. Probabilities under about 1e-57 may come out as 0. Both p are 1 if every difference is zero
/// or there is none. The same, bit for bit, for every order of the rows. Thread-safe.
std::optional<SignFlip> sign_flip_exact(std::span<std::int64_t const> d, std::span<int const> clusters = {});

}  // namespace itera::stats
