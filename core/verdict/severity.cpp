#include "core/verdict/severity.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/plan/rule_text.hpp"

namespace itera::verdict {
namespace {

constexpr double kFewestEffective = 10;
constexpr double kLargestShare = 0.10;

}  // namespace

std::optional<Weighted> measure_weighted(Tally const& tally, std::size_t arm, Measurement const& whole,
                                         std::size_t against) {
  if (tally.severity.empty() || whole.rows.empty()) return std::nullopt;
  std::vector<double> weights;
  double sum = 0, now = 0, before = 0;
  for (auto const row : whole.rows) {
    auto const w = tally.severity[row];
    weights.push_back(w);
    sum += w;
    now += w * static_cast<double>(row_total(tally, arm, row));
    before += w * static_cast<double>(row_total(tally, against, row));
  }
  Weighted out;
  out.paired = paired_on(tally, arm, whole.rows, whole.paired.c2, weights, against);
  if (!stats::has_effect(out.paired.status)) return std::nullopt;
  auto const scale = sum * static_cast<double>(tally.trials) * static_cast<double>(run::kScoreUnit);
  out.arm_score = std::min(1.0, now / scale);
  out.against_score = std::min(1.0, before / scale);
  out.p = stats::p_one_sided(out.paired).value_or(1);
  out.largest_share = *std::max_element(weights.begin(), weights.end()) / sum;
  out.descriptive = !(out.paired.n_kish >= kFewestEffective) || out.largest_share > kLargestShare;
  return out;
}

std::optional<double> weighted_score(Tally const& tally, std::size_t arm) {
  if (tally.severity.empty()) return std::nullopt;
  double sum = 0, scored = 0;
  for (std::size_t row = 0; row < tally.rows; ++row) {
    if (!tally.arms[arm].complete[row]) continue;
    sum += tally.severity[row];
    scored += tally.severity[row] * static_cast<double>(row_total(tally, arm, row));
  }
  if (!(sum > 0)) return std::nullopt;
  return std::min(1.0,
                  scored / (sum * static_cast<double>(tally.trials) * static_cast<double>(run::kScoreUnit)));
}

std::string reservation(Weighted const& w) {
  if (!w.descriptive) return {};
  if (w.paired.status == stats::PairedStatus::one_row) return "; descriptive only: it is one row";
  if (w.paired.status == stats::PairedStatus::one_cluster)
    return "; descriptive only: all rows are of one entity";
  std::string why;
  if (w.paired.n_kish < kFewestEffective)
    why = fmt::format("the weights leave {:.1f} effective rows, fewer than {:.0f}", w.paired.n_kish,
                      kFewestEffective);
  if (w.largest_share > kLargestShare)
    why += fmt::format("{}one row has {:.0f}% of the weight", why.empty() ? "" : ", and ",
                       w.largest_share * 100);
  return "; descriptive only: " + why;
}

Check check_severity(plan::Plan const& plan, std::optional<Weighted> const& weighted) {
  if (!plan.row.severity)
    return {"C6", "severity-weighted effect", CheckStatus::not_applicable, std::string(plan::kNoSeverity)};
  Check out{"C6", "severity-weighted score not below the baseline's", CheckStatus::unproven,
            "no measured row has a weight above zero"};
  if (!weighted) return out;
  auto const& w = *weighted;
  // Weights are binary numbers: what lies this close to zero is zero.
  out.status = w.paired.effect >= -1e-12 ? CheckStatus::pass : CheckStatus::fail;
  out.evidence = plan::points(w.paired.effect);
  if (w.paired.status == stats::PairedStatus::ok)
    out.evidence += fmt::format(" [{}, {}] by weight, {:.1f} effective rows", plan::points(w.paired.ci_low),
                                plan::points(w.paired.ci_high), w.paired.n_kish);
  else
    out.evidence += " by weight, no interval";
  out.evidence += reservation(w);
  return out;
}

}  // namespace itera::verdict
