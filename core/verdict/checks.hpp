#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/plan/plan.hpp"
#include "core/split/distribution.hpp"
#include "core/verdict/decide.hpp"
#include "core/verdict/measure.hpp"

namespace itera::verdict {

/// One clause as it came out, with the numbers that it was judged on.
struct Check {
  std::string id;      ///< "C4"
  std::string clause;  ///< "every major tier >= -2pp by point: tier=smb"
  CheckStatus status = CheckStatus::not_applicable;
  std::string evidence;  ///< "+3.1pp [-0.4pp, +6.6pp] on 212 rows"
};

/// One value of a slice on test.
struct SliceResult {
  std::string column, value;
  double production_share = 0;
  bool major = false;
  Measurement measured;
  std::optional<CheckStatus> by_point, by_interval,
      by_harm;  ///< against the rule's floor; nothing without a clause
  std::optional<Rational> floor;
  bool relative = false;                             ///< the floor is a share of the baseline's score
  std::optional<Distance> to_floor;                  ///< only where that is so
  CheckStatus status = CheckStatus::not_applicable;  ///< in the registered mode
};

std::vector<SliceResult> measure_slices(plan::Plan const& plan, Tally const& tally, std::size_t arm,
                                        Measurement const& whole,
                                        std::vector<split::SliceValue> const& values);

Check check_effect(plan::Plan const& plan, Measurement const& m);
Check check_noise(plan::Plan const& plan, Measurement const& m);
/// `p_adjusted` is Holm's over the arms, and `sign_flip_adjusted` the exact cross-check's, which decides
/// nothing; `limit` is 0.025 unless the rows were picked by data.
Check check_evidence(plan::Plan const& plan, Measurement const& m, std::optional<double> p_adjusted,
                     double limit, std::optional<double> sign_flip_adjusted = std::nullopt);
/// One check for every slice value that a clause names, and one line that says so where there is no clause.
std::vector<Check> check_slices(plan::Plan const& plan, std::vector<SliceResult> const& slices);
/// "+3.1pp [-0.4pp, +6.6pp] on 212 rows"
std::string describe(Measurement const& m);
/// "-2pp" or "-2% of the baseline's score"
std::string floor_text(SliceResult const& slice);
/// fail beats unproven beats pass beats n/a.
CheckStatus worst(std::vector<Check> const& checks);

}  // namespace itera::verdict
