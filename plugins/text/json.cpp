#include "plugins/text/json.hpp"

#include "plugins/text/answers.hpp"

namespace itera::text {
namespace {

constexpr std::size_t kDepth = 128;

bool too_deep(std::string_view text) {
  std::size_t depth = 0;
  bool inside = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto const c = text[i];
    if (inside) {
      if (c == '\\') ++i;
      inside = c != '"';
    } else if (c == '"') {
      inside = true;
    } else if (c == '[' || c == '{') {
      if (++depth > kDepth) return true;
    } else if (c == ']' || c == '}') {
      if (depth > 0) --depth;
    }
  }
  return false;
}

// "[json.exception.parse_error.101] parse error at line 1, column 2: ..." without its code.
std::string plain(std::string_view what) {
  if (auto const at = what.find("] "); what.starts_with("[json.exception") && at != what.npos)
    what.remove_prefix(at + 2);
  return one_line(what.substr(0, 200));
}

}  // namespace

std::variant<nlohmann::json, NoJson> read_json(std::string_view text) {
  if (text.find_first_not_of(" \t\r\n") == text.npos) return NoJson{"it is empty"};
  if (too_deep(text)) return NoJson{"it is nested more than 128 levels deep"};
  try {
    return nlohmann::json::parse(text);
  } catch (nlohmann::json::exception const& e) {
    return NoJson{plain(e.what())};
  }
}

std::string quoted_json(nlohmann::json const& value) {
  return in_quotes(value.dump());
}

}  // namespace itera::text
