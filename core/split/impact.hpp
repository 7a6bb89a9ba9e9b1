#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/split/rows.hpp"

namespace itera::split {

/// A numeric input of which a few rows hold far more than most: rows differ in what they are worth.
struct Impact {
  std::string column;
  double median = 0, p95 = 0;  ///< of the magnitudes, on the rows that were looked at
  std::string clause;          ///< what would weigh them: "severity min(abs(amount_usd), 4400)"
};

/// The rule is a factor of more than 5 between the 95th percentile and the median, which one huge row cannot
/// make. Looks at input columns alone, at no more than 5,000 rows spread evenly over all; nine of ten must
/// hold a number. The column with the greatest factor is named; nothing if there is none, or fewer than 20
/// rows.
std::optional<Impact> varying_impact(plan::Plan const& plan, std::vector<Row const*> const& rows);

}  // namespace itera::split
