#pragma once
#include <optional>
#include <vector>

#include "core/verdict/checks.hpp"
#include "core/verdict/secondary.hpp"

namespace itera::verdict {

/// A guard on cost or latency on the rows of one measurement.
struct GuardResult {
  spec::GuardClause clause;
  std::optional<double> baseline, arm;  ///< dollars a row or milliseconds: the mean, or the quantile; the
                                        ///< first call of each arm is apart
  std::optional<double> change;         ///< arm / baseline - 1
  std::optional<stats::Interval> ci;    ///< of the change, 95%; nothing for a quantile, or without bounds
  std::optional<double> p_within;       ///< one-sided, of "it is more than the guard allows": small is good
  std::optional<double> p_exceeds;      ///< one-sided, of "it is at most what the guard allows"
  std::size_t n = 0;                    ///< rows; calls of the two arms for a quantile
  Check check;                          ///< C7
};

/// Every registered guard, in the order of the rule. A guard on a mean holds e_i = arm_i - (1 + most) *
/// baseline_i of the rows against zero by one-sided t, clustered like the effect; one on p95 compares
/// one-sided order-statistic bounds of the two arms' calls. Shown to hold (p <= 0.025): pass; shown to be
/// broken: fail; else unproven. So is one whose values were not reported.
std::vector<GuardResult> measure_guards(plan::Plan const& plan, Tally const& tally, std::size_t arm,
                                        Measurement const& m);

/// C7 line by line: the secondary metrics' clauses, the guards, the benefit that non-inferiority needs, or
/// that nothing is asked.
std::vector<Check> check_guards(plan::Plan const& plan, std::vector<GuardResult> const& guards,
                                std::vector<SecondaryResult> const& secondaries);

/// Calls without which the 95% quantile has no bound from above at the level that a guard on it needs.
inline constexpr std::int64_t kFewestCallsForP95 = 86;

}  // namespace itera::verdict
