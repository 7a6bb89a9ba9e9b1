#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/engine/engine.hpp"
#include "core/engine/folder.hpp"
#include "core/engine/folds.hpp"
#include "core/plan/ledger.hpp"
#include "core/ports/store.hpp"
#include "core/report/frame_md.hpp"
#include "core/run/journal.hpp"
#include "core/run/pass.hpp"
#include "core/run/purse.hpp"
#include "core/split/distribution.hpp"
#include "core/split/seal.hpp"
#include "core/verdict/tally.hpp"

namespace itera::engine {

/// One experiment while it is worked on: what stands on disk, opened. The phases below take it in turn;
/// everything in it can be rebuilt from the folder.
struct Lab {
  plan::Plan const& plan;
  Surroundings const& with;
  Folder folder;
  plan::Ledger ledger;
  split::Seal seal;
  std::unique_ptr<ports::Store> store = nullptr;       ///< opened with the journal
  std::optional<run::Journal> journal = std::nullopt;  ///< from the pilot on
  std::optional<verdict::Tally> dev = std::nullopt;    ///< of the dev pass, if this process made it
  std::optional<run::Purse> purse = std::nullopt;      ///< with a budget, from the pilot on
  /// Outputs and scores of the dev pass's first trial, if this process made it and a second judge will see
  /// it.
  std::vector<run::Cell> first_trial{};
  std::optional<Folds> folds = std::nullopt;  ///< from cast_phase() on, below 50 rows

  /// Writes a ledger entry, then its place and digest into state/, so that a ledger that was cut is noticed.
  Status note(std::string const& kind, nlohmann::json const& body,
              nlohmann::json meta = nlohmann::json::object());
};

/// Lock one. Writes plan.json, frame.md and `framed`; or holds today's plan against the locked one: refuses
/// what moved, or writes `amended`. True if the rows have to be sampled again.
Result<bool> frame_phase(Lab& lab);
/// Whether changes of the registration, as describe_changes() tells them, ask for another sample.
bool needs_new_rows(std::vector<std::string> const& changes);
/// frame.md from the ledger, if it is not that already.
Status write_frame(Lab& lab);

/// Rows, split, audit, seal; nothing if it is done and `again` is false.
Status source_phase(Lab& lab, bool again);
/// Whether the newest split passed its audit, was sealed, and no amendment since asks for other rows.
bool split_stands(plan::Ledger const& ledger);

/// Instances and prepared folders for the passes. In folds every prepare step runs for each fold without it,
/// and once on all rows but test's; the cast that is given is the pilot's, and `train` is the reading fold.
Result<run::Cast> cast_phase(Lab& lab, std::vector<split::Row> const& train);
/// The pilot and lock two (`registered`).
Status pilot_phase(Lab& lab, run::Cast& cast, std::vector<split::Row> const& train, bool register_after);

/// How a declared determinism is tried: on so many dev rows, in so many trials.
constexpr std::size_t kDeterminismRows = 20;
constexpr std::uint32_t kDeterminismTrials = 3;
/// Determinism check, the baseline's first trial, then all the rest. Nothing if it is done.
Status dev_phase(Lab& lab, run::Cast& cast, std::vector<split::Row> const& dev);

/// A pass on dev rows, fold by fold where there are folds. Its cells come behind those that are there.
Status pass_on_dev(Lab& lab, run::Cast& cast, std::vector<split::Row> const& dev,
                   std::vector<run::Task> const& tasks, run::PassOptions const& options,
                   std::vector<run::Cell>& cells);

/// The one pass on test, verdict and reports.
Result<RunResult> conclude_phase(Lab& lab, run::Cast& cast, std::vector<split::Row> dev);
/// The records and reports of a verdict that stands in the ledger and whose process did not live to write
/// them: from rows.jsonl, no answer is asked for.
Result<RunResult> finish_phase(Lab& lab);
/// An experiment whose test was opened and whose pass did not come to its end is closed as invalid.
Result<RunResult> close_as_invalid(Lab& lab, std::string const& why);

/// What sealed rows are bound to.
std::string bound_to(Lab const& lab);
/// Body of the newest entry of a kind as JSON text, "null" if there is none.
std::string body_of(plan::Ledger const& ledger, std::string_view kind);

}  // namespace itera::engine
