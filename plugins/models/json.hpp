#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace itera::models {

using Json = nlohmann::ordered_json;  // bodies and rows keep the order in which they were written

/// Compact; bytes that are no UTF-8 become replacement characters.
inline std::string dump(Json const& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// What stands at a JSON pointer; nothing if nothing does or it is null. Precondition: `pointer` is one.
Json const* at(Json const& value, std::string const& pointer);
/// The text at a pointer; empty if there is none.
std::string text_at(Json const& value, std::string const& pointer);
/// The whole number at a pointer; 0 if there is none that is >= 0.
std::uint64_t count_at(Json const& value, std::string const& pointer);

/// `pointer` if it is a JSON pointer (empty, or beginning with `/`). Throws sdk::Invalid.
std::string checked_pointer(std::string const& setting, std::string const& pointer);

/// The JSON value that the text of a setting holds. Throws sdk::Invalid, with line and column if it is none.
Json parsed_setting(std::string const& setting, std::string const& text);

/// A text that a model or a server wrote, for an error message: one line, at most 300 characters.
std::string shown(std::string_view text);

}  // namespace itera::models
