// How the rows were divided, and the audit of the parts against production.
#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "sections.hpp"
#include "words.hpp"

using Json = nlohmann::json;

namespace {

constexpr std::size_t kValues = 20;
constexpr char const* kSets[] = {"sample", "train", "dev", "test"};

template <class Say>
std::string figures(char const* name, Json const& dimension, Say const& say) {
  auto out = fmt::format("| _{}_ | |", name);
  for (auto const* set : kSets) {
    std::string cell = "-";
    for (auto const& one : dimension.at("audits"))
      if (at(one, "set") == set) cell = say(one);
    out += fmt::format(" {} |", cell);
  }
  return out + "\n";
}

std::string dimension_table(Json const& d) {
  bool const judged = d.at("judged");
  auto out = fmt::format(
      "\n`{}` ({}){}\n\n{}| value | production | sample | train | dev | test |\n|---|---|---|---|---|---|\n",
      at(d, "column"), at(d, "kind"),
      judged ? "" : ": shown and not judged, as caps take rows from the large ones on purpose",
      from({"distribution"}));
  auto const& cells = d.at("cells");
  for (std::size_t i = 0; i < std::min(cells.size(), kValues); ++i) {
    auto const& c = cells[i];
    out += fmt::format("| {} | {} | {} | {} | {} | {} |\n", plain(at(c, "value")),
                       c.at("declared").is_null() ? c.at("production").dump() : percent(c.at("declared")),
                       c.at("sample").dump(), c.at("train").dump(), c.at("dev").dump(), c.at("test").dump());
  }
  out += figures("total variation", d, [](Json const& a) { return shortened(a.at("tv")); });
  out += figures("PSI (bound)", d, [](Json const& a) {
    return fmt::format("{} ({})", shortened(a.at("psi")), shortened(a.at("psi_limit")));
  });
  out += figures("p", d, [](Json const& a) {
    return fmt::format("{:.2g}, {}", a.at("p").get<double>(), at(a, "test"));
  });
  if (judged) out += figures("so", d, [](Json const& a) { return at(a, "verdict"); });
  if (cells.size() > kValues)
    out += fmt::format("\nAnd {} more values, in `data.json`.\n", cells.size() - kValues);
  return out;
}

}  // namespace

std::string folds_paragraph(Json const& e) {
  auto const note =
      e.contains("split") && e.at("split").is_object() ? at(e.at("split"), "note") : std::string();
  return note.empty() ? note : note + "\n\n";
}

std::string distribution_section(Json const& e) {
  auto const found = e.find("distribution");
  if (found == e.end() || found->empty()) return {};
  std::string out =
      "\nThe rows against production, in numbers of rows. A part fails if a value of which it should hold 3 "
      "rows has none, or if the total variation is over 0.10 and p under 0.05; it is warned of if the total "
      "variation is over 0.10 or PSI over its bound.\n";
  for (auto const& d : *found) out += dimension_table(d);
  return out;
}
