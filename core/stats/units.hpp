#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "core/stats/counted.hpp"

namespace itera::stats {

/// Rows, or clusters of rows, that cannot be told apart by their weight and total: all that the variance
/// formulas see of them.
struct Unit {
  double weight = 0;
  double total = 0;  ///< sum of weight * d
  double count = 1;  ///< how many there are
};

/// One unit for every row, equal ones put together, sorted by (weight, total). No weights: all are 1.
std::vector<Unit> row_units(std::span<double const> d, std::span<double const> weights);

/// One unit for every cluster, likewise. Rows of a cluster are added up in the order of (d, weight).
std::vector<Unit> cluster_units(std::span<double const> d, std::span<double const> weights,
                                Grouping const& clusters);

double count_of(std::span<Unit const> units);
double weight_of(std::span<Unit const> units);
double total_of(std::span<Unit const> units);
/// Sum of squared weights.
double squared_weights(std::span<Unit const> units);
/// Sum of (total - weight * mean)^2.
double squared_residuals(std::span<Unit const> units, double mean);

/// Satterthwaite's degrees of freedom of the CR2 variance of a mean, in closed form: 1 / (sum f^2 + (sum r)^2
/// - sum r^2) with f a unit's share of all `weight` and r = f^2 / (1 - f) (Bell and McCaffrey 2002;
/// Pustejovsky and Tipton 2018); n - 1 for n equal units. At least 1, which is also the answer if one unit
/// has all weight.
double degrees_of_freedom(std::span<Unit const> units, double weight);

}  // namespace itera::stats
