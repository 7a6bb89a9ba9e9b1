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
#include "core/split/rows.hpp"

namespace itera::run {

/// The live parts of a run: one instance an arm, the judge, and the host's caller. `prepared` holds each
/// arm's prepared folder (empty: none). Owned by the engine; used from one thread.
struct Cast {
  std::vector<std::unique_ptr<ports::Arm>> arms;  ///< parallel to the plan's arms
  std::unique_ptr<ports::Judge> judge;
  ports::Caller* caller = nullptr;
  ports::Progress* progress = nullptr;
  std::vector<std::filesystem::path> prepared;
  Journal* journal = nullptr;    ///< what earlier processes finished, and where this one stores what it does
  std::vector<std::string> who;  ///< per arm: a digest of all that its answers and their scores depend on
};

/// One (row, arm, trial) to run.
struct Task {
  std::size_t row = 0;
  std::size_t arm = 0;
  std::uint32_t trial = 0;
};

/// Every arm of `arms` on every row for `trials_of` each, trial by trial, row by row, the arms of one row and
/// trial beside each other in an order drawn from the seed, so that drift of a service hits all arms alike.
/// `from_trial` leaves out the trials before it.
std::vector<Task> interleaved(plan::Plan const& plan, std::vector<split::Row> const& rows,
                              std::vector<std::size_t> const& arms, std::uint32_t from_trial,
                              std::function<std::uint32_t(std::size_t arm)> const& trials_of);

struct PassOptions {
  std::string name;   ///< for progress: "dev"
  bool judge = true;  ///< false: only outputs (determinism check)
  bool keep_output = false;
  bool keep_first = false;  ///< keeps the outputs of the first trial
};

/// Runs all tasks to their end and gives one cell for each, in the order of the tasks. What the journal holds
/// is not done again; what is finished is in the journal before anything is built on it. A cell that ended
/// `missing` is tried twice more. What goes wrong in a row is a cell; an Error is only what stops the run: a
/// plugin that broke its contract, settings that a plugin refused, or the user's stop (class stopped). Seeds
/// are functions of (experiment seed, row key, trial), never of the schedule.
Result<std::vector<Cell>> run_pass(plan::Plan const& plan, std::vector<split::Row> const& rows,
                                   std::vector<Task> const& tasks, Cast& cast, PassOptions const& options);

}  // namespace itera::run
