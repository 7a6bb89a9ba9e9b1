#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace itera::drawing {

struct Interval {
  double low = 0, high = 0;
};

/// What became of a clause: "pass", "fail", "unproven", "n/a"; empty in files that do not judge.
using Status = std::string;

struct Effect {
  std::optional<double> delta;  ///< fraction
  std::optional<Interval> interval;
  std::optional<double> n, floor;
  Status status, by_interval;
};

struct Check {
  std::string id;
  Status status;
};

struct Arm {
  std::string id, name;
  bool control = false;
  std::optional<double> cost;  ///< USD per 1,000 rows
  std::optional<Interval> cost_interval;
  std::optional<double> score;  ///< as the file says, else the mean of the trials
  std::optional<Interval> score_interval;
  std::vector<double> trials;            ///< score of each
  std::optional<double> deviation;       ///< sample standard deviation of the trials; needs two
  std::optional<Effect> aggregate;       ///< against the baseline
  std::optional<Effect> decisive;        ///< what the rule judges instead: on production's mix of `over`
  std::string over;                      ///< a slice column
  std::map<std::string, Effect> slices;  ///< by the slice's id
  std::vector<Check> checks;
  std::string outcome;
};

struct Slice {
  std::string id, name;
  std::optional<double> n;
};

/// What the charts need of an evidence document. Scores and effects are fractions.
struct Figures {
  std::string experiment, metric;
  std::optional<double> threshold;
  std::optional<double> rows;       ///< of test
  std::vector<Arm> arms;            ///< the baseline first; at least one
  std::vector<Slice> slices;        ///< with those that only `effect_sizes` names at the end
  bool judged = false;              ///< the file has the rule's clauses and what became of them
  std::vector<std::string> strays;  ///< what names no arm and was left aside
};

/// Throws sdk::Invalid with the JSON path of what is wrong.
Figures read_figures(nlohmann::json const& data);

/// Decimals of a percentage point that the threshold asks for: 1, and more if it is below a point.
int decimals_of(Figures const& figures);

/// "router · accuracy · 1,506 test rows", as far as it is known.
std::string about(Figures const& figures);

}  // namespace itera::drawing
