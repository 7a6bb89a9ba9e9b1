#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace itera::stats {

/// A value and how many rows have it.
struct Counted {
  double value = 0;
  std::int64_t count = 0;
};

/// The distinct values, rising, with their counts; -0 counts as 0. Scores lie on a lattice as a rule, so a
/// million rows have a handful of distinct values: what is added up over these costs next to nothing and is
/// the same, bit for bit, for every order of the rows. O(n) for up to about a thousand distinct values, O(n
/// log n) beyond. Values must not be NaN.
std::vector<Counted> counted(std::span<double const> values);

/// Sum of all values, and of their squared distances from `from`.
double sum_of(std::span<Counted const> values);
double sum_of_squares(std::span<Counted const> values, double from);

/// Labels renamed to 0, 1, 2...: `index` per row, `groups` how many there are. Which label gets which number
/// does not depend on the order of the rows. O(n) if the labels' range is not much larger than the rows.
struct Grouping {
  std::vector<std::uint32_t> index;
  std::size_t groups = 0;
};
Grouping grouping(std::span<int const> labels);

}  // namespace itera::stats
