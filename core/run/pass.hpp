#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/plan/plan.hpp"
#include "core/ports/actors.hpp"
#include "core/ports/caller.hpp"
#include "core/ports/surroundings.hpp"
#include "core/run/cell.hpp"
#include "core/run/journal.hpp"
#include "core/run/purse.hpp"
#include "core/split/rows.hpp"

namespace itera::run {

/// The live parts of a run: one instance an arm, the judge, and the host's caller. `prepared` holds each
/// arm's prepared folder (empty: none). Owned by the engine; used from one thread.
struct Cast {
  std::vector<std::unique_ptr<ports::Arm>> arms;  ///< parallel to the plan's arms
  std::unique_ptr<ports::Judge> judge;
  std::vector<std::unique_ptr<ports::Judge>> secondaries;  ///< parallel to the plan's secondary metrics
  ports::Caller* caller = nullptr;
  ports::Progress* progress = nullptr;
  std::vector<std::filesystem::path> prepared;
  Journal* journal = nullptr;    ///< what earlier processes finished, and where this one stores what it does
  std::vector<std::string> who;  ///< per arm: a digest of all that its answers and their scores depend on
  Purse* purse = nullptr;        ///< with a budget: pays for every call before it is made; needs the journal
};

/// One (row, arm, trial) to run.
struct Task {
  std::uint32_t row = 0;
  std::uint32_t arm = 0;
  std::uint32_t trial = 0;
};

/// Every arm of `arms` on every row for `trials_of` each, trial by trial, row by row, the arms of one row and
/// trial beside each other in an order drawn from the seed, so that drift of a service hits all arms alike.
/// `from_trial` leaves out the trials before it.
std::vector<Task> interleaved(plan::Plan const& plan, std::vector<split::Row> const& rows,
                              std::vector<std::size_t> const& arms, std::uint32_t from_trial,
                              std::function<std::uint32_t(std::size_t arm)> const& trials_of);

/// How the purse names a judge of an arm's answers: 0 is the metric's, then those of the secondary metrics.
std::string paid_judge(plan::Plan const& plan, std::size_t arm, std::size_t judge);

struct PassOptions {
  std::string name;   ///< for progress: "dev"
  bool judge = true;  ///< false: only outputs (determinism check)
  bool keep_output = false;
  bool keep_first = false;  ///< keeps the outputs of the first trial
};

/// Runs all tasks to their end and gives one cell for each, in the order of the tasks. What the journal holds
/// is not done again; what is finished is in the journal before anything is built on it. A cell that ended
/// `missing` is tried twice more. Every output is also scored by the judges of the secondary metrics, after
/// the metric's own score is stored: what they fail at is missing of theirs alone. What goes wrong in a row
/// is a cell; an Error is only what stops the run: a plugin that broke its contract, settings that a plugin
/// refused, a budget that does not cover the next call when none is under way (class refused), a call that is
/// not in the recording, or the user's stop (class stopped). Seeds are functions of (experiment seed, row
/// key, trial), never of the schedule.
Result<std::vector<Cell>> run_pass(plan::Plan const& plan, std::vector<split::Row> const& rows,
                                   std::vector<Task> const& tasks, Cast& cast, PassOptions const& options);
/// The same behind the cells that `cells` holds already. After an Error they are not to be used.
Status run_pass(plan::Plan const& plan, std::vector<split::Row> const& rows, std::vector<Task> const& tasks,
                Cast& cast, PassOptions const& options, std::vector<Cell>& cells);

}  // namespace itera::run
