#pragma once
#include <iosfwd>

#include "core/engine/doctor.hpp"

namespace itera::cli::view {

void human_health(std::ostream& out, engine::Health const& health);
void json_health(std::ostream& out, engine::Health const& health);
void human_salvage(std::ostream& out, engine::Salvage const& salvage);
void json_salvage(std::ostream& out, engine::Salvage const& salvage);

}  // namespace itera::cli::view
