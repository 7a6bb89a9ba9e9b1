#pragma once
#include <optional>

#include "core/base/rational.hpp"
#include "core/report/json_walk.hpp"
#include "core/verdict/imported.hpp"

namespace itera::report {

/// An exact number as text, "0.05" or "1/3", within a bound that keeps arithmetic on it exact.
std::optional<Rational> rational(Walk const& at);

struct ReadRule {
  std::optional<spec::ShipRule>
      rule;                 ///< nothing if lines are of a version before the rule was written for programs
  bool sum_clause = false;  ///< the sum of severity weight x failures is a clause
};
/// The member `rule` of a data.json that itera wrote.
ReadRule read_rule(Walk const& rule);

}  // namespace itera::report
