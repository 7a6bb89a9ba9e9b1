#pragma once
#include <optional>
#include <vector>

#include "core/verdict/measure.hpp"

namespace itera::verdict {

/// Each arm's effect on dev, for what test is held against; parallel to the plan's arms. Nothing for the
/// baseline and where dev gives no interval. An arm's lineage was scored once on dev in this version: it runs
/// no iterations.
std::vector<std::optional<DevEffect>> dev_effects(plan::Plan const& plan, Tally const& dev);

}  // namespace itera::verdict
