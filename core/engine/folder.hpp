#pragma once
#include <filesystem>
#include <optional>
#include <string>

#include "core/base/result.hpp"

namespace itera::engine {

/// Where an experiment's files stand.
struct Folder {
  std::filesystem::path root;
  std::filesystem::path ledger() const { return root / "ledger.jsonl"; }
  std::filesystem::path plan() const { return root / "plan.json"; }
  std::filesystem::path frame() const { return root / "frame.md"; }
  std::filesystem::path rows() const { return root / "rows.jsonl"; }
  std::filesystem::path data() const { return root / "data.json"; }
  std::filesystem::path state() const { return root / "state"; }
};

/// The folder of experiment `name`: a `docs/experiments/YYYY-MM-DD-<name>` that stands already below the repository's
/// root (else below the spec's folder), else a new one of `today`. `out` names it at the first lock; afterwards it may
/// only repeat what was chosen. Makes nothing.
Result<Folder> find_folder(std::string const& name, std::filesystem::path const& spec_folder,
                           std::optional<std::filesystem::path> const& out, std::string const& today);

/// Makes the folder and its state/ (which git ignores).
Status make(Folder const& folder);

}  // namespace itera::engine
