#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/forecast/simulate.hpp"

namespace itera::forecast {

/// What a finished pass on dev showed of one arm; counts and scores only.
struct DevSeen {
  std::size_t rows = 0;
  std::size_t discordant = 0;  ///< rows on which baseline and arm differ, in the mean of their trials
  double baseline = 0;         ///< the baseline's mean score
  double within_variance = 0;  ///< mean over rows of the variance of a row's trials, mean of both arms
};

/// What is known of the test set before it is opened.
struct Known {
  std::size_t test_rows = 0;
  std::size_t all_rows = 0;         ///< of the three parts
  std::vector<SliceColumn> slices;  ///< columns whose values and rows are known
  std::vector<split::SliceValue> values;
  std::optional<std::size_t> entities;  ///< in test, if they were counted
  std::optional<DevSeen> dev;
};

/// How often something happened in simulated test sets.
struct Chance {
  std::uint32_t hits = 0, replicates = 0;
};
double share(Chance chance);

/// Test sets of more rows are not made up: their answers are near 0 or 1, and the formulas give them.
inline constexpr std::size_t kMostRows = 20000;

/// The test is too small if it ships an arm of twice the threshold less often than this.
inline constexpr double kLeastChance = .5;
inline constexpr double kWantedChance = .8;

struct Cell {
  Chance ships;  ///< effect 0: any arm ships, in full or narrowly; else the one arm that has the effect ships
  Chance narrow;  ///< the latter ships narrowly instead
};

/// What the whole declared rule would do.
struct Outlook {
  std::string not_made{};           ///< why nothing was made up; the rest is empty then
  std::vector<double> effects;      ///< true effects: 0, the threshold, 1.5 and 2 times it
  std::vector<double> discordance;  ///< shares of rows that truly differ, ascending
  bool measured = false;            ///< `discordance` is the 50% and 90% quantile of what dev showed
  /// Per effect and discordance; nothing where so few differing rows cannot add up to the effect, or the
  /// baseline has not so many failures to mend.
  std::vector<std::vector<std::optional<Cell>>> cells;
  /// Test rows for a chance of 80% at twice the threshold, per discordance, by simulation; nothing if more
  /// than kMostRows, or if the effect cannot be.
  std::vector<std::optional<std::size_t>> rows_needed;
  std::vector<ClauseCount> clauses;  ///< at twice the threshold and the first discordance that allows it
  std::optional<double> clauses_at;  ///< that discordance
  double baseline = 0, noisy = 0;    ///< of the world
  std::size_t rows_per_entity = 0;   ///< 0: no entity is declared
  double alike = 0;                  ///< chance that a row is like its entity's first
  std::size_t categories = 0;
  std::vector<std::string> assumed;  ///< clauses that cannot be made up and are taken to hold
};

/// Needs test rows; a threshold above zero. Reproducible from the plan's seed.
Outlook foresee(plan::Plan const& plan, Known const& known);

/// The best case of a test set: a true effect of twice the threshold, every row that differs is a win, no
/// answer wavers, rows are independent.
struct BestCase {
  Chance ships;
  std::size_t test_rows = 0;
  bool upper_bound = false;  ///< duplicates and caps may still take rows away
};
bool too_small(BestCase const& best);
/// Nothing for a threshold of zero or less, which has no twice, or without rows. Stops as soon as the side of
/// kLeastChance is known; a few milliseconds.
std::optional<BestCase> best_case(plan::Plan const& plan, Known const& known);
/// Test rows for which the best case ships with 80%; nothing beyond kMostRows.
std::optional<std::size_t> rows_for_best_case(plan::Plan const& plan, Known const& known);

/// "12% of 20 made-up test sets"
std::string words(Chance chance);

}  // namespace itera::forecast
