#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/spec/value.hpp"

namespace itera::spec {

/// A plugin as used at one place: `using exact { ignore_case = true }`. `settings` are complete for derived arms
/// (the parent's, overlaid by the arm's own), without the plugin's defaults.
struct Actor {
  Name plugin;
  std::vector<Setting> settings;
  Span span;
};

/// `use refund_policy from "plugins/librefund_policy.so"`
struct Use {
  Name name;
  At<std::string> path;
};

struct RowMapping {
  Name key;
  std::vector<Name> inputs;
  std::optional<Name> expected;
  std::vector<Name> slices;
  std::optional<Name> entity;
};

enum class Origin { production, generated };

struct SplitPolicy {
  Rational train{3, 10};
  Rational dev{5, 10};
  Rational test{2, 10};
  std::vector<Name> stratify;           ///< empty: the slices and the expected answer
  std::uint32_t cap_per_entity = 3;     ///< rows of one entity; 0 without an entity
  Rational cap_share{1, 3};             ///< of all rows, for one entity
  At<std::uint64_t> seed;
  Span span;
};

enum class ArmRole { baseline, arm };

struct Arm {
  Name name;
  ArmRole role = ArmRole::arm;
  std::optional<Name> parent;
  std::string summary;             ///< "adds the cross-source block"; empty for the baseline
  std::optional<At<std::string>> ref;
  Actor actor;
  bool deterministic = false;
  std::vector<std::string> changed;  ///< the dimension(s) that differ from the parent; one, or the compiler refused
  Span head;
};

struct Metric {
  Name name;
  Actor judge;
};

/// A failure category with its severity weight.
struct Category {
  Name name;
  Rational weight{1, 1};
  std::string description;
};

/// How a floor on a slice is read: by the point estimate, by the interval's low end, or by harm shown.
enum class SliceMode { point, interval, harm };

struct SliceClause {
  Name slice;          ///< the slice column
  std::string value;   ///< one value of it; empty: every major value
  Rational floor;      ///< a fraction: -2pp is -1/50
  SliceMode mode = SliceMode::point;
  Span span;
};

struct CategoryClause {
  Name category;
  Span span;
};

/// `ship when ...`. Clauses that are always part of the rule (noise, evidence) are not stored: they have no
/// parameters.
struct ShipRule {
  Rational effect;  ///< the threshold, a fraction: 5pp is 1/20
  Span effect_span;
  std::vector<SliceClause> slices;
  std::vector<CategoryClause> categories;
  Span span;
};

/// One experiment as the user wrote it: typed, complete and valid. Produced by dsl/check only.
struct Experiment {
  Name name;
  At<std::string> question;
  At<std::string> hypothesis;
  std::vector<Use> uses;
  Actor source;
  Origin origin = Origin::production;
  std::string generated_from;
  RowMapping row;
  std::optional<std::uint64_t> sample;  ///< nothing: every row
  SplitPolicy split;
  std::vector<Arm> arms;  ///< the baseline first, then in the order written
  Metric metric;
  std::vector<Category> categories;
  std::uint32_t trials = 3;
  ShipRule rule;
  std::vector<Actor> reporters;
  Span span;
};

}  // namespace itera::spec
