#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/stats/decomposition.hpp"
#include "core/stats/gap.hpp"
#include "core/verdict/categories.hpp"
#include "core/verdict/checks.hpp"
#include "core/verdict/control.hpp"
#include "core/verdict/guards.hpp"
#include "core/verdict/production.hpp"
#include "core/verdict/ranking.hpp"
#include "core/verdict/severity.hpp"

namespace itera::verdict {

/// What C0 rests on; computed from the ledger and the records, never asserted.
struct Integrity {
  std::vector<std::string> broken;  ///< why the experiment is invalid; empty: it is not
  std::string evidence;             ///< for a reader, when nothing is broken
  /// Arms, as indices into the plan's, to which test was foretold to be blind and was opened all the same.
  /// Test is blind to them indeed if fewer rows differ than can show an effect.
  std::vector<std::size_t> foretold_blind{};
};

/// One arm on test, clause by clause.
struct ArmVerdict {
  std::size_t arm = 0;
  Measurement measured;
  /// Against the arm that it derives from, where that is not the baseline: what its one change is worth.
  std::optional<Measurement> against_parent;
  std::optional<double> p_holm;
  std::optional<double>
      sign_flip_holm;             ///< decides nothing; nothing where the effect is tested at the threshold
  bool method_sensitive = false;  ///< C3 holds by one of the two and does not by the other
  std::vector<SliceResult> slices;
  std::vector<GuardResult> guards;
  std::vector<SecondaryResult> secondaries;
  std::vector<Check> checks;  ///< C0..C7 in order
  Decision decision;
  std::vector<std::string>
      narrow_scope;  ///< slice values that it ships for, "tier=smb"; only if shipped narrowly
  std::vector<std::string> narrow_excludes;
  /// The rows that are left without the failing slices, where they are at least 20% of production, and the
  /// greatest p that shows an effect on them: the slices were picked by data.
  std::optional<Measurement> narrowed;
  CheckStatus narrow_guards = CheckStatus::not_applicable;  ///< the worst of the guards on those rows
  double narrow_limit = 0;
  /// Rows that a test would need to show the threshold (80% power) at the spread seen here, and the least
  /// effect that this test could show (contrast.hpp); nothing where no spread was seen.
  std::optional<double> rows_needed, detectable;
  /// What C1 to C3 judge where the rule asks for another estimand than the effect on the rows of test.
  std::optional<Measurement> estimand;
  std::vector<TrafficEffect> traffic;  ///< for each slice column
  std::optional<Weighted> weighted, narrowed_weighted;
  CheckStatus narrowed_c5 = CheckStatus::not_applicable;  ///< the categories on what is left
  CategoryResults categories;
  std::optional<stats::Gap> gap;               ///< nothing where dev is not known
  std::optional<stats::Decomposition> spread;  ///< nothing with one trial or no spread
};

/// The measurement that C1 to C3 judge.
inline Measurement const& decisive(ArmVerdict const& v) {
  return v.estimand ? *v.estimand : v.measured;
}

struct Verdict {
  Outcome outcome = Outcome::invalid;
  std::optional<std::size_t> winner;  ///< index into `arms`
  std::vector<ArmVerdict> arms;       ///< the candidate arms in the plan's order
  std::vector<ControlResult> controls;
  std::string decided_by;          ///< the deciding clause of the arm that set the outcome
  std::optional<Ranking> ranking;  ///< of the arms that ship, if they are several
};

/// The registered rule on the test pass, arm by arm. Adds to `integrity` what the tally shows: more than 2%
/// of rows without a score, or scores missing more in one arm than in the other (exact McNemar p < .05).
/// Controls are read beside it and decide nothing, so what is missing of them breaks nothing.
Verdict conclude(plan::Plan const& plan, Tally const& test, std::vector<split::SliceValue> const& slices,
                 Integrity integrity);

}  // namespace itera::verdict
