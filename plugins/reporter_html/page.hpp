#pragma once
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "rows.hpp"

namespace itera::html {

/// The whole of conclusion.html: one document that loads nothing, and whose policy lets no other script or
/// style than its own run.
std::string page(nlohmann::json const& evidence, Selection const& rows);

}  // namespace itera::html
