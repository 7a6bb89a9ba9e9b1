#include "plugins/drawing/charts.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <itera/sdk/error.hpp>
#include <nlohmann/json.hpp>

#include "html.hpp"
#include "sections.hpp"

namespace itera::html {
namespace {

// A chart that has nothing to show costs the page no more than itself.
std::string figure(drawing::Kind const& kind, nlohmann::json const& evidence) {
  std::string name(kind.name);
  std::replace(name.begin(), name.end(), '-', ' ');
  try {
    return fmt::format(
        "<figure class=\"scroll\" role=\"group\" aria-label=\"{}\" tabindex=\"0\">\n{}</figure>\n", name,
        kind.draw(evidence, {.id = kind.name}));
  } catch (sdk::Invalid const& e) {
    return fmt::format("<p class=\"note\">There is no {}: {}.</p>\n", name, sentence(e.what()));
  }
}

}  // namespace

std::string charts_section(nlohmann::json const& evidence) {
  std::string figures;
  for (auto const& kind : drawing::kinds()) figures += figure(kind, evidence);
  return fmt::format(
      "<section id=\"charts\" aria-labelledby=\"charts-title\">\n<h2 id=\"charts-title\">Charts</h2>\n"
      "{}</section>\n",
      figures);
}

}  // namespace itera::html
