#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/plan/plan.hpp"

namespace itera::plan {

/// What a clause asks, for programs. Which members have a meaning depends on the kind.
struct RuleTerm {
  /// "integrity", "effect", "noise", "evidence", "slice", "category", "category sum", "severity", "metric",
  /// "cost", "latency", "latency p95", "benefit" or "control"; empty for a line that only says that nothing
  /// is asked.
  std::string kind{};
  std::string subject{};            ///< the slice column, category, metric or control
  std::string value{};              ///< one value of the slice; empty: every major one
  std::optional<Rational> bound{};  ///< a fraction: the threshold, the floor, or the most that a guard allows
  bool relative = false;            ///< `bound` is a share of the baseline's score
  std::string mode{};               ///< "point", "interval" or "harm"
  std::string over{};               ///< of an effect: the slice whose mix in production it is measured on
};

/// One clause of the whole rule, for people. `implied` clauses apply though nobody wrote them.
struct RuleLine {
  std::string check;  ///< "C1"
  std::string text;   ///< "effect >= 5pp"
  bool implied = false;
  RuleTerm term{};
};

/// What stands in the place of a clause that nobody declared.
inline constexpr std::string_view kNoSeverity = "no severity field is registered";
inline constexpr std::string_view kNoGuards = "none is registered: both are measured, neither decides";

/// The rule clause by clause, implied ones included, in the order C0..C7.
std::vector<RuleLine> rule_lines(Plan const& plan);

/// The clauses that somebody wrote, as one sentence: "ship when effect on accuracy >= 5pp and ...".
std::string written_rule(Plan const& plan);

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
/// How a rise of the category is judged: as a clause says, else by point.
spec::SliceMode mode_of(Plan const& plan, std::string const& category);
/// Behind "does not rise": nothing or " by harm".
std::string_view rise_words(spec::SliceMode mode);
/// What the clause on all categories together is about.
inline constexpr std::string_view kSeveritySum = "the sum of severity weight x failures";
/// Behind "effect on METRIC": nothing or " over traffic of SLICE".
std::string over(Plan const& plan);

}  // namespace itera::plan
