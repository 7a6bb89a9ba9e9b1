#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/plan/plan.hpp"
#include "core/run/cell.hpp"
#include "core/split/rows.hpp"

namespace itera::verdict {

/// What each call of an arm cost or took.
struct Calls {
  /// Row-major rows x trials; not a number where nothing was reported. Empty: nothing was reported at all.
  /// An arm that was verified to be deterministic ran one trial, which stands at the first place of its row.
  std::vector<double> of;
  /// That of the arm's first call of the pass, which may have filled a cache or started a program; it is not
  /// among the others. Nothing where the order of the calls is not known.
  std::optional<double> first;
};

/// One arm's scores by a secondary metric, as ArmTally has those by the metric itself.
struct SecondaryTally {
  std::vector<std::int64_t> scores;
  std::vector<bool> complete;
  std::uint64_t judge_errors = 0;  ///< cells
};

/// One arm on one part. An arm that was verified to be deterministic ran one trial; it stands here `trials`
/// times, as it would have repeated itself (copies of one trial leave every statistic unchanged).
struct ArmTally {
  std::vector<std::int64_t> scores;  ///< row-major rows x trials, millionths; meaningless where not complete
  std::vector<bool> complete;        ///< per row: every trial has a score
  std::vector<std::vector<std::uint32_t>> failures;  ///< per category: per row, trials tagged with it
  std::vector<std::uint64_t> undecided{};  ///< per category: answers whose condition a null left open
  std::uint64_t arm_errors = 0, judge_errors = 0, missing = 0;  ///< cells
  Calls cost_usd;    ///< in a steady state, where that is known to differ; of the first call what it did cost
  Calls latency_ms;  ///< not covered by any digest
  /// What the answers did cost and what judging them did, and of how many cells that is known.
  double billed_usd = 0, judge_usd = 0;
  std::uint64_t billed = 0, judged = 0;
  std::vector<SecondaryTally> secondaries{};  ///< parallel to the plan's secondary metrics
};

/// What dev said of an arm before test was opened.
struct DevEffect {
  double effect = 0, se = 0;      ///< against the baseline, as fractions
  std::uint32_t evaluations = 1;  ///< dev passes of the arm and of what it was refined from
};

/// Everything that the statistics need of one part, as counts.
struct Tally {
  std::size_t rows = 0;
  std::uint32_t trials = 0;
  std::vector<ArmTally> arms;                    ///< parallel to the plan's arms
  std::vector<int> clusters;                     ///< per row; empty without an entity
  std::vector<std::vector<std::string>> slices;  ///< per slice column: per row the value
  std::vector<double> severity{};                ///< per row, >= 0; empty without a severity
  std::vector<std::optional<DevEffect>> dev{};   ///< parallel to `arms`; empty: nothing is known of dev
};

/// `in_order_of_calls`: the cells stand as they were scheduled, so the first of an arm is its first call; an
/// arm whose outputs were recorded elsewhere has no such call.
Tally tally(plan::Plan const& plan, std::vector<split::Row> const& rows, std::vector<run::Cell> const& cells,
            bool in_order_of_calls = true);

/// The same part, read by a secondary metric: its scores stand where the metric's own did.
Tally by_secondary(Tally const& tally, std::size_t metric);

/// Mean over the calls but the first one; nothing if none is known.
std::optional<double> steady_mean(Calls const& calls);
/// Mean of what an answer did cost, over the same calls; nothing if none is known.
std::optional<double> billed_mean(ArmTally const& arm);
/// Mean of what judging an answer did cost, over all arms; nothing if no judge said.
std::optional<double> judging_mean(Tally const& tally);

/// Mean score of one trial over the rows that are complete; nothing if there are none.
std::optional<double> pass_mean(Tally const& tally, std::size_t arm, std::uint32_t trial);
/// Mean over all trials and complete rows.
std::optional<double> mean_score(Tally const& tally, std::size_t arm);

}  // namespace itera::verdict
