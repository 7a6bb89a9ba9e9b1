#pragma once
#include <string>

#include <nlohmann/json_fwd.hpp>

/// The evidence document (data.json) as Markdown, nine sections. Every number comes from the document;
/// nothing is computed here but rounding.
std::string conclusion(nlohmann::json const& evidence);
