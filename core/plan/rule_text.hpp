#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/plan/plan.hpp"

namespace itera::plan {

/// One clause of the whole rule, for people. `implied` clauses apply though nobody wrote them.
struct RuleLine {
  std::string check;  ///< "C1"
  std::string text;   ///< "effect >= 5pp"
  bool implied = false;
};

/// What stands in the place of a clause that nobody declared.
inline constexpr std::string_view kNoSeverity = "no severity field is registered";
inline constexpr std::string_view kNoGuards = "none is registered: both are measured, neither decides";

/// The rule clause by clause, implied ones included, in the order C0..C7.
std::vector<RuleLine> rule_lines(Plan const& plan);

std::string_view mode_word(spec::SliceMode mode);
/// "cost", "latency" or "latency p95"
std::string_view guard_words(spec::GuardClause::Of of);

/// "5pp" or, relative to the baseline, "10%"; with `sign` a plus is written.
std::string threshold(Rational fraction, bool relative, bool sign = false);

/// "5pp", "-2pp", "+0.5pp" (with `sign` a plus is written).
std::string points(Rational fraction, bool sign = false);
/// "+8.9pp", one decimal, for measured effects.
std::string points(double fraction);
/// The category with the greatest weight, or nothing.
PlannedCategory const* heaviest(Plan const& plan);

}  // namespace itera::plan
