#include "html.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "plugins/drawing/svg.hpp"

namespace itera::html {
namespace {

using Json = nlohmann::json;

std::size_t length_of(unsigned char lead) {
  return lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

char32_t decode(std::string_view bytes) {
  auto const at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  if (bytes.size() == 1) return at(0);
  char32_t out = at(0) & (0x7FU >> bytes.size());
  for (std::size_t i = 1; i < bytes.size(); ++i) out = (out << 6) | (at(i) & 0x3FU);
  return out;
}

bool turns_direction(char32_t c) {
  return c == 0x61C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069);
}

bool is_control(char32_t c) {
  return (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029;
}

}  // namespace

std::string visible(std::string_view text, std::size_t most) {
  std::string out;
  std::size_t points = 0;
  for (std::size_t i = 0; i < text.size();) {
    auto const one = text.substr(i, length_of(static_cast<unsigned char>(text[i])));
    i += one.size();
    if (most > 0 && ++points > most) return out + "…";
    auto const c = decode(one);
    if (turns_direction(c) || is_control(c))
      out += fmt::format("[U+{:04X}]", static_cast<std::uint32_t>(c));
    else
      out += one;
  }
  return out;
}

std::string escape(std::string_view text) {
  return itera::drawing::markup(visible(text));
}

std::string isolated(std::string_view text) {
  return "<bdi>" + escape(text) + "</bdi>";
}

std::string sentence(std::string_view text) {
  std::string out;
  while (true) {
    auto const open = text.find('`');
    auto const close = open == text.npos ? text.npos : text.find('`', open + 1);
    if (close == text.npos) return out + escape(text);
    out +=
        escape(text.substr(0, open)) + "<code>" + escape(text.substr(open + 1, close - open - 1)) + "</code>";
    text.remove_prefix(close + 1);
  }
}

std::string text_at(Json const& object, char const* key) {
  auto const found = object.find(key);
  if (found == object.end() || found->is_null()) return {};
  return found->is_string() ? found->get<std::string>() : found->dump();
}

std::string percent(Json const& fraction) {
  return fraction.is_number() ? fmt::format("{:.1f}%", fraction.get<double>() * 100) : "n/a";
}

std::string points(Json const& fraction) {
  if (!fraction.is_number()) return "n/a";
  auto const out = fmt::format("{:+.1f}pp", fraction.get<double>() * 100);
  return out == "-0.0pp" ? "+0.0pp" : out;
}

std::string interval(Json const& effect) {
  return effect.at("ci_low").is_number()
             ? fmt::format("[{}, {}]", points(effect.at("ci_low")), points(effect.at("ci_high")))
             : "n/a";
}

std::string money(Json const& usd) {
  return usd.is_number() ? fmt::format("${:.4g}", usd.get<double>()) : "not reported";
}

std::string number(Json const& value) {
  return value.is_number() ? fmt::format("{:.3g}", value.get<double>()) : "n/a";
}

std::string count(unsigned long long n) {
  auto out = std::to_string(n);
  for (auto at = static_cast<std::ptrdiff_t>(out.size()) - 3; at > 0; at -= 3)
    out.insert(static_cast<std::size_t>(at), ",");
  return out;
}

std::string table(std::string_view caption, std::vector<Column> const& columns,
                  std::vector<std::vector<std::string>> const& cells) {
  auto out = fmt::format(
      "<div class=\"scroll\" role=\"group\" aria-label=\"{0}\" tabindex=\"0\">\n<table>\n"
      "<caption>{0}</caption>\n<thead><tr>",
      escape(caption));
  for (auto const& column : columns)
    out +=
        fmt::format("<th scope=\"col\"{}>{}</th>", column.numeric ? " class=\"n\"" : "", escape(column.name));
  out += "</tr></thead>\n<tbody>\n";
  for (auto const& row : cells) {
    out += fmt::format("<tr><th scope=\"row\">{}</th>", row.at(0));
    for (std::size_t i = 1; i < row.size(); ++i)
      out += fmt::format("<td{}>{}</td>", columns.at(i).numeric ? " class=\"n\"" : "", row[i]);
    out += "</tr>\n";
  }
  return out + "</tbody>\n</table>\n</div>\n";
}

}  // namespace itera::html
