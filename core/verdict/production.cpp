#include "core/verdict/production.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "core/stats/stratified.hpp"
#include "core/verdict/contrast.hpp"

namespace itera::verdict {
namespace {

// What the strata together have to say beyond their own intervals: entities that lie in several of them, and
// the noise of a mean on production's mix.
void weigh_rows(plan::Plan const& plan, Tally const& tally, std::size_t arm, std::size_t against,
                std::vector<stats::Stratum> const& strata,
                std::vector<std::vector<std::size_t>> const& rows_of, double production, TrafficEffect& out) {
  std::vector<std::size_t> rows;
  std::vector<double> weights;
  std::vector<stats::StratifiedRow> errors;
  auto const scale = static_cast<double>(tally.trials) * static_cast<double>(run::kScoreUnit);
  for (std::size_t s = 0; s < strata.size(); ++s) {
    if (!(strata[s].share > 0)) continue;
    auto const weight = strata[s].share / production / static_cast<double>(rows_of[s].size());
    for (auto const row : rows_of[s]) {
      rows.push_back(row);
      weights.push_back(weight);
      auto const d = static_cast<double>(row_total(tally, arm, row) - row_total(tally, against, row)) / scale;
      if (!tally.clusters.empty())
        errors.push_back({s, tally.clusters[row], weight * (d - strata[s].effect.effect)});
    }
  }
  stats::join_clusters(*out.paired, std::move(errors));
  out.noise = noise_between(plan, tally, arm, rows, weights, against);
}

TrafficEffect one_column(plan::Plan const& plan, Tally const& tally, std::size_t arm,
                         std::vector<std::size_t> const& rows, std::vector<split::SliceValue> const& values,
                         std::size_t column, double c2, std::size_t against) {
  TrafficEffect out;
  out.column = plan.row.slices[column];
  std::vector<stats::Stratum> strata;
  std::vector<std::vector<std::size_t>> rows_of;
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
    strata.push_back({value.production_share, paired_on(tally, arm, own, c2, {}, against)});
    rows_of.push_back(own);
    if (value.production_share > 0 && strata.back().effect.status != stats::PairedStatus::ok &&
        out.why_not.empty())
      out.why_not = fmt::format("{}={} has {} test row{}, too few for an interval", value.column, value.value,
                                own.size(), own.size() == 1 ? "" : "s");
  }
  // Rows of values that production does not have.
  if (!rows.empty()) distance += static_cast<double>(rows.size() - met) / static_cast<double>(rows.size());
  out.mix_distance = distance / 2;
  out.paired = stats::post_stratified(strata);
  if (out.paired) weigh_rows(plan, tally, arm, against, strata, rows_of, production, out);
  if (!out.paired && out.why_not.empty())
    out.why_not = fmt::format("nothing is known of production's {}", out.column);
  return out;
}

}  // namespace

std::vector<TrafficEffect> effects_over_traffic(plan::Plan const& plan, Tally const& tally, std::size_t arm,
                                                std::vector<std::size_t> const& rows,
                                                std::vector<split::SliceValue> const& values, double c2,
                                                std::size_t against) {
  std::vector<TrafficEffect> out;
  for (std::size_t column = 0; column < plan.row.slices.size(); ++column)
    if (std::any_of(values.begin(), values.end(),
                    [&](auto const& v) { return v.column == plan.row.slices[column]; }))
      out.push_back(one_column(plan, tally, arm, rows, values, column, c2, against));
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
  out.noise = it->noise;
  out.p = stats::p_one_sided(out.paired);
  // What one row of such a test would vary by.
  out.row_variance = out.paired.se * out.paired.se * static_cast<double>(out.rows.size());
  out.to_threshold = distance_of(out, to_double(plan.rule.effect));
  // The exact test flips rows that all count the same.
  out.sign_flip.reset();
  out.tango.reset();
  return out;
}

}  // namespace itera::verdict
