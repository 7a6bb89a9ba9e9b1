#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/ports/surroundings.hpp"

namespace itera::engine {

/// One thing that an experiment stands on.
struct Finding {
  std::string what;  ///< "ledger.jsonl"
  bool whole = false;
  std::string found;  ///< what was seen, with counts
  std::string way;    ///< what can be done if it is not whole
};

struct Health {
  std::string experiment;
  std::vector<Finding> findings;
  bool can_salvage = false;  ///< the store is not whole, and what is whole of it can be kept
};

/// Looks at ledger, key, sealed rows, store and records; changes nothing. Rows are authenticated, never
/// shown. An Error if the folder is no experiment's, or if a process works on it.
Result<Health> examine(std::filesystem::path const& folder);

struct Salvage {
  std::uint64_t kept = 0;
  std::uint64_t lost = 0;  ///< entries that were found and are not whole; those that are gone are not counted
  std::filesystem::path aside;  ///< where the damaged store stands now; empty if there was none
};

/// Makes a store of what is provably whole, puts the damaged one aside and notes both in the ledger
/// (`salvaged`) before anything is replaced. What was lost is made and paid for again by the next run.
/// Refused if the store is whole, the ledger is not, or the experiment is concluded.
Result<Salvage> salvage(std::filesystem::path const& folder, ports::Clock& clock, std::string const& build);

}  // namespace itera::engine
