#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/plan/plan.hpp"
#include "core/ports/actors.hpp"
#include "core/ports/caller.hpp"
#include "core/ports/surroundings.hpp"
#include "core/verdict/decide.hpp"

namespace itera::engine {

/// The phase after which to stop.
enum class Until { frame, source, pilot, dev, test };

struct RunOptions {
  std::filesystem::path spec_folder;
  std::optional<std::filesystem::path> out;
  Until until = Until::test;
};

/// What the engine needs from outside; all borrowed, used from one thread.
struct Surroundings {
  ports::Actors& actors;
  ports::Caller& caller;
  ports::Clock& clock;
  ports::Progress& progress;
  std::string build;  ///< version of itera, for undigested metadata
  /// The recording that calls over HTTP are answered from; nothing: they are made.
  std::optional<ports::Recorded> replayed{};
};

/// How a run ended. Without an outcome it stopped: at `until`, or because the user asked (Ctrl-C).
struct RunResult {
  std::filesystem::path folder;
  bool interrupted = false;
  std::optional<verdict::Outcome> outcome;
  std::string verdict_line, decided_by, not_shown, next, open;
  std::string phase{};               ///< after which it stopped, as asked; empty with an outcome
  std::string document_json{};       ///< report::verdict_json of the evidence; empty without an outcome
  std::vector<std::string> files{};  ///< the records and reports in `folder`, relative to it, sorted
};

/// Carries the experiment from where its ledger stands to `until`. An experiment that was begun goes on; what
/// it has finished is not done again. Errors of class `refused` are rules of the method that stopped it.
Result<RunResult> run(plan::Plan const& plan, RunOptions const& options, Surroundings const& with);

}  // namespace itera::engine
