#include "core/verdict/production.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/stats/stratified.hpp"
#include "core/verdict/contrast.hpp"

namespace itera::verdict {
namespace {

TrafficEffect one_column(plan::Plan const& plan, Tally const& tally, std::size_t arm,
                         std::vector<std::size_t> const& rows, std::vector<split::SliceValue> const& values,
                         std::size_t column, double c2) {
  TrafficEffect out;
  out.column = plan.row.slices[column];
  std::vector<stats::Stratum> strata;
  double production = 0;
  for (auto const& value : values)
    if (value.column == out.column) production += value.production_share;
  double distance = 0;
  std::size_t met = 0;
  for (auto const& value : values) {
    if (value.column != out.column) continue;
    std::vector<std::size_t> own;
    for (auto const row : rows)
      if (tally.slices[column][row] == value.value) own.push_back(row);
    met += own.size();
    auto const share = production > 0 ? value.production_share / production : 0;
    auto const seen = rows.empty() ? 0 : static_cast<double>(own.size()) / static_cast<double>(rows.size());
    distance += std::abs(seen - share);
    strata.push_back({value.production_share, paired_on(tally, arm, own, c2)});
    if (value.production_share > 0 && strata.back().effect.status != stats::PairedStatus::ok &&
        out.why_not.empty())
      out.why_not = fmt::format("{}={} has {} test row{}, too few for an interval", value.column, value.value,
                                own.size(), own.size() == 1 ? "" : "s");
  }
  // Rows of values that production does not have.
  if (!rows.empty()) distance += static_cast<double>(rows.size() - met) / static_cast<double>(rows.size());
  out.mix_distance = distance / 2;
  out.paired = stats::post_stratified(strata);
  if (!out.paired && out.why_not.empty())
    out.why_not = fmt::format("nothing is known of production's {}", out.column);
  return out;
}

}  // namespace

std::vector<TrafficEffect> effects_over_traffic(plan::Plan const& plan, Tally const& tally, std::size_t arm,
                                                std::vector<std::size_t> const& rows,
                                                std::vector<split::SliceValue> const& values, double c2) {
  std::vector<TrafficEffect> out;
  for (std::size_t column = 0; column < plan.row.slices.size(); ++column)
    if (std::any_of(values.begin(), values.end(),
                    [&](auto const& v) { return v.column == plan.row.slices[column]; }))
      out.push_back(one_column(plan, tally, arm, rows, values, column, c2));
  return out;
}

std::optional<Measurement> over_traffic(plan::Plan const& plan, Measurement const& m,
                                        std::vector<TrafficEffect> const& effects, std::string& why) {
  auto const& column = plan.rule.over->value;
  auto const it =
      std::find_if(effects.begin(), effects.end(), [&](auto const& e) { return e.column == column; });
  if (it == effects.end() || !it->paired) {
    why = it == effects.end() ? fmt::format("{} has no values to weigh by", column) : it->why_not;
    return std::nullopt;
  }
  auto out = m;
  out.over_traffic = true;
  out.paired = *it->paired;
  out.p = stats::p_one_sided(out.paired);
  out.to_threshold = distance_of(out, to_double(plan.rule.effect));
  // The exact test flips rows that all count the same.
  out.sign_flip.reset();
  return out;
}

}  // namespace itera::verdict
