#pragma once
#include <optional>
#include <vector>

#include "core/verdict/checks.hpp"

namespace itera::verdict {

/// A secondary metric on the rows of one measurement, held against the floor that the rule sets on it.
struct SecondaryResult {
  std::size_t metric = 0;                      ///< index into the plan's secondary metrics
  Measurement measured;                        ///< on the rows that both arms have by this metric
  std::size_t lost = 0;                        ///< rows of the measurement that they do not
  bool uneven = false;                         ///< they are missing more in one arm than in the other
  spec::MetricClause const* clause = nullptr;  ///< the plan's; nothing where the metric is only described
  std::optional<Distance> to_floor;            ///< only where the floor is relative
  std::optional<CheckStatus> by_point, by_interval, by_harm;  ///< nothing without a clause
  CheckStatus status = CheckStatus::not_applicable;           ///< in the registered mode
};

/// Every secondary metric, in the plan's order. A floor is read as one on a slice is, over all rows of `m`:
/// by the effect, by the interval's low end, or by harm shown. It is unproven on fewer than 5 rows, and where
/// the scores are not known on more than 2% of the rows or are missing more in one arm than in the other
/// (exact McNemar p < .05), because then nothing is known of the rows that are left out.
std::vector<SecondaryResult> measure_secondaries(plan::Plan const& plan, Tally const& tally, std::size_t arm,
                                                 Measurement const& m);

/// C7 for each clause of the rule on a secondary metric, in the order of the rule.
std::vector<Check> check_secondaries(plan::Plan const& plan, std::vector<SecondaryResult> const& results);

/// Whether the clause asks for a gain, which non-inferiority may take for its benefit; and whether that gain
/// is shown: the clause holds and the interval lies above zero.
bool is_benefit(spec::MetricClause const& clause);
bool gain_shown(SecondaryResult const& result);

}  // namespace itera::verdict
