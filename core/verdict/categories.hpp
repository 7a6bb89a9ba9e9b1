#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/verdict/checks.hpp"

namespace itera::verdict {

/// A failure category on the rows that arm and baseline have, or all of them together as the sum of severity
/// weight x failures.
struct CategoryResult {
  double before = 0, now = 0;  ///< the baseline's and the arm's: rows, mean over the trials
  std::uint64_t of_rows = 0;   ///< rows that were measured
  /// Difference of the rates, plus-two; the sum's is not on the scale of a rate and has none.
  std::optional<stats::PairedEffect> rate;
  /// Exact sign-flip over rows (entities): one-sided that it rose, and two-sided. Nothing where the sums are
  /// too large to be enumerated.
  std::optional<double> p_rise, p_two_sided;
  std::int64_t total = 0;  ///< now - before, exact, in units that only its sign depends on
};

struct CategoryResults {
  std::vector<CategoryResult> categories;  ///< parallel to the plan's
  std::optional<CategoryResult> sum;       ///< nothing with fewer than two categories
  bool untagged = false;  ///< rows failed and the judge named no category: the counts show nothing
};

CategoryResults measure_categories(plan::Plan const& plan, Tally const& tally, std::size_t arm,
                                   Measurement const& m, std::size_t against = 0);

/// C5: one check for the most severe category, every category that the rule names, and the sum over all.
std::vector<Check> check_categories(plan::Plan const& plan, CategoryResults const& results);

/// C5's comparison with other arms: of two that ship and differ by less than the threshold, the one with the
/// higher sum of severity weight x failures, and more of it to a failure, has shifted its errors and loses.
/// `shipping` are arms of the plan; the answer is a failing check, or nothing.
std::optional<Check> milder_arm(plan::Plan const& plan, Tally const& tally, std::size_t arm,
                                std::vector<std::size_t> const& shipping);

}  // namespace itera::verdict
