#include "core/host/settings_schema.hpp"

#include <algorithm>
#include <cctype>
#include <optional>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/json.hpp"

namespace itera::host {
namespace {

using Json = nlohmann::ordered_json;  // settings are shown in the order in which the author wrote them
using ports::SettingSchema, ports::SettingType;

// Thrown and caught in this file only: the schema is read by a dozen small steps, and the first fault ends
// them all.
struct Fault {
  std::string what;
};

bool is_name(std::string const& name) {
  auto const letter = [](char c) { return c == '_' || (c >= 'a' && c <= 'z'); };
  return !name.empty() && letter(name.front()) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

template <class T>
T member(Json const& property, std::string const& name, char const* key, T fallback) {
  if (!property.contains(key)) return fallback;
  try {
    return property.at(key).get<T>();
  } catch (Json::exception const&) {
    throw Fault{fmt::format("`{}` of setting `{}` has the wrong type", key, name)};
  }
}

SettingType type_of(Json const& property, std::string const& name) {
  auto const type = member<std::string>(property, name, "type", "");
  if (type == "string") {
    if (property.contains("enum")) return SettingType::choice;
    return member(property, name, "x-file", false) ? SettingType::file : SettingType::text;
  }
  if (type == "number") return SettingType::number;
  if (type == "integer") return SettingType::integer;
  if (type == "boolean") return SettingType::flag;
  if (type == "array") return SettingType::words;
  throw Fault{
      fmt::format("setting `{}` has {}", name, type.empty() ? "no `type`" : "unknown type `" + type + "`")};
}

std::optional<double> bound(Json const& property, std::string const& name, char const* key) {
  if (!property.contains(key)) return std::nullopt;
  return member(property, name, key, 0.0);
}

bool fits(Json const& value, SettingSchema const& setting) {
  switch (setting.type) {
    case SettingType::text:
    case SettingType::file:
      return value.is_string();
    case SettingType::number:
      return value.is_number();
    case SettingType::integer:
      return value.is_number_integer();
    case SettingType::flag:
      return value.is_boolean();
    case SettingType::choice:
      return value.is_string() &&
             std::count(setting.choices.begin(), setting.choices.end(), value.get<std::string>()) > 0;
    case SettingType::words:
      return value.is_array() &&
             std::all_of(value.begin(), value.end(), [](Json const& word) { return word.is_string(); });
  }
  return false;
}

SettingSchema read_setting(std::string const& name, Json const& property) {
  if (!is_name(name))
    throw Fault{fmt::format("`{}` cannot be the name of a setting (lower-case letters, digits and _)", name)};
  if (!property.is_object()) throw Fault{fmt::format("setting `{}` is no object", name)};
  SettingSchema out;
  out.name = name;
  out.type = type_of(property, name);
  out.secret = member(property, name, "x-secret", false);
  out.names_files = member(property, name, "x-names-files", false);
  out.is_template = member(property, name, "x-template", false);
  out.template_names = member(property, name, "x-template-names", std::vector<std::string>());
  out.unit = member<std::string>(property, name, "x-unit", "");
  out.dimension = member<std::string>(property, name, "x-dimension", "");
  out.help = member<std::string>(property, name, "description", "");
  out.minimum = bound(property, name, "minimum");
  out.maximum = bound(property, name, "maximum");
  if (out.type == SettingType::choice)
    out.choices = member(property, name, "enum", std::vector<std::string>());
  if (out.type == SettingType::choice && out.choices.empty())
    throw Fault{fmt::format("`enum` of setting `{}` is empty", name)};
  if (!out.unit.empty() && out.unit != "usd" && out.unit != "ms" && out.unit != "s")
    throw Fault{fmt::format("setting `{}` has unknown unit `{}` (usd, ms or s)", name, out.unit)};
  if (!property.contains("default") || property.at("default").is_null()) return out;
  if (out.secret) throw Fault{fmt::format("secret setting `{}` has a default", name)};
  if (!fits(property.at("default"), out))
    throw Fault{fmt::format("the default of setting `{}` does not fit its type", name)};
  out.default_json = canonical(nlohmann::json(property.at("default")));
  return out;
}

std::vector<SettingSchema> read_schema(Json const& schema) {
  if (!schema.is_object()) throw Fault{"it is no object"};
  std::vector<SettingSchema> out;
  auto const properties = schema.value("properties", Json::object());
  if (!properties.is_object()) throw Fault{"`properties` is no object"};
  for (auto const& [name, property] : properties.items()) out.push_back(read_setting(name, property));
  for (auto const& name : member(schema, "schema", "required", std::vector<std::string>())) {
    auto const found =
        std::find_if(out.begin(), out.end(), [&](auto const& setting) { return setting.name == name; });
    if (found == out.end()) throw Fault{fmt::format("`required` names `{}`, which is no property", name)};
    found->required = true;
  }
  return out;
}

}  // namespace

Result<std::vector<SettingSchema>> read_settings_schema(std::string_view json, std::string_view who) {
  constexpr auto help = "correct `settings_schema` of the plugin's descriptor";
  auto const broken = [&](std::string_view what) {
    return fail(ErrorClass::plugin, fmt::format("{}: broken settings schema: {}", who, what), help);
  };
  if (auto const checked = parse_json(json, who); !checked)
    return fail(ErrorClass::plugin, fmt::format("{} (its settings schema)", checked.error().what), help);
  try {
    return read_schema(Json::parse(json));
  } catch (Fault const& fault) {
    return broken(fault.what);
  } catch (Json::exception const&) {
    return broken("a member has the wrong type");
  }
}

}  // namespace itera::host
