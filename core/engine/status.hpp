#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.hpp"

namespace itera::engine {

/// An entry of the ledger, in one line.
struct Step {
  std::string kind, at, text;  ///< `at`: UTC; `text`: what a person wants to know of it
};

struct ArmAtWork {
  std::string name;
  std::uint64_t done = 0, total = 0, errors = 0;
  double cost_usd = 0;
};

/// The process that works on an experiment, or did when it was killed.
struct AtWork {
  int pid = 0;
  bool alive = false;
  std::string begun, updated, phase;
  std::string pass;  ///< empty: between two passes
  std::uint64_t rows = 0, done = 0, total = 0;
  std::uint32_t trials = 0;
  double per_second = 0;
  std::vector<ArmAtWork> arms;
};

/// Where an experiment stands.
struct StatusReport {
  std::filesystem::path folder;
  std::string name;
  std::vector<Step> steps;
  std::optional<AtWork> work;
  std::string outcome;  ///< of the verdict; empty before it
  std::string next;     ///< what to do
};

/// Read from the ledger and state/progress.json alone; changes nothing, so it may be asked while a run is
/// going on. A folder that is no experiment's, and a ledger that is broken, are Errors.
Result<StatusReport> status_of(std::filesystem::path const& folder);

}  // namespace itera::engine
