#pragma once
#include <iosfwd>

#include "core/engine/status.hpp"

namespace itera::cli::view {

void human_status(std::ostream& out, engine::StatusReport const& report);
void json_status(std::ostream& out, engine::StatusReport const& report);

}  // namespace itera::cli::view
