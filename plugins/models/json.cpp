#include "plugins/models/json.hpp"

#include <algorithm>

#include <itera/sdk/error.hpp>

namespace itera::models {

Json const* at(Json const& value, std::string const& pointer) {
  Json::json_pointer const path(pointer);
  // contains() throws on an array index that is too large for a number.
  try {
    if (!value.contains(path)) return nullptr;
    auto const& found = value.at(path);
    return found.is_null() ? nullptr : &found;
  } catch (Json::exception const&) {
    return nullptr;
  }
}

std::string text_at(Json const& value, std::string const& pointer) {
  auto const* found = at(value, pointer);
  return found && found->is_string() ? found->get<std::string>() : std::string();
}

std::uint64_t count_at(Json const& value, std::string const& pointer) {
  auto const* found = at(value, pointer);
  return found && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

std::string checked_pointer(std::string const& setting, std::string const& pointer) {
  try {
    Json::json_pointer const path(pointer);
  } catch (Json::exception const&) {
    throw sdk::Invalid("`" + setting + "` is no JSON pointer: `" + pointer + "`",
                       "write the way to the value as in `/answer/label`; `/0` is the first of a list");
  }
  return pointer;
}

Json parsed_setting(std::string const& setting, std::string const& text) {
  try {
    return Json::parse(text);
  } catch (Json::parse_error const& error) {
    auto const before = std::string_view(text).substr(0, error.byte > 0 ? error.byte - 1 : 0);
    auto const line = 1 + std::count(before.begin(), before.end(), '\n');
    auto const last = before.rfind('\n');
    auto const column = before.size() - (last == before.npos ? 0 : last + 1) + 1;
    throw sdk::Invalid(
        "`" + setting + "`:" + std::to_string(line) + ":" + std::to_string(column) + ": this is no JSON",
        "write JSON, or name a file that holds it: `" + setting + " = file(\"...\")`");
  }
}

std::string shown(std::string_view text) {
  constexpr std::size_t kMost = 300;
  std::string out;
  std::size_t characters = 0;
  for (char const c : text) {
    bool const starts = (c & '\xC0') != '\x80';
    if (starts && ++characters > kMost) return out + "...";
    auto const byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7F)
      out += c;
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  }
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

}  // namespace itera::models
