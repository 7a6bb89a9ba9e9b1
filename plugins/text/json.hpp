#pragma once
#include <string>
#include <string_view>
#include <variant>

#include <nlohmann/json.hpp>

namespace itera::text {

/// Why a text is no JSON that is taken: one line with line and column.
struct NoJson {
  std::string why;
};

/// One JSON document, at most 128 levels deep, because what reads it further descends level by level. Of
/// members with the same name the last counts.
std::variant<nlohmann::json, NoJson> read_json(std::string_view text);

/// `value` as JSON text for a reason, shortened.
std::string quoted_json(nlohmann::json const& value);

}  // namespace itera::text
