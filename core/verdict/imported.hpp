#pragma once
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/plan/plan.hpp"
#include "core/verdict/decide.hpp"

namespace itera::verdict {

/// An effect as a saved file gives it, in fractions. What the file does not hold is absent.
struct ImportedEffect {
  std::optional<double> delta, ci_low, ci_high;
  std::optional<double> rows;       ///< rows that it was measured on
  double excluded = 0;              ///< rows that are left out of it
  std::optional<double> floor_low;  ///< the low end of its distance from a relative floor, of own files
};

/// What the p of an effect follows from: P(T_df >= centre / se).
struct ImportedInterval {
  double centre = 0;
  double se = 0;
  double df = 1;
};

/// The effect's distance from the threshold of the file's own rule, and what its p follows from.
struct ImportedDistance {
  double ci_low = 0, ci_high = 0;
  ImportedInterval parts;
};

/// A guard of the file's own rule as it was judged.
struct ImportedGuard {
  spec::GuardClause clause;
  std::optional<double> p_within, p_exceeds;  ///< nothing: the values were not reported
};

/// An arm's effect on a secondary metric, of own files.
struct ImportedSecondary {
  ImportedEffect effect;
  std::optional<double> baseline_score;
  std::optional<CheckStatus> status;  ///< recorded, of the registered clause on it
};

/// What is left of an arm's rows without the slices that fail.
struct ImportedNarrow {
  ImportedEffect effect;
  std::optional<ImportedInterval> interval;
  std::optional<ImportedDistance> to_threshold;
  bool guarded = true;  ///< the guards hold on those rows
  std::optional<double> s_noise;
  double limit = 0;                              ///< the greatest p that shows it
  std::map<std::string, double> counts, before;  ///< failures by category: the arm's and the baseline's
  std::optional<double> weighted_delta;          ///< by severity
  std::optional<CheckStatus> c5;                 ///< recorded: the categories on these rows
};

/// An effect on production's mix of one slice column; empty where it could not be measured.
struct ImportedOver {
  ImportedEffect effect;
  std::optional<ImportedInterval> interval;
};

struct ImportedArm {
  std::string id, name;
  bool control = false;
  std::optional<double> cost_per_1k_usd, score, weighted_score, latency_mean_ms, latency_p95_ms;
  std::vector<double> trials;                  ///< the mean score of each
  std::map<std::string, double> slice_scores;  ///< by slice id
  std::map<std::string, double> counts;        ///< failures by category id: rows, mean over trials
  std::optional<ImportedEffect> effect;        ///< never of the baseline
  std::map<std::string, ImportedEffect> slice_effects;
  // Files of itera alone have what follows.
  std::optional<ImportedInterval> interval;
  std::optional<double> p, p_holm, s_noise;
  std::optional<double> weighted_effect;     ///< by severity, on the rows that the baseline has too
  std::map<std::string, double> p_rise;      ///< exact, by category id: that it rose
  std::optional<double> sum_rise;            ///< the same of the sum of severity weight x failures
  std::map<std::string, ImportedOver> over;  ///< by slice column
  bool no_estimand = false;                  ///< the rule asks for an effect that the file does not have
  std::optional<ImportedDistance> to_threshold;
  std::vector<ImportedGuard> guards;
  std::map<std::string, ImportedSecondary> secondaries;  ///< by the metric's name
  std::optional<ImportedNarrow> narrow;
  std::optional<Outcome> outcome;
  bool blind = false;                           ///< recorded: the test could not have shown an effect
  std::map<std::string, CheckStatus> recorded;  ///< by check id the worst of its clauses
};

struct ImportedSlice {
  std::string id, name;
  std::string column, value;  ///< of `tier=smb`; an id without `=` is a value of the column `slice`
  std::optional<double> rows;
  std::string rows_from;  ///< the JSON path of that number
  bool major = true;
};

struct ImportedCategory {
  std::string id, name;
  double weight = 0;
};

/// A saved evidence document, of itera or of another program, as far as it was found sound: ids are unique
/// and refer to something, numbers are finite and in their range. Absent is what the file does not hold.
struct Imported {
  bool own = false;  ///< itera wrote it
  std::string experiment, question, metric, threshold_rule;
  std::optional<double> threshold_pct, test_rows, trials;
  std::vector<ImportedArm> arms;  ///< the baseline first, then one or more
  std::vector<ImportedSlice> slices;
  std::vector<ImportedCategory> categories;
  bool weighted = false;               ///< severity-weighted scores are given
  std::optional<spec::ShipRule> rule;  ///< of own files
  bool sum_clause = false;             ///< that rule has the clause on all categories together
  std::optional<std::string> chosen;   ///< of several arms that ship, the one that the ranking took
  // The verdict that stands in the file.
  bool has_verdict = false;
  std::optional<std::string> winner;
  std::vector<std::string> killed;
  std::optional<Outcome> outcome;
};

/// The JSON pointer of a member: the names escaped and joined (RFC 6901).
std::string pointer(std::initializer_list<std::string_view> names);

}  // namespace itera::verdict
