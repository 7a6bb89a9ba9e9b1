#include "core/base/json_text.hpp"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

#include "core/base/json.hpp"

namespace itera {
namespace {

bool is_plain(char c) {
  auto const byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x80 && c != '"' && c != '\\';
}

}  // namespace

void append_json(std::string& out, std::string_view text) {
  if (!std::all_of(text.begin(), text.end(), is_plain)) {
    out += canonical(nlohmann::json(text));
    return;
  }
  out += '"';
  out += text;
  out += '"';
}

void append_json(std::string& out, double number) {
  // The scores of nearly every cell.
  if (number == 0 && !std::signbit(number))
    out += "0.0";
  else if (number == 1)
    out += "1.0";
  else
    out += nlohmann::json(number).dump();
}

}  // namespace itera
