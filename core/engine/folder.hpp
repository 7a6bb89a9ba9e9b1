#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.hpp"

namespace itera::engine {

/// Where an experiment's files stand.
struct Folder {
  std::filesystem::path root;
  std::filesystem::path elsewhere;  ///< the note for an experiment outside of docs/experiments; empty inside
  std::filesystem::path ledger() const { return root / "ledger.jsonl"; }
  std::filesystem::path plan() const { return root / "plan.json"; }
  std::filesystem::path frame() const { return root / "frame.md"; }
  std::filesystem::path rows() const { return root / "rows.jsonl"; }
  std::filesystem::path labels() const { return root / "label-audit.csv"; }
  std::filesystem::path data() const { return root / "data.json"; }
  std::filesystem::path state() const { return root / "state"; }
  std::filesystem::path lock() const { return state() / "lock"; }
  std::filesystem::path store() const { return state() / "run.db"; }
  std::filesystem::path progress() const { return state() / "progress.json"; }
  std::filesystem::path head() const { return state() / "head"; }
  std::filesystem::path unreported() const { return state() / "unreported"; }
  /// Where the spec stood at the last run; only for what may be looked up there again.
  std::filesystem::path spec() const { return state() / "spec_folder"; }
};

/// The folder of experiment `name`: a `docs/experiments/YYYY-MM-DD-<name>` that stands already below the
/// repository's root (else below the spec's folder), else a new one of `today`. `out` names it at the first
/// lock; afterwards it may only repeat what was chosen: make() leaves a note of where an experiment stands
/// that is kept elsewhere. Makes nothing.
Result<Folder> find_folder(std::string const& name, std::filesystem::path const& spec_folder,
                           std::optional<std::filesystem::path> const& out, std::string const& today);

/// Whether somebody named an experiment's folder: an Error of class invalid without a ledger.
Status check_is_experiment(Folder const& folder);

/// The files in it that are meant to be read, relative to the root and sorted: everything but state/.
std::vector<std::string> files_of(Folder const& folder);

/// Makes the folder, its state/ (which git ignores) and the note, and tries to write in both.
Status make(Folder const& folder);

}  // namespace itera::engine
