#pragma once
#include <span>

#include "core/stats/interval.hpp"

namespace itera::stats {

/// By how much the mean of `a` exceeds that of `b` as a share of the latter.
struct Lift {
  enum class Status {
    ok,
    unbounded,  ///< the mean of `b` is not clear of zero, so the share has no bounds
    undefined,  ///< the mean of `b` is zero, or there are fewer than two values or clusters, or bad input
  };
  Status status = Status::undefined;
  double lift = 0;  ///< mean(a) / mean(b) - 1; has a meaning unless undefined
  Interval ci{};    ///< has a meaning if ok
};

/// Fieller's interval for the ratio of two means that were measured on the same rows (JRSS B 16:175, 1954):
/// the r at which the mean of a - r b is not told from zero by t. Variances are those of `mean_estimate`, so
/// clusters count. a[i] and b[i] are of one row.
Lift fieller(std::span<double const> a, std::span<double const> b, std::span<int const> clusters = {},
             double confidence = 0.95);

}  // namespace itera::stats
