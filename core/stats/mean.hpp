#pragma once
#include <cstddef>
#include <optional>
#include <span>

#include "core/stats/interval.hpp"

namespace itera::stats {

/// The mean of values that have no bounds, such as dollars or milliseconds, with the t statistics about it.
struct MeanEstimate {
  std::size_t n = 0;       ///< values
  std::size_t groups = 0;  ///< clusters; n if none were declared
  double mean = 0;
  double se = 0;  ///< 0 if all values are equal up to rounding
  double df = 1;  ///< n - 1 for independent values
};

/// Clusters (one label a value, or empty) enter by CR2 with Satterthwaite degrees of freedom in closed form
/// (Bell and McCaffrey 2002; Pustejovsky and Tipton 2018); without them this is Student's t. Nothing if
/// lengths differ, a value is not finite, or there are fewer than two values or clusters. The same, bit for
/// bit, for every order of the values. O(n log n), thread-safe.
std::optional<MeanEstimate> estimate_mean(std::span<double const> values, std::span<int const> clusters = {});

/// P(T_df >= mean / se), the one-sided p of "the true mean is zero or less"; 0 or 1 if `se` is 0 (a mean of
/// zero is not above zero).
double p_above_zero(MeanEstimate const& estimate);
/// The same of "the true mean is zero or more".
double p_below_zero(MeanEstimate const& estimate);

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
/// the r at which the mean of a - r b is not told from zero by t. Variances are those of `estimate_mean`, so
/// clusters count. a[i] and b[i] are of one row.
Lift fieller(std::span<double const> a, std::span<double const> b, std::span<int const> clusters = {},
             double confidence = 0.95);

}  // namespace itera::stats
