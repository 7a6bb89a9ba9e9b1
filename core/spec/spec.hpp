#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/spec/expression.hpp"
#include "core/spec/value.hpp"

namespace itera::spec {

/// A plugin as used at one place: `using exact { ignore_case = true }`. `settings` are complete for derived
/// arms (the parent's, overlaid by the arm's own), without the plugin's defaults.
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
  std::optional<Expression> severity{};  ///< how much a row matters: a number, bounded above
};

/// What production is in one column, as declared: `tier enterprise 60%, smb 40%`.
struct Traffic {
  struct Share {
    At<std::string> value;
    Rational share;  ///< a fraction; the shares of a column add up to 1
  };
  Name column;
  std::vector<Share> shares;
};

enum class Origin { production, generated };

struct SplitPolicy {
  Rational train{3, 10};
  Rational dev{5, 10};
  Rational test{2, 10};
  std::vector<Name> stratify;        ///< empty: the slices and the expected answer
  std::uint32_t cap_per_entity = 3;  ///< rows of one entity; 0 without an entity
  Rational cap_share{1, 3};          ///< of all rows, for one entity
  At<std::uint64_t> seed;
  Span span;
};

/// A control is expected to show no effect and can never ship; an iteration refines an arm in a sprint.
enum class ArmRole { baseline, arm, control, iteration };

struct Arm {
  Name name;
  ArmRole role = ArmRole::arm;
  std::optional<Name> parent;
  std::string summary;  ///< "adds the cross-source block"; empty for the baseline; an iteration's hypothesis
  std::optional<At<std::string>> ref;
  Actor actor;
  bool deterministic = false;
  std::vector<std::string>
      changed;  ///< the dimension(s) that differ from the parent; one, or the compiler refused
  Span head;
  std::optional<At<std::string>>
      mechanism{};  ///< `one mechanism "why"`: how several changed places are one change
};

/// `sprint ARM { iteration ... }`. Each iteration derives from the one before, the first from the arm or from
/// the last iteration of the arm's sprint before.
struct Sprint {
  Name arm;
  std::vector<Arm> iterations;
  Span span;
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
  std::optional<Expression> when{};  ///< tags failed rows by rule: a condition
};

/// `crosscheck 5 rows using llm { ... }`: a second judge of another family.
struct Crosscheck {
  std::uint64_t rows = 0;
  Actor judge;
  Span span;
};

/// `accept underpowered "reason"`: an override with its reason.
struct Accept {
  Name what;
  At<std::string> reason;
  Span span;
};

/// How a floor on a slice is read: by the point estimate, by the interval's low end, or by harm shown.
enum class SliceMode { point, interval, harm };

struct SliceClause {
  Name slice;         ///< the slice column
  std::string value;  ///< one value of it; empty: every major value
  Rational floor;     ///< a fraction: -2pp is -1/50
  SliceMode mode = SliceMode::point;
  Span span;
  bool relative = false;  ///< the floor is a share of the baseline's score
};

/// `policy_ok >= -1pp`: a floor on a secondary metric.
struct MetricClause {
  Name metric;
  Rational floor;
  SliceMode mode = SliceMode::point;
  Span span;
  bool relative = false;
};

/// `cost <= +60%`: a bound on what may be paid for the effect, against the baseline.
struct GuardClause {
  enum class Of { cost, latency, latency_p95 };
  Of of = Of::cost;
  Rational most;  ///< a fraction of the baseline's: +60% is 3/5, -50% is -1/2
  Span span;
};

struct CategoryClause {
  Name category;
  Span span;
  SliceMode mode = SliceMode::point;  ///< point or harm: an exact test has to show the rise
};

/// `ship when ...`. Clauses that are always part of the rule (noise, evidence) are not stored: they have no
/// parameters.
struct ShipRule {
  Rational effect;  ///< the threshold, a fraction: 5pp is 1/20
  Span effect_span;
  std::vector<SliceClause> slices;
  std::vector<CategoryClause> categories;
  Span span;
  bool relative = false;  ///< `effect` is a share of the baseline's score
  bool strict = false;    ///< `by interval`: the low end of the effect's interval must reach the threshold
  std::vector<MetricClause> metrics{};
  std::vector<GuardClause> guards{};
  std::optional<Name> over{};  ///< `over traffic of SLICE`: the effect is the one on production's mix of it
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
  std::vector<Traffic> traffic{};
  std::vector<Metric> secondaries{};
  std::optional<Crosscheck> crosscheck{};
  std::optional<At<Rational>> budget{};  ///< in US dollars
  std::vector<Accept> accepts{};
  std::vector<Sprint> sprints{};
};

}  // namespace itera::spec
