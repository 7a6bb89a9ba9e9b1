#include "core/cli/view/doctor.hpp"

#include <algorithm>
#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/json.hpp"

namespace itera::cli::view {

using Json = nlohmann::json;

void human_health(std::ostream& out, engine::Health const& health) {
  if (!health.experiment.empty()) out << fmt::format("experiment {}\n", health.experiment);
  for (auto const& f : health.findings) {
    out << fmt::format("  {:<7}  {:<18}  {}\n", f.whole ? "whole" : "DAMAGED", f.what, f.found);
    if (!f.whole) out << fmt::format("  = help: {}\n", f.way);
  }
}

void json_health(std::ostream& out, engine::Health const& health) {
  Json findings = Json::array();
  for (auto const& f : health.findings)
    findings.push_back(
        {{"what", f.what}, {"whole", f.whole}, {"found", f.found}, {"way", f.whole ? Json() : Json(f.way)}});
  bool const whole =
      std::all_of(health.findings.begin(), health.findings.end(), [](auto const& f) { return f.whole; });
  out << canonical({{"ok", whole},
                    {"experiment", health.experiment},
                    {"findings", findings},
                    {"can_salvage", health.can_salvage}})
      << "\n";
}

void human_salvage(std::ostream& out, engine::Salvage const& salvage) {
  out << fmt::format(
      "kept {} whole entries; what was damaged or could not be read is lost, and the ledger says so\n",
      salvage.kept);
  if (!salvage.aside.empty()) out << fmt::format("the damaged store is now {}\n", salvage.aside.string());
  out << "next  `itera run` makes what was lost again\n";
}

void json_salvage(std::ostream& out, engine::Salvage const& salvage) {
  out << canonical({{"ok", true},
                    {"kept", salvage.kept},
                    {"lost", salvage.lost},
                    {"aside", salvage.aside.empty() ? Json() : Json(salvage.aside.string())}})
      << "\n";
}

}  // namespace itera::cli::view
