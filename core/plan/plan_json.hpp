#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "core/plan/plan.hpp"

namespace itera::plan {

/// What the first lock covers: question, hypothesis, metric and judge, categories, ship rule, split policy, seed,
/// trials. Part of the format on disk.
nlohmann::json frame_json(Plan const& plan);
/// What the second lock adds: source, row mapping, sample, arms.
nlohmann::json registration_json(Plan const& plan);
/// plan.json: both groups with their digests.
nlohmann::json to_json(Plan const& plan);

std::string frame_digest(Plan const& plan);
/// Over both groups.
std::string plan_digest(Plan const& plan);
/// What a prepared folder or a stored answer of this arm depends on.
std::string arm_digest(PlannedArm const& arm);

}  // namespace itera::plan
