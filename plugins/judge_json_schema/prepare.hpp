#pragma once
#include <functional>
#include <string>

#include <nlohmann/json.hpp>

// The names under which keywords of our own stand in for those that the validation library would execute with
// std::regex, which overruns the stack on long texts and needs exponential time on some, or in quadratic
// time.
inline constexpr char kPattern[] = "x-itera-pattern";
inline constexpr char kFormat[] = "x-itera-format";
inline constexpr char kUniqueItems[] = "x-itera-unique-items";

/// The schema as the validation library gets it: the three keywords renamed where they are keywords (and not
/// names of properties), `true` and `false` written as schemas, `$id` of the whole left out.
/// Throws sdk::Invalid, naming the place, for what would not be executed or not end: a keyword of a later
/// draft than 7, `patternProperties`, a `$ref` to anything outside of the document or to nothing in it, a
/// circle of references that never reaches a part of the answer. `warn` gets a sentence about each format
/// that is not checked.
nlohmann::json prepared(nlohmann::json const& schema, std::function<void(std::string const&)> const& warn);

/// Whether texts of this format are checked: date, time, date-time, uuid, ipv4, ipv6.
bool is_checked_format(std::string const& format);
