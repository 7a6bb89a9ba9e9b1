#include "core/host/line_match.hpp"

#include <nlohmann/json.hpp>

#include "core/base/json.hpp"

namespace itera::host {

bool is_reply(std::string_view line, std::string_view id) {
  auto const start = line.find_first_not_of(" \t\r");
  if (start == line.npos || line[start] != '{') return false;
  auto const document = parse_json(line, "reply");
  if (!document || !document->is_object()) return false;
  auto const found = document->find("id");
  if (found == document->end()) return false;
  if (found->is_string()) return found->get_ref<std::string const&>() == id;
  return found->is_number_integer() && found->dump() == id;
}

}  // namespace itera::host
