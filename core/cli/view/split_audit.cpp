#include "core/cli/view/split_audit.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace itera::cli::view {
namespace {

using Json = nlohmann::json;
using Line = std::vector<std::string>;

constexpr std::size_t kValues = 20;
constexpr char const* kSets[] = {"sample", "train", "dev", "test"};

Json const* audit_of(Json const& dimension, char const* set) {
  for (auto const& one : dimension.at("audits"))
    if (one.at("set") == set) return &one;
  return nullptr;
}

// One figure of the audit for each set; "-" for one that is not judged.
template <class Say>
Line figures(std::string name, Json const& dimension, Say const& say) {
  Line out{std::move(name), ""};
  for (auto const* set : kSets) {
    auto const* found = audit_of(dimension, set);
    out.push_back(found ? say(*found) : "-");
  }
  return out;
}

Line counts(Json const& cell) {
  auto const& declared = cell.at("declared");
  Line out{"  " + cell.at("value").get<std::string>(),
           declared.is_null() ? cell.at("production").dump()
                              : fmt::format("{:.3g}%", declared.get<double>() * 100)};
  for (auto const* set : kSets) out.push_back(cell.at(set).dump());
  return out;
}

}  // namespace

std::vector<Line> split_audit(std::string const& distribution_json) {
  std::vector<Line> out{{"", "production", "sample", "train", "dev", "test"}};
  for (auto const& d : Json::parse(distribution_json)) {
    auto const kind = d.at("kind").get<std::string>();
    out.push_back({fmt::format("{} ({}{})", d.at("column").get<std::string>(), kind,
                               d.at("judged").get<bool>() ? "" : ": shown, not judged")});
    auto const& cells = d.at("cells");
    for (std::size_t i = 0; i < std::min(cells.size(), kValues); ++i) out.push_back(counts(cells[i]));
    if (cells.size() > kValues)
      out.push_back({fmt::format("  and {} more values, in `--format json`", cells.size() - kValues)});
    out.push_back(figures("  total variation", d,
                          [](Json const& a) { return fmt::format("{:.3f}", a.at("tv").get<double>()); }));
    out.push_back(figures("  PSI (bound)", d, [](Json const& a) {
      return fmt::format("{:.3f} ({:.2f})", a.at("psi").get<double>(), a.at("psi_limit").get<double>());
    }));
    out.push_back(figures("  p", d, [](Json const& a) {
      return fmt::format("{:.2g} {}", a.at("p").get<double>(), a.at("test").get<std::string>());
    }));
    if (d.at("judged").get<bool>())
      out.push_back(figures("  so", d, [](Json const& a) { return a.at("verdict").get<std::string>(); }));
  }
  return out;
}

}  // namespace itera::cli::view
