#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "html.hpp"

namespace itera::html {
namespace {

struct Kind {
  std::string_view word, style, icon;
};

constexpr std::array kKinds = {Kind{"ship", "good", "check-circle"},
                               Kind{"ship narrowly", "good", "narrow"},
                               Kind{"kill", "bad", "octagon"},
                               Kind{"inconclusive", "warn", "question"},
                               Kind{"invalid", "bad", "triangle"},
                               Kind{"pass", "good", "check"},
                               Kind{"fail", "bad", "cross"},
                               Kind{"unproven", "warn", "question"},
                               Kind{"pass, loss not excluded", "warn", "check"},
                               Kind{"yes", "good", "check"},
                               Kind{"no", "bad", "cross"},
                               Kind{"cannot be shown", "warn", "question"},
                               Kind{"unmoved", "good", "check"},
                               Kind{"moved", "bad", "cross"},
                               Kind{"not shown", "warn", "question"},
                               Kind{"win", "good", "up"},
                               Kind{"loss", "bad", "down"}};

}  // namespace

std::string chip(std::string_view word) {
  auto const* kind =
      std::find_if(kKinds.begin(), kKinds.end(), [&](Kind const& k) { return k.word == word; });
  if (kind == kKinds.end())
    return fmt::format(
        "<span class=\"chip\"><svg class=\"icon\" aria-hidden=\"true\"><use "
        "href=\"#i-dash\"/></svg>{}</span>",
        escape(word));
  return fmt::format(
      "<span class=\"chip {}\"><svg class=\"icon\" aria-hidden=\"true\"><use "
      "href=\"#i-{}\"/></svg>{}</span>",
      kind->style, kind->icon, kind->word);
}

std::string icons() {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 9> shapes = {
      {{"check", "M3 8.5l3.2 3.2L13 4.8"},
       {"cross", "M4 4l8 8M12 4l-8 8"},
       {"dash", "M4 8h8"},
       {"up", "M8 13V3.5M4 7.5l4-4 4 4"},
       {"down", "M8 3v9.5M4 8.5l4 4 4-4"},
       {"question", "M5.5 6a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.8-1.1 1.6M8 12.2v.3"},
       {"check-circle", "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 1 0 0-13zM5 8.3l2.1 2.1L11 6.2"},
       {"octagon", "M5.3 1.5h5.4l3.8 3.8v5.4l-3.8 3.8H5.3L1.5 10.7V5.3zM5.7 5.7l4.6 4.6M10.3 5.7l-4.6 4.6"},
       {"triangle", "M8 2L1.5 13.5h13zM8 6.5v3.2M8 11.5v.3"}}};
  std::string out = "<svg class=\"defs\" aria-hidden=\"true\" focusable=\"false\">";
  auto const add = [&](std::string_view id, std::string_view body) {
    out += fmt::format("<symbol id=\"i-{}\" viewBox=\"0 0 16 16\">{}</symbol>", id, body);
  };
  for (auto const& [id, path] : shapes) add(id, fmt::format("<path d=\"{}\"/>", path));
  add("narrow",
      "<path d=\"M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 1 0 0-13z\"/><path class=\"solid\" d=\"M8 "
      "1.5a6.5 6.5 0 0 0 0 13z\"/>");
  return out + "</svg>\n";
}

}  // namespace itera::html
