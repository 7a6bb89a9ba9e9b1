#include "prepare.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include <fmt/format.h>
#include <itera/sdk/plugin.hpp>

#include "plugins/text/answers.hpp"

namespace {

using Json = nlohmann::json;
using itera::sdk::Invalid;

constexpr std::size_t kMostTargets = 500;  // of `$ref`: the library descends into them one by one
constexpr std::size_t kLongestChain = 32;  // of schemas that speak of the same value

template <std::size_t N>
bool among(std::array<std::string_view, N> const& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

constexpr std::array<std::string_view, 12> kNotExecuted = {
    "patternProperties", "prefixItems",      "unevaluatedItems", "unevaluatedProperties",
    "dependentRequired", "dependentSchemas", "minContains",      "maxContains",
    "$dynamicRef",       "$recursiveRef",    "$anchor",          "$dynamicAnchor"};
constexpr std::array<std::string_view, 4> kData = {"enum", "const", "default", "examples"};
constexpr std::array<std::string_view, 4> kMapsOfSchemas = {"properties", "definitions", "$defs",
                                                            "dependencies"};
constexpr std::array<std::string_view, 4> kListsOfSchemas = {"allOf", "anyOf", "oneOf", "items"};
constexpr std::array<std::string_view, 7> kSchemas = {"not",   "if",       "then",         "else",
                                                      "items", "contains", "propertyNames"};
// Of these, the ones that speak of the same value as the schema that they stand in.
constexpr std::array<std::string_view, 4> kSameValueInside = {"allOf", "anyOf", "oneOf", "dependencies"};
constexpr std::array<std::string_view, 4> kSameValue = {"not", "if", "then", "else"};

std::string place(Json::json_pointer const& at) {
  return at.empty() ? std::string("`schema`") : "`schema` at " + itera::text::in_quotes(at.to_string());
}

class Preparation {
 public:
  explicit Preparation(std::function<void(std::string const&)> const& warn) : warn_(warn) {}

  Json schema(Json const& in, Json::json_pointer const& at) {
    if (in.is_boolean()) return in.get<bool>() ? Json::object() : Json{{"not", Json::object()}};
    if (!in.is_object()) throw Invalid(place(at) + " is no schema: it must be an object, true or false");
    Json out = Json::object();
    for (auto const& [name, value] : in.items()) keyword(out, name, value, at);
    return out;
  }

 private:
  void keyword(Json& out, std::string const& name, Json const& value, Json::json_pointer const& at) {
    if (among(kNotExecuted, name))
      throw Invalid(fmt::format("{} uses `{}`, which judge `json_schema` does not execute", place(at), name),
                    "it knows the keywords of JSON Schema draft 7 but `patternProperties`");
    if (name == "$id" && !at.empty())
      throw Invalid(fmt::format("{} uses `$id`, which judge `json_schema` knows at the top only", place(at)),
                    "refer to it by its place, for example `#/definitions/name`");
    if (name == "$id" || name == "$schema") return;
    if (name == "$ref") reference(value, at);
    if (name == "format" && value.is_string() && !is_checked_format(value.get<std::string>()))
      warn_(fmt::format("{}: format {} is not checked", place(at / name),
                        itera::text::in_quotes(value.get<std::string>())));
    out[renamed(name, value)] = among(kData, name) ? value : inner(name, value, at / name);
  }

  static std::string renamed(std::string const& name, Json const& value) {
    if (name == "pattern" && value.is_string()) return kPattern;
    if (name == "format" && value.is_string()) return kFormat;
    if (name == "uniqueItems" && value.is_boolean()) return kUniqueItems;
    return name;
  }

  // Keywords that are not known are read as schemas too, because a `$ref` may lead into them.
  Json inner(std::string const& name, Json const& value, Json::json_pointer const& at) {
    if (value.is_boolean()) return among(kSchemas, name) ? schema(value, at) : value;
    if (value.is_object() && !among(kMapsOfSchemas, name)) return schema(value, at);
    if (!value.is_structured()) return value;
    bool const flags_are_schemas = value.is_object() || among(kListsOfSchemas, name);
    auto out = value;
    for (auto part = out.begin(); part != out.end(); ++part) {
      auto const here =
          value.is_object() ? at / part.key() : at / static_cast<std::size_t>(part - out.begin());
      if (part->is_object() || (part->is_boolean() && flags_are_schemas)) *part = schema(*part, here);
    }
    return out;
  }

  void reference(Json const& value, Json::json_pointer const& at) {
    auto const target = value.is_string() ? value.get<std::string>() : std::string();
    if (target != "#" && !target.starts_with("#/"))
      throw Invalid(fmt::format("{} refers to {}, which is outside of the schema and never fetched",
                                place(at), itera::text::in_quotes(target)),
                    "copy it under `definitions` and refer to it as `#/definitions/name`");
    targets_.insert(target);
    if (targets_.size() > kMostTargets)
      throw Invalid(fmt::format("`schema` refers to more than {} places", kMostTargets));
  }

  std::function<void(std::string const&)> const& warn_;
  std::set<std::string> targets_;
};

// Whether checking one value would come back to the same schema with the same value.
class Circles {
 public:
  explicit Circles(Json const& root) : root_(root) {}

  void everywhere(Json const& node) {
    visit(node);
    if (node.is_object()) {
      for (auto const& [name, part] : node.items())
        if (!among(kData, name)) everywhere(part);
    } else if (node.is_array()) {
      for (auto const& part : node) everywhere(part);
    }
  }

 private:
  void visit(Json const& node) {
    if (!node.is_object() || done_.contains(&node)) return;
    if (!open_.insert(&node).second)
      throw Invalid("`schema` refers to itself in a circle that never reaches a part of the answer",
                    "let the circle pass through `properties` or `items`");
    if (open_.size() > kLongestChain)
      throw Invalid(fmt::format(
          "`schema` has a chain of more than {} schemas that all speak of the same value", kLongestChain));
    if (auto const ref = node.find("$ref"); ref != node.end() && ref->is_string()) {
      visit(target(ref->get<std::string>()));
    } else {
      for (auto const name : kSameValue)
        if (auto const found = node.find(name); found != node.end()) visit(*found);
      for (auto const name : kSameValueInside)
        if (auto const found = node.find(name); found != node.end())
          for (auto const& part : *found) visit(part);
    }
    open_.erase(&node);
    done_.insert(&node);
  }
  Json const& target(std::string const& ref) const {
    try {
      return root_.at(Json::json_pointer(ref.substr(1)));
    } catch (Json::exception const&) {
      throw Invalid(
          fmt::format("`schema` refers to {}, which it does not hold", itera::text::in_quotes(ref)));
    }
  }

  Json const& root_;
  std::set<Json const*> open_, done_;
};

}  // namespace

nlohmann::json prepared(nlohmann::json const& schema, std::function<void(std::string const&)> const& warn) {
  auto out = Preparation(warn).schema(schema, Json::json_pointer());
  Circles(out).everywhere(out);
  return out;
}

bool is_checked_format(std::string const& format) {
  static constexpr std::array<std::string_view, 6> known = {"date", "time", "date-time",
                                                            "uuid", "ipv4", "ipv6"};
  return among(known, format);
}
