// How the rows were divided, and the audit of the parts against production.
#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "html.hpp"
#include "sections.hpp"

namespace itera::html {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kValues = 20;
constexpr char const* kSets[] = {"sample", "train", "dev", "test"};

template <class Say>
std::vector<std::string> figures(char const* name, Json const& dimension, Say const& say) {
  std::vector<std::string> out{fmt::format("<em>{}</em>", name), ""};
  for (auto const* set : kSets) {
    std::string cell = "-";
    for (auto const& one : dimension.at("audits"))
      if (text_at(one, "set") == set) cell = say(one);
    out.push_back(cell);
  }
  return out;
}

std::string dimension_table(Json const& d) {
  bool const judged = d.at("judged");
  std::vector<std::vector<std::string>> lines;
  auto const& cells = d.at("cells");
  for (std::size_t i = 0; i < std::min(cells.size(), kValues); ++i) {
    auto const& c = cells[i];
    lines.push_back({isolated(text_at(c, "value")), c.at("declared").is_null()
                                                        ? count(c.at("production").get<std::uint64_t>())
                                                        : percent(c.at("declared"))});
    for (auto const* set : kSets) lines.back().push_back(count(c.at(set).get<std::uint64_t>()));
  }
  lines.push_back(figures("total variation", d, [](Json const& a) { return number(a.at("tv")); }));
  lines.push_back(figures("PSI (bound)", d, [](Json const& a) {
    return fmt::format("{} ({})", number(a.at("psi")), number(a.at("psi_limit")));
  }));
  lines.push_back(figures("p", d, [](Json const& a) {
    return fmt::format("{:.2g}, {}", a.at("p").get<double>(), escape(text_at(a, "test")));
  }));
  if (judged) lines.push_back(figures("so", d, [](Json const& a) { return escape(text_at(a, "verdict")); }));
  auto out = fmt::format("<h3>{} ({})</h3>\n", isolated(text_at(d, "column")), escape(text_at(d, "kind")));
  if (!judged) out += "<p>Shown and not judged, as caps take rows from the large ones on purpose.</p>\n";
  out += table(
      fmt::format("Rows by {} against production", text_at(d, "column")),
      {{"value"}, {"production", true}, {"sample", true}, {"train", true}, {"dev", true}, {"test", true}},
      lines);
  if (cells.size() > kValues)
    out += fmt::format("<p>And {} more values, in <code>data.json</code>.</p>\n", cells.size() - kValues);
  return out;
}

}  // namespace

std::string split_section(Json const& e) {
  auto const split = e.value("split", Json());
  auto const distribution = e.value("distribution", Json::array());
  std::string out =
      "<section id=\"split\" aria-labelledby=\"split-title\">\n<h2 id=\"split-title\">Rows against "
      "production</h2>\n";
  if (split.is_object()) {
    if (auto const note = text_at(split, "note"); !note.empty())
      out += fmt::format("<p>{}</p>\n", sentence(note));
    out += fmt::format(
        "<p>{} {}, dev {}, test {} rows. A part fails if a value of which it should hold 3 rows has "
        "none, or if the total variation is over 0.10 and p under 0.05; it is warned of if the total "
        "variation is over 0.10 or PSI over its bound.</p>\n",
        split.at("folds").is_null() ? "Train" : "Reading fold", split.at("train").dump(),
        split.at("dev").dump(), split.at("test").dump());
  }
  for (auto const& d : distribution) out += dimension_table(d);
  if (distribution.empty()) out += "<p>No slice and no class is declared: there is nothing to compare.</p>\n";
  return out + "</section>\n";
}

}  // namespace itera::html
