#pragma once
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/ports/plugin_info.hpp"

namespace itera::host {

/// Reads a descriptor's JSON Schema: {"type": "object", "properties": {name: {type, enum, default, minimum,
/// maximum, description, x-unit, x-secret, x-dimension, x-file, x-names-files}}, "required": [name]}.
/// Settings come back in the order of the properties. Keywords that are not listed are ignored, so that a
/// plugin may be newer than the host. Errors (class `plugin`) start with `who`.
Result<std::vector<ports::SettingSchema>> read_settings_schema(std::string_view json, std::string_view who);

}  // namespace itera::host
