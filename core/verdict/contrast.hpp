#pragma once
#include <optional>

#include "core/plan/plan.hpp"
#include "core/verdict/measure.hpp"

namespace itera::verdict {

/// Not being worse by more than a margin is what the rule asks for: the threshold is zero or less.
bool non_inferiority(plan::Plan const& plan);
/// What the evidence is tested against: no effect, or the threshold itself, which a rule of non-inferiority
/// and one `by interval` ask to be passed.
bool tested_at_threshold(plan::Plan const& plan);

/// An effect held against a bound in score: its own interval, moved.
Distance distance_of(Measurement const& m, double limit, double confidence = 0.95);

/// The same against a bound that may be relative. A relative bound r is held against by the linear contrast
/// e_i = y_arm,i - (1 + r) y_baseline,i of the row means, with the interval of `stats::paired_effect` on e
/// scaled into [-1, 1]; at r = 0 that is the effect itself. `c2_of_whole` is for slices, `against` the arm
/// that `m` compares with. Nothing of it has a meaning where the measurement has no interval.
Distance distance_to(plan::Plan const& plan, Tally const& tally, std::size_t arm, Measurement const& m,
                     Rational bound, bool relative, std::optional<double> c2_of_whole = std::nullopt,
                     double confidence = 0.95, std::size_t against = 0);

/// `measure`, held against the rule's threshold; and the lift, where that is relative.
Measurement measure_by_rule(plan::Plan const& plan, Tally const& tally, std::size_t arm,
                            std::vector<std::size_t> const& rows,
                            std::optional<double> c2_of_whole = std::nullopt);

/// One-sided p of what C3 tests: no effect, or no effect beyond the threshold.
std::optional<double> deciding_p(plan::Plan const& plan, Measurement const& m);
/// The interval's high end lies under the threshold.
bool below_threshold_shown(Measurement const& m);
/// The interval's high end lies under zero, and the rule does not allow a loss: a loss within a registered
/// margin is what non-inferiority accepts, one beyond it is `below_threshold_shown`.
bool harm_shown(plan::Plan const& plan, Measurement const& m);
/// C3 is shown by one of plus-two's p, which decides, and the exact sign-flip's, and not by the other; both
/// are adjusted over the arms. False where the effect is tested at the threshold: signs are only as likely
/// as each other if there is no effect at all.
bool method_sensitive(plan::Plan const& plan, Measurement const& m, std::optional<double> p_adjusted,
                      std::optional<double> sign_flip_adjusted, double limit);
/// The effect's distance from what C2 holds against the noise: from zero, or from the margin.
double over_noise(plan::Plan const& plan, Measurement const& m);

/// Rows that show the threshold with 80% power at the spread seen here, if the true effect is the threshold
/// (is none, under non-inferiority; is the one seen, by interval). Nothing where no number of rows would, or
/// no spread was seen.
std::optional<double> rows_needed(plan::Plan const& plan, Measurement const& m);
/// The least effect (under non-inferiority and by interval: the least distance from the threshold) that
/// these rows could be expected to show, with 80% power.
std::optional<double> detectable(plan::Plan const& plan, Measurement const& m);

}  // namespace itera::verdict
