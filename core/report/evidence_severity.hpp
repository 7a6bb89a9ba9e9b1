#pragma once
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "core/report/evidence.hpp"

namespace itera::report {

/// Parts of the evidence document that weigh rows and failures. All of them need a pass on test.

/// The `severity` object; null without a severity.
nlohmann::json severity_json(Evidence const& evidence);
/// Adds to `failure_modes` what the exact tests and intervals say of each category on each arm.
void add_category_effects(nlohmann::json& failure_modes, Evidence const& evidence);
/// The effect on production's mix, one element for each slice column.
nlohmann::json over_traffic_json(plan::Plan const& plan, verdict::ArmVerdict const& arm);
/// What dev promised more than test kept, and where the spread comes from; each null if it is not known.
nlohmann::json gap_json(verdict::ArmVerdict const& arm);
nlohmann::json spread_json(verdict::ArmVerdict const& arm);
/// Which of several arms that ship was taken; null if they are fewer than two.
nlohmann::json ranking_json(plan::Plan const& plan, verdict::Verdict const& verdict);

/// The same for people, a sentence each: the gap between dev and test, trials against rows, and, where it
/// matters, production's mix.
std::vector<std::string> remarks(plan::Plan const& plan, verdict::ArmVerdict const& arm);

}  // namespace itera::report
