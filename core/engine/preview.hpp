#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/engine/standing.hpp"
#include "core/forecast/outlook.hpp"
#include "core/plan/plan.hpp"

namespace itera::engine {

/// Where numbers of rows come from: nowhere yet, the spec's `sample`, a count of the source, the spec's
/// `traffic`, or the split that is locked. All but the last are upper bounds or expectations: duplicates and
/// caps are known once the rows are read.
enum class RowsFrom { unknown, sample, source, traffic, split };

/// What one test set could show at one discordance rate (the share of rows on which baseline and arm differ).
struct PowerLine {
  double discordance = 0;
  std::optional<double> detectable;             ///< least effect with 80% power; nothing if none is
  std::optional<double> rows_needed;            ///< test rows for the threshold with 80% power
  std::vector<std::optional<double>> by_slice;  ///< least effect on each of the slices' test rows alone
};

/// Answers that one arm is asked for, if none has to be asked for again; nothing where rows are not known.
struct ArmCalls {
  std::string arm;
  std::uint32_t trials = 0;  ///< on dev and on test
  std::uint64_t pilot = 1;
  std::optional<std::uint64_t> determinism, dev, test;
  std::optional<std::uint64_t> answers;  ///< all of them
  std::optional<std::uint64_t> judged;   ///< those that the judge scores: all but the determinism check's
};

/// What stands still from when on.
struct Lock {
  std::string name, when;
  std::vector<std::string> covers;  ///< in the words of the language
  std::string digest;               ///< of what it covers today; empty for rows, whose digest is the ledger's
  std::optional<std::uint64_t> entry;  ///< sequence number in the ledger, if it is locked
};

/// What would run.
struct Preview {
  RowsFrom rows_from = RowsFrom::unknown;
  std::optional<std::uint64_t> source_rows;  ///< counted, if they were
  std::optional<std::uint64_t> train, dev, test;
  plan::SplitPlan shares{};  ///< of train, dev and test: the plan's, but in folds
  bool folds = false;        ///< fewer than 50 rows: train is the reading fold, dev the other four
  bool too_few = false;      ///< fewer than 10 rows: `run` refuses
  RowsFrom slices_from = RowsFrom::unknown;
  std::vector<SliceRows> slices;
  std::vector<ArmCalls> calls;           ///< parallel to the plan's arms
  std::optional<std::uint64_t> answers;  ///< of all arms
  std::vector<PowerLine> power;          ///< at .05, .1, .2, .3
  std::string heuristic;                 ///< the rule of thumb on all rows beside it
  /// Of test: rows for the interval's low end to stay above the first slice floor that the rule sets (2pp if
  /// it sets none), per slice, where the true effect there is 0 and where it is the threshold; at .1
  /// discordance.
  double margin = .02;
  std::optional<double> floor_rows_without_gain, floor_rows_with_gain;
  std::optional<std::array<std::uint64_t, 3>> entities{};  ///< of train, dev, test; nothing before the split
  forecast::Outlook outlook{};                             ///< the whole rule, if it was asked for
  std::optional<forecast::BestCase> best_case{};
  bool accepted = false;  ///< `accept underpowered`
  std::optional<std::size_t>
      best_rows{};  ///< test rows for a chance of 80% at best, if the test is too small
  /// What answers cost on dev, per row of test with all arms and trials, in US dollars; nothing before dev.
  std::optional<double> cost_per_test_row{};
  std::vector<Lock> locks;
};

/// `source_rows` is a count of the source's rows, without their contents, if there is one. The outlook takes
/// a second of simulation, so who does not show it leaves it out.
Preview preview(plan::Plan const& plan, std::optional<Standing> const& standing,
                std::optional<std::uint64_t> source_rows, bool with_outlook = false);

}  // namespace itera::engine
