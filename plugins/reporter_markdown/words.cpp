#include "words.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace {

using Json = nlohmann::json;

// `<` starts HTML only before a name, `/`, `!` or `?`; `a <= b` is left readable.
bool opens_html(std::string_view text, std::size_t at) {
  return text[at] == '<' && at + 1 < text.size() &&
         std::string_view(" =0123456789-").find(text[at + 1]) == std::string_view::npos;
}

// A bracket makes a link only with what follows it.
bool closes_link(std::string_view text, std::size_t at) {
  return text[at] == ']' && at + 1 < text.size() &&
         std::string_view("([:").find(text[at + 1]) != std::string_view::npos;
}

}  // namespace

std::string plain(std::string_view text) {
  std::string out;
  for (char const c : text) {
    if (c == '\n' || c == '\r') {
      out += ' ';
      continue;
    }
    if (std::string_view("\\`*_[]<>|#").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::string sentence(std::string_view text) {
  // Backquotes that do not pair up are somebody's text, not our quotes.
  if (std::count(text.begin(), text.end(), '`') % 2 != 0) return plain(text);
  std::string out;
  bool code = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char const c = text[i];
    if (c == '`') code = !code;
    bool const escaped = c == '|' || (!code && (std::string_view("\\*_").find(c) != std::string_view::npos ||
                                                opens_html(text, i) || closes_link(text, i)));
    if (escaped) out += '\\';
    out += c == '\n' || c == '\r' ? ' ' : c;
  }
  return out;
}

std::string text(Json const& value) {
  return value.is_string() ? value.get<std::string>() : value.is_null() ? "" : value.dump();
}

std::string at(Json const& object, char const* key) {
  return object.contains(key) ? text(object.at(key)) : "";
}

std::string percent(Json const& value) {
  return value.is_number() ? fmt::format("{:.1f}%", value.get<double>() * 100) : "n/a";
}

std::string points(Json const& value) {
  if (!value.is_number()) return "n/a";
  auto const out = fmt::format("{:+.1f}pp", value.get<double>() * 100);
  return out == "-0.0pp" ? "+0.0pp" : out;
}

std::string noise(Json const& value) {
  return value.is_number() ? fmt::format("{:.2f}pp", value.get<double>() * 100) : "n/a";
}

std::string interval(Json const& effect) {
  return effect.at("ci_low").is_number()
             ? fmt::format("[{}, {}]", points(effect.at("ci_low")), points(effect.at("ci_high")))
             : "n/a";
}

std::string shortened(Json const& value) {
  return value.is_number() ? fmt::format("{:.3g}", value.get<double>()) : "n/a";
}

std::string money(Json const& value) {
  return value.is_number() ? fmt::format("${:.4g}", value.get<double>()) : "not reported";
}
