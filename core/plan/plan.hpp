#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/ports/plugin_info.hpp"
#include "core/spec/spec.hpp"

namespace itera::plan {

/// A plugin with everything that decides what it does, pinned.
struct PinnedActor {
  ports::PluginInfo info;
  std::string library_digest;  ///< SHA-256 of the shared library
  /// What enters the lock: settings with defaults, files by content digest, secrets by name. Canonical JSON.
  std::string locked_json;
  /// What the instance gets: the same with file contents and secrets filled in. Never stored.
  std::string settings_json;
};

struct PlannedArm {
  std::string name;
  bool baseline = false;
  std::string parent;   ///< empty for the baseline
  std::string summary;  ///< what it changes, in the author's words
  std::string ref;
  std::vector<std::string> changed;  ///< dimensions that differ from the parent
  bool deterministic = false;        ///< declared; verified on dev before it is believed
  PinnedActor actor;
};

struct SplitPlan {
  Rational train, dev, test;
  std::vector<std::string> stratify;  ///< columns; the expected column may be among them
  std::uint32_t cap_per_entity = 0;   ///< 0: no cap
  Rational cap_share{1, 1};
};

struct Mapping {
  std::string key;
  std::vector<std::string> inputs;
  std::optional<std::string> expected;
  std::vector<std::string> slices;
  std::optional<std::string> entity;
};

struct PlannedCategory {
  std::string name;
  Rational weight;
  std::string description;
};

/// A compiled experiment: nothing is left to default, everything that the verdict depends on is pinned. Compare
/// spec::Experiment, which is what the user wrote.
struct Plan {
  std::string name, question, hypothesis;
  std::string origin;                 ///< "production" or "generated from ..."
  std::filesystem::path spec_folder;  ///< programs run here; not part of the lock
  PinnedActor source;
  Mapping row;
  std::optional<std::uint64_t> sample;
  SplitPlan split;
  std::uint64_t seed = 0;
  std::vector<PlannedArm> arms;  ///< the baseline first
  std::string metric;
  PinnedActor judge;
  std::vector<PlannedCategory> categories;
  std::uint32_t trials = 3;
  spec::ShipRule rule;
  std::vector<PinnedActor> reporters;

  PlannedArm const& baseline() const { return arms.front(); }
};

/// Trials that an arm runs once its declared determinism was verified: 1 if deterministic, else the plan's.
inline std::uint32_t trials_of(Plan const& plan, PlannedArm const& arm) { return arm.deterministic ? 1 : plan.trials; }

}  // namespace itera::plan
