#pragma once
// Parts of the evidence document that evidence.cpp puts together.
#include <optional>

#include <nlohmann/json_fwd.hpp>

#include "core/plan/plan.hpp"
#include "core/report/evidence.hpp"
#include "core/verdict/conclude.hpp"

namespace itera::report {

/// {delta, ci_low, ci_high, n, excluded, baseline_score, arm_score}
nlohmann::json interval_json(verdict::Measurement const& m);
/// The effect's distance from the threshold, with what its p is made of; null without one.
nlohmann::json threshold_json(plan::Plan const& plan, verdict::Measurement const& m);
/// The lift and Fieller's interval; null unless the threshold is relative.
nlohmann::json lift_json(verdict::Measurement const& m);
/// The guards with the numbers that they were judged on.
nlohmann::json guards_json(std::vector<verdict::GuardResult> const& guards);
/// The secondary metrics: of each what every arm scored by it on dev and test, the effect with its interval
/// and the clause on it.
nlohmann::json secondaries_json(Evidence const& evidence);
/// By control: reading, evidence, effects with 90% and 95% intervals.
nlohmann::json controls_json(plan::Plan const& plan, verdict::Verdict const& v);
/// Mean, median and 95% quantile of the calls but the first, with order-statistic intervals; null without
/// any.
nlohmann::json latency_json(verdict::Tally const& tally, std::size_t arm);
/// The threshold in percentage points; a relative one as it came out on the measured rows, null before.
nlohmann::json threshold_points(plan::Plan const& plan, verdict::Verdict const* v);

}  // namespace itera::report
