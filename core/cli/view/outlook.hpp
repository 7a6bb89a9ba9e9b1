#pragma once
#include <iosfwd>

#include <nlohmann/json_fwd.hpp>

#include "core/cli/view/plan.hpp"

namespace itera::cli::view {

/// What the whole rule would do, by simulation, and whether the test is large enough to run.
void human_outlook(std::ostream& out, PlanView const& view);
nlohmann::json outlook_json(PlanView const& view);

}  // namespace itera::cli::view
