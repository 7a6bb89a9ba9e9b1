#include "core/engine/strata.hpp"

#include <algorithm>
#include <map>

#include <nlohmann/json.hpp>

#include "core/split/assign.hpp"

namespace itera::engine {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kFewestDevRows = 30;

std::vector<std::string> values_of(plan::Plan const& plan, split::Row const& row,
                                   std::vector<std::string> const& columns) {
  std::vector<std::string> out;
  for (auto const& column : columns) out.push_back(split::value_in(plan, row, column));
  return out;
}

std::int64_t total(verdict::ArmTally const& arm, std::size_t row, std::uint32_t trials) {
  std::int64_t out = 0;
  for (std::uint32_t k = 0; k < trials; ++k) out += arm.scores[row * trials + k];
  return out;
}

}  // namespace

Json strata_json(plan::Plan const& plan, split::Distribution const& distribution,
                 std::vector<split::Row const*> const& dev, std::vector<split::Row const*> const& test) {
  std::vector<std::string> columns;
  for (auto const& d : distribution.dimensions)
    if (d.kind == split::DimensionKind::slice || d.kind == split::DimensionKind::expected)
      columns.push_back(d.column);
  std::map<std::vector<std::string>, std::pair<std::size_t, std::size_t>> cells;
  for (auto const* row : dev) ++cells[values_of(plan, *row, columns)].first;
  for (auto const* row : test) ++cells[values_of(plan, *row, columns)].second;
  Json out = {{"columns", columns}, {"cells", Json::array()}};
  for (auto const& [values, rows] : cells)
    out["cells"].push_back({{"values", values}, {"dev", rows.first}, {"test", rows.second}});
  return out;
}

std::vector<stats::StratumCounts> strata_of(plan::Plan const& plan, Json const& split_body,
                                            std::vector<split::Row> const& dev,
                                            std::vector<bool> const& hit) {
  std::vector<std::string> columns;
  std::map<std::vector<std::string>, stats::StratumCounts> strata;
  if (split_body.contains("strata")) {
    columns = split_body.at("strata").at("columns").get<std::vector<std::string>>();
    for (auto const& cell : split_body.at("strata").at("cells"))
      strata[cell.at("values").get<std::vector<std::string>>()].test_rows = cell.at("test");
  } else {
    strata[{}].test_rows = split_body.at("parts").at("test");
  }
  for (std::size_t i = 0; i < dev.size(); ++i) {
    auto& stratum = strata[values_of(plan, dev[i], columns)];
    ++stratum.dev_rows;
    stratum.hits += hit[i];
  }
  std::vector<stats::StratumCounts> out;
  std::optional<stats::StratumCounts> small;
  for (auto const& [values, s] : strata) {
    if (s.dev_rows >= static_cast<std::int64_t>(kFewestDevRows)) {
      out.push_back(s);
      continue;
    }
    if (!small) small.emplace();
    small->dev_rows += s.dev_rows;
    small->hits += s.hits;
    small->test_rows += s.test_rows;
  }
  if (small) out.push_back(*small);
  return out;
}

std::vector<std::optional<stats::Foresight>> foresee_discordance(plan::Plan const& plan,
                                                                 Json const& split_body,
                                                                 std::vector<split::Row> const& dev,
                                                                 verdict::Tally const& counts) {
  std::vector<std::optional<stats::Foresight>> out(plan.arms.size());
  for (std::size_t arm = 0; arm < plan.arms.size(); ++arm) {
    if (plan.arms[arm].baseline || plan.arms[arm].control) continue;
    std::vector<bool> differs(dev.size(), false);
    for (std::size_t row = 0; row < dev.size(); ++row)
      differs[row] = counts.arms[0].complete[row] && counts.arms[arm].complete[row] &&
                     total(counts.arms[0], row, counts.trials) != total(counts.arms[arm], row, counts.trials);
    out[arm] = stats::foresee_hits(strata_of(plan, split_body, dev, differs), kFewestDiscordant);
  }
  return out;
}

}  // namespace itera::engine
