#include "core/base/json.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace itera {
namespace {

constexpr int kMaxDepth = 200;

// Depth by a scan that knows strings, so that a hostile document cannot exhaust the stack of the parser.
bool too_deep(std::string_view text) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char const c = text[i];
    if (quoted) {
      if (c == '\\')
        ++i;
      else if (c == '"')
        quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{' || c == '[') {
      if (++depth > kMaxDepth) return true;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return false;
}

void walk(nlohmann::json const* from, nlohmann::json const* to, std::string const& path,
          std::vector<std::string>& out) {
  if (from && to && from->is_object() && to->is_object()) {
    for (auto const& [key, value] : from->items()) {
      auto const it = to->find(key);
      walk(&value, it == to->end() ? nullptr : &*it, fmt::format("{}/{}", path, key), out);
    }
    for (auto const& [key, value] : to->items())
      if (!from->contains(key)) walk(nullptr, &value, fmt::format("{}/{}", path, key), out);
    return;
  }
  if (from && to && *from == *to) return;
  if (from && to && from->is_array() && to->is_array() && from->size() == to->size()) {
    for (std::size_t i = 0; i < from->size(); ++i)
      walk(&(*from)[i], &(*to)[i], fmt::format("{}/{}", path, i), out);
    return;
  }
  auto const show = [](nlohmann::json const* v) { return v ? canonical(*v) : std::string("(absent)"); };
  out.push_back(fmt::format("{}: {} -> {}", path.empty() ? "/" : path, show(from), show(to)));
}

}  // namespace

std::string canonical(nlohmann::json const& document) {
  return document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Result<nlohmann::json> parse_json(std::string_view text, std::string_view where) {
  if (too_deep(text))
    return fail(ErrorClass::invalid, fmt::format("{}: JSON nested deeper than {}", where, kMaxDepth));
  try {
    return nlohmann::json::parse(text);
  } catch (nlohmann::json::parse_error const& e) {
    return fail(ErrorClass::invalid, fmt::format("{}: not JSON (at byte {})", where, e.byte));
  } catch (nlohmann::json::out_of_range const&) {
    return fail(ErrorClass::invalid, fmt::format("{}: a number is too large", where));
  }
}

std::vector<std::string> describe_changes(nlohmann::json const& from, nlohmann::json const& to) {
  std::vector<std::string> out;
  walk(&from, &to, "", out);
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace itera
