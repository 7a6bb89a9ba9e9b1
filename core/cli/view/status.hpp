#pragma once
#include <iosfwd>

#include "core/engine/status.hpp"

namespace itera::cli::view {

void human_status(std::ostream& out, engine::Standing const& standing);
void json_status(std::ostream& out, engine::Standing const& standing);

}  // namespace itera::cli::view
