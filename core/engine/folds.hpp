#pragma once
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "core/plan/ledger.hpp"
#include "core/run/pass.hpp"
#include "core/split/rows.hpp"

namespace itera::engine {

/// What the arms learnt from one set of rows; both parallel to the plan's arms.
struct Learnt {
  std::vector<std::filesystem::path> prepared;  ///< empty: the arm has no prepare step
  std::vector<std::string> who;                 ///< as run::Cast has it
};
/// From now on the cast answers with what was learnt there; programs that stay up are started anew.
/// Precondition: no call is in flight.
void use(run::Cast& cast, Learnt const& learnt);

/// An experiment in folds: which fold a dev row is in, and what the arms learnt without each.
struct Folds {
  std::vector<std::size_t> of_dev;  ///< 2..kFolds, parallel to the dev rows
  /// [k]: without fold k, of which 1 is the reading fold; [0]: from all rows but test's.
  std::vector<Learnt> without;
  bool differ = false;  ///< an arm has a prepare step, so that not all of `without` are the same
};

/// Whether the newest split is one in folds.
bool in_folds(plan::Ledger const& ledger);

/// run::run_pass() on dev, fold by fold, each with what the arms learnt without it. The cells are not in the
/// order of the tasks. At the end the cast is as it was for the last fold.
Status run_folds(plan::Plan const& plan, std::vector<split::Row> const& dev,
                 std::vector<run::Task> const& tasks, run::Cast& cast, Folds const& folds,
                 run::PassOptions const& options, std::vector<run::Cell>& cells);

}  // namespace itera::engine
