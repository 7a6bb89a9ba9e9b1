#include "core/verdict/ranking.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "core/plan/rule_text.hpp"
#include "core/stats/quantiles.hpp"
#include "core/verdict/conclude.hpp"

namespace itera::verdict {
namespace {

constexpr double kSignificant = 0.05;

std::optional<double> cost_of(Tally const& tally, std::size_t arm) {
  return steady_mean(tally.arms[arm].cost_usd);
}

double two_sided(stats::PairedEffect const& effect) {
  if (effect.status != stats::PairedStatus::ok) return 1;
  return std::min(1.0, 2 * stats::student_tail(std::abs(effect.centre) / effect.se, effect.df));
}

}  // namespace

std::optional<Ranking> rank_arms(plan::Plan const& plan, Tally const& tally,
                                 std::vector<ArmVerdict> const& arms,
                                 std::vector<std::size_t> const& candidates,
                                 std::vector<split::SliceValue> const& slices) {
  if (candidates.size() < 2) return std::nullopt;
  Ranking out;
  out.weighted = std::all_of(candidates.begin(), candidates.end(),
                             [&](std::size_t i) { return arms[i].weighted.has_value(); });
  auto const plain = [&](std::size_t i) { return decisive(arms[i]).paired.effect; };
  auto const value = [&](std::size_t i) { return out.weighted ? arms[i].weighted->paired.effect : plain(i); };
  auto const by = [&](auto const& of) {
    auto order = candidates;
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return of(a) > of(b); });
    return order;
  };
  auto const order = by(value);
  out.first = order[0];
  out.second = order[1];
  if (auto const without = by(plain)[0]; without != out.first && plain(without) > plain(out.first))
    out.first_unweighted = without;

  std::vector<std::size_t> rows(tally.rows);
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  auto const a = arms[out.first].arm, b = arms[out.second].arm;
  auto const m = measure(plan, tally, a, rows, std::nullopt, b);
  auto const weighted = out.weighted ? measure_weighted(tally, a, m, b) : std::nullopt;
  if (weighted) {
    out.difference = weighted->paired;
  } else if (std::string why; plan.rule.over) {
    auto const there =
        over_traffic(plan, m, effects_over_traffic(plan, tally, a, m.rows, slices, m.paired.c2, b), why);
    // Rows that only one of them lacks may leave a value without any: then there is no more than this.
    out.difference.effect = plain(out.first) - plain(out.second);
    if (there) out.difference = there->paired;
  } else {
    out.difference = m.paired;
  }
  out.p = two_sided(out.difference);
  out.tie = out.p > kSignificant;
  out.first_cost = cost_of(tally, a);
  out.second_cost = cost_of(tally, b);
  bool const cheaper = out.first_cost && out.second_cost && *out.second_cost < *out.first_cost;
  out.chosen = out.tie && cheaper ? out.second : out.first;
  return out;
}

std::string ranking_words(plan::Plan const& plan, Ranking const& r, std::vector<ArmVerdict> const& arms) {
  auto const name = [&](std::size_t i) { return fmt::format("`{}`", plan.arms[arms[i].arm].name); };
  auto const chosen_second = r.chosen == r.second;
  auto out = fmt::format("{} and {} both ship; {} is ahead by {}{} (two-sided p {:.2g})", name(r.first),
                         name(r.second), name(r.first), plan::points(r.difference.effect),
                         r.weighted ? ", weighted by severity" : plan::over(plan), r.p);
  if (!r.tie)
    out += fmt::format(", so {} is taken", name(r.first));
  else if (chosen_second)
    out += fmt::format(
        ", which shows no difference, so the cheaper {} is taken (${:.4g} against ${:.4g} a call)",
        name(r.second), *r.second_cost, *r.first_cost);
  else if (r.first_cost && r.second_cost)
    out += fmt::format(
        ", which shows no difference; {} costs no more and is taken (${:.4g} against ${:.4g} a call)",
        name(r.first), *r.first_cost, *r.second_cost);
  else
    out += fmt::format(", which shows no difference; what both cost is not known, so {} is taken",
                       name(r.first));
  if (r.first_unweighted)
    out += fmt::format(
        "; without the weights {} would be ahead, and the unweighted effect of {} reaches the "
        "threshold too",
        name(*r.first_unweighted), name(r.first));
  return out;
}

}  // namespace itera::verdict
