#pragma once
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

/// The evidence document (data.json) as JUnit XML: one suite an arm, one case a clause, and a last case
/// `verdict`. What failed is a failure of type `fail`, what is not shown one of type `inconclusive`; a clause
/// that does not apply is skipped.
std::string junit(nlohmann::json const& evidence);

/// Text for an attribute or for content: mark-up escaped, what XML 1.0 cannot hold left out.
std::string xml_text(std::string_view text);
