#pragma once
#include <iosfwd>

#include "core/engine/labels.hpp"

namespace itera::cli::view {

void human_labels(std::ostream& out, engine::LabelReport const& report);
void json_labels(std::ostream& out, engine::LabelReport const& report);

}  // namespace itera::cli::view
