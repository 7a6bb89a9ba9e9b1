#pragma once
#include <cstdint>
#include <optional>

namespace itera::stats {

/// A closed interval, low <= high.
struct Interval {
  double low = 0;
  double high = 0;
  friend bool operator==(Interval const&, Interval const&) = default;
};

/// Wilson's score interval for a share of `hits` in `n`, clipped to [0, 1] (Wilson, JASA 1927). Nothing if n
/// < 1, hits is outside 0..n or confidence outside (0, 1).
std::optional<Interval> wilson(std::int64_t hits, std::int64_t n, double confidence = 0.95);

/// Exact interval for a share of `hits` in `n` by the tails of the binomial (Clopper and Pearson, Biometrika
/// 1934): never covers less than `confidence`. Nothing in the same cases.
std::optional<Interval> clopper_pearson(std::int64_t hits, std::int64_t n, double confidence = 0.95);

}  // namespace itera::stats
