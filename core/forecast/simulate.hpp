#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/forecast/world.hpp"
#include "core/plan/plan.hpp"
#include "core/split/distribution.hpp"
#include "core/verdict/conclude.hpp"

namespace itera::forecast {

/// One line of the rule, as it came out for the first arm.
struct ClauseCount {
  std::string id, clause;  ///< as in verdict::Check
  std::uint32_t passed = 0, judged = 0;
};

/// What `replicates` made-up test sets were decided to be.
struct Counts {
  std::uint32_t replicates = 0;
  std::uint32_t first_ships = 0, first_narrow = 0;  ///< the first arm ships; or narrowly
  std::uint32_t any_ships = 0;                      ///< some arm ships
  std::uint32_t any_narrow = 0;                     ///< none ships, some arm ships narrowly
  std::uint32_t first_inconclusive = 0, first_killed = 0;
  std::vector<ClauseCount> clauses;
};

double share(std::uint32_t part, std::uint32_t whole);

/// A plan that has what decides and can be made up, for so many candidate arms: effect, trials, slices and
/// failure categories. Clauses on severity, cost, latency and secondary metrics are left out, and controls
/// and parents, so that `verdict::conclude` judges on the rest. `repeat` makes every arm deterministic.
plan::Plan stand_in(plan::Plan const& plan, std::size_t arms, bool repeat);

/// Replicates `first` to `first + replicates - 1`, each decided by `verdict::conclude` itself. Adding up the
/// counts of two ranges gives those of both, so work may be cut between threads at will.
Counts simulate(plan::Plan const& stand_in, std::vector<split::SliceValue> const& slices, Maker& maker,
                std::uint32_t first, std::uint32_t replicates);
void add(Counts& to, Counts const& more);

/// Replicates in growing batches, at most `most`, until the first arm's chance of shipping is known to lie on
/// one side of `limit` (four standard errors).
Counts simulate_until_known(plan::Plan const& stand_in, std::vector<split::SliceValue> const& slices,
                            Maker& maker, double limit, std::uint32_t most);

}  // namespace itera::forecast
