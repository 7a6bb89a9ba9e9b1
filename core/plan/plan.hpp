#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/ports/plugin_info.hpp"
#include "core/ports/secrets.hpp"
#include "core/spec/spec.hpp"

namespace itera::plan {

/// A plugin with everything that decides what it does, pinned.
struct PinnedActor {
  ports::PluginInfo info;
  std::string library_digest;  ///< SHA-256 of the shared library
  /// What enters the lock: settings with defaults, files by content digest, secrets by name. Canonical JSON.
  std::string locked_json;
  /// What the instance gets: the same with file contents filled in. An arm or a judge gets marks in place of
  /// secrets, a source or a reporter the secrets themselves. Never stored.
  std::string settings_json;
  /// Of arms and judges, for the caller. Never stored.
  ports::Secrets secrets{};
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
  bool control = false;  ///< expected to show no effect; never ships, and is not counted among the arms
  std::string
      mechanism{};  ///< how several changed places are one change, in the author's words; empty if not said
};

/// Iterations of an arm, each derived from the one before. Outside of both locks: each is registered by
/// itself.
struct PlannedSprint {
  std::string arm;
  std::vector<PlannedArm> iterations;
};

struct SplitPlan {
  Rational train, dev, test;
  std::vector<std::string> stratify;  ///< columns; the expected column may be among them
  std::uint32_t cap_per_entity = 0;   ///< 0: no cap
  Rational cap_share{1, 1};
  bool stratify_declared = false;  ///< `stratify` was written: its pairs of columns are audited as well
};

struct Mapping {
  std::string key;
  std::vector<std::string> inputs;
  std::optional<std::string> expected;
  std::vector<std::string> slices;
  std::optional<std::string> entity;
  std::optional<spec::Expression> severity{};  ///< how much a row matters
};

/// What production is in one column, as declared.
struct PlannedTraffic {
  std::string column;
  std::vector<std::pair<std::string, Rational>> shares;
};

struct PlannedMetric {
  std::string name;
  PinnedActor judge;
};

struct PlannedCrosscheck {
  std::uint64_t rows = 0;
  PinnedActor judge;
};

/// An override with its reason.
struct PlannedAccept {
  std::string what, reason;
};

struct PlannedCategory {
  std::string name;
  Rational weight;
  std::string description;
  std::string when{};                           ///< the condition as text; empty: the judge tags
  std::optional<spec::Expression> condition{};  ///< the same, to be tried on rows; the text is what is locked
};

/// A compiled experiment: nothing is left to default, everything that the verdict depends on is pinned.
/// Compare spec::Experiment, which is what the user wrote.
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
  std::vector<PlannedTraffic> traffic;
  std::vector<PlannedMetric> secondaries;
  std::optional<PlannedCrosscheck> crosscheck;
  std::optional<Rational> budget_usd;
  std::vector<PlannedAccept> accepts;
  std::vector<PlannedSprint> sprints;

  PlannedArm const& baseline() const { return arms.front(); }
};

/// Arms that may ship: neither the baseline nor a control.
inline std::size_t candidates(Plan const& plan) {
  std::size_t out = 0;
  for (auto const& arm : plan.arms) out += !arm.baseline && !arm.control;
  return out;
}

/// Trials that an arm runs once its declared determinism was verified: 1 if deterministic, else the plan's.
inline std::uint32_t trials_of(Plan const& plan, PlannedArm const& arm) {
  return arm.deterministic ? 1 : plan.trials;
}

}  // namespace itera::plan
