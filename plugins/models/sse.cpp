#include "plugins/models/sse.hpp"

#include <algorithm>
#include <utility>

namespace itera::models {

std::vector<std::string> event_data(std::string_view body) {
  if (body.starts_with("\xEF\xBB\xBF")) body.remove_prefix(3);
  std::vector<std::string> out;
  std::string data;
  bool has_data = false;
  auto const dispatch = [&] {
    if (std::exchange(has_data, false)) out.push_back(std::exchange(data, {}));
  };
  for (std::size_t at = 0; at < body.size();) {
    auto const end = body.find_first_of("\r\n", at);
    if (end == body.npos) break;  // the line itself was cut off
    auto const line = body.substr(at, end - at);
    at = end + (body.substr(end, 2) == "\r\n" ? 2 : 1);
    if (line.empty()) {
      dispatch();
    } else if (line.starts_with("data:") || line == "data") {
      auto value = line.substr(std::min<std::size_t>(5, line.size()));
      if (value.starts_with(' ')) value.remove_prefix(1);
      if (std::exchange(has_data, true)) data += '\n';
      data += value;
    }
  }
  dispatch();
  return out;
}

}  // namespace itera::models
