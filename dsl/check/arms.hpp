#pragma once
#include <optional>
#include <vector>

#include "core/ports/plugin_info.hpp"
#include "core/spec/spec.hpp"
#include "dsl/check/clause.hpp"

namespace itera::dsl::meaning {

/// A baseline or an arm as it is written, before it is derived from its parent.
struct ArmDraft {
  spec::Arm arm;                            ///< settings: the arm's own
  std::optional<spec::Name> plugin;         ///< after `using`
  ports::PluginInfo const* info = nullptr;  ///< nothing: unknown, or a mistake was reported
  std::vector<Clause> clauses;              ///< of its block
  bool sound = true;                        ///< nothing is wrong with it so far
};

/// `baseline NAME using PLUGIN { ref "..." [deterministic] settings }`
ArmDraft read_baseline(Report& report, Clause const& clause);
/// `arm NAME from PARENT ["summary"] [using PLUGIN] { [ref "..."] [deterministic] settings }`
ArmDraft read_arm(Report& report, Clause const& clause);

/// Gives each arm its parent's plugin and settings, and refuses what changes nothing or more than one thing.
/// In the order written; a parent stands above its arms. Not `complete`: an arm was lost in a mistake, and
/// may be the parent that another one names.
void derive(Report& report, std::vector<ArmDraft>& drafts, bool complete);

}  // namespace itera::dsl::meaning
