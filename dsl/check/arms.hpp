#pragma once
#include <optional>
#include <string_view>
#include <vector>

#include "core/ports/plugin_info.hpp"
#include "core/spec/spec.hpp"
#include "dsl/check/clause.hpp"

namespace itera::dsl::meaning {

struct SprintDraft;

/// A baseline, an arm, a control or an iteration as it is written, before it is derived from its parent.
struct ArmDraft {
  spec::Arm arm;                            ///< settings: the arm's own
  std::optional<spec::Name> plugin;         ///< after `using`
  ports::PluginInfo const* info = nullptr;  ///< nothing: unknown, or a mistake was reported
  std::vector<Clause> clauses;              ///< of its block
  std::vector<spec::Setting> own{};         ///< the settings that it writes itself, once it is derived
  std::optional<std::size_t>
      parent{};  ///< among the drafts; set for iterations, found by name for the others
  SprintDraft const* sprint = nullptr;  ///< of an iteration
  bool sound = true;                    ///< nothing is wrong with it so far
};

/// `baseline NAME using PLUGIN { ref "..." [deterministic] settings }`
ArmDraft read_baseline(Report& report, Clause const& clause);
/// `arm NAME from PARENT ["summary"] [using PLUGIN] { [ref "..."] [deterministic] settings }`
ArmDraft read_arm(Report& report, Clause const& clause);

/// `control NAME from PARENT ...`, like an arm.
ArmDraft read_control(Report& report, Clause const& clause);

/// A sprint as it is written: `sprint ARM { iteration NAME "hypothesis" { one change } }`.
struct SprintDraft {
  std::optional<spec::Name> arm;
  std::vector<ArmDraft> iterations;  ///< without parents
  Span span;
};
SprintDraft read_sprint(Report& report, Clause const& clause);

/// "the arm", "the control"
std::string_view noun(spec::ArmRole role);

/// Gives each arm its parent's plugin and settings, and refuses what changes nothing or more than one thing.
/// In the order written; a parent stands above its arms. Not `complete`: an arm was lost in a mistake, and
/// may be the parent that another one names.
void derive(Report& report, std::vector<ArmDraft>& drafts, bool complete);

}  // namespace itera::dsl::meaning
