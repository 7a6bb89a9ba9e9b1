#pragma once
#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/engine/engine.hpp"
#include "core/forecast/outlook.hpp"
#include "core/plan/plan.hpp"

namespace itera::engine {

/// Rows of one value of a slice in each part.
struct SliceRows {
  std::string column, value;
  std::uint64_t train = 0, dev = 0, test = 0;
};

/// Rows of a split that is locked. Of the slices only, in the order of the ledger's audit.
struct LockedSplit {
  std::uint64_t train = 0, dev = 0, test = 0;
  std::vector<SliceRows> slices;
  std::optional<double> cost_per_row{};  ///< all arms, all trials, US dollars, as dev cost; nothing before it
  std::optional<double>
      pilot_row_usd{};      ///< the same by the pilot alone, judging included; nothing once dev is done
  forecast::Known known{};  ///< what the test set is known to be; with dev, once that was run
  std::optional<std::array<std::uint64_t, 3>> entities{};  ///< of train, dev, test, where one is declared
  bool folds = false;                                      ///< train is the reading fold, dev the other four
  /// The audit against production, as the evidence document has it (`distribution`).
  std::string distribution_json{};
};

/// Where an experiment stands that was begun.
struct Standing {
  std::filesystem::path folder;
  Until done = Until::frame;  ///< the last phase that is finished
  std::uint64_t framed = 0;   ///< sequence number of the ledger's entry
  std::optional<std::uint64_t> registered, sealed, concluded;
  bool opened = false;  ///< the test set
  /// What differs between the locked plan and today's, one human line each.
  std::vector<std::string> moved_frame, moved_registration;
  std::optional<LockedSplit> split;  ///< nothing if there is none, or if today's spec asks for other rows
};

/// What the experiment's folder tells; nothing if it was not begun. Writes nothing. Errors: two folders of
/// one name, a ledger or a plan.json that cannot be believed (class `refused`).
Result<std::optional<Standing>> standing_of(plan::Plan const& plan, std::filesystem::path const& spec_folder);

}  // namespace itera::engine
