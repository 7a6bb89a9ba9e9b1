#pragma once
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "core/plan/plan.hpp"

namespace itera::plan {

/// What the first lock covers: question, hypothesis, metrics and judges, categories, ship rule, split policy,
/// seed, trials. Part of the format on disk.
nlohmann::json frame_json(Plan const& plan);
/// What the second lock adds: source, row mapping with severity, sample, traffic, arms and controls,
/// overrides, budget.
nlohmann::json registration_json(Plan const& plan);
/// plan.json: both groups with their digests, and beside them the sprints, which no digest covers: iterations
/// are added after the second lock.
nlohmann::json to_json(Plan const& plan);

std::string frame_digest(Plan const& plan);
/// Over both groups.
std::string plan_digest(Plan const& plan);
/// What a prepared folder or a stored answer of this arm depends on.
std::string arm_digest(PlannedArm const& arm);

}  // namespace itera::plan
