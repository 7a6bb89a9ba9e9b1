#include "core/verdict/tally.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace itera::verdict {
namespace {

void add_call(Calls& calls, std::size_t n, std::size_t at, bool first, double value) {
  if (first) {
    calls.first = value;
    return;
  }
  if (calls.of.empty()) calls.of.assign(n, std::numeric_limits<double>::quiet_NaN());
  calls.of[at] = value;
}

}  // namespace

Tally tally(plan::Plan const& plan, std::vector<split::Row> const& rows, std::vector<run::Cell> const& cells,
            bool in_order_of_calls) {
  Tally out;
  out.rows = rows.size();
  out.trials = plan.trials;
  auto const deterministic =
      std::all_of(plan.arms.begin(), plan.arms.end(), [](auto const& arm) { return arm.deterministic; });
  if (deterministic) out.trials = 1;
  auto const n = out.rows * out.trials;
  std::vector<std::vector<bool>> have;
  // Per arm and secondary metric: trials of each row that it scored.
  std::vector<std::vector<std::vector<std::uint32_t>>> scored(
      plan.arms.size(), std::vector<std::vector<std::uint32_t>>(plan.secondaries.size(),
                                                                std::vector<std::uint32_t>(out.rows, 0)));
  for (std::size_t arm = 0; arm < plan.arms.size(); ++arm) {
    ArmTally t;
    t.scores.assign(n, 0);
    t.complete.assign(out.rows, true);
    t.failures.assign(plan.categories.size(), std::vector<std::uint32_t>(out.rows, 0));
    t.undecided.assign(plan.categories.size(), 0);
    for (std::size_t s = 0; s < plan.secondaries.size(); ++s)
      t.secondaries.push_back({std::vector<std::int64_t>(n, 0), std::vector<bool>(out.rows, true), 0});
    out.arms.push_back(std::move(t));
    have.emplace_back(n, false);
  }
  std::vector<bool> begun(plan.arms.size());
  for (std::size_t arm = 0; arm < plan.arms.size(); ++arm)
    begun[arm] = !in_order_of_calls || ports::has_trait(plan.arms[arm].actor.info, "recorded");
  for (auto const& cell : cells) {
    auto& t = out.arms[cell.arm];
    t.arm_errors += cell.ending == run::Ending::arm_error;
    t.judge_errors += cell.ending == run::Ending::judge_error;
    t.missing += cell.ending == run::Ending::missing;
    auto const place = cell.row * out.trials + cell.trial;
    if (cell.cost_usd) {
      bool const first = !begun[cell.arm];
      add_call(t.cost_usd, n, place, first,
               first ? *cell.cost_usd : cell.rest->steady_usd.value_or(*cell.cost_usd));
      t.billed_usd += *cell.cost_usd;
      ++t.billed;
    }
    if (cell.rest->judge_usd) {
      t.judge_usd += *cell.rest->judge_usd;
      ++t.judged;
    }
    if (cell.latency_ms > 0) add_call(t.latency_ms, n, place, !begun[cell.arm], cell.latency_ms);
    begun[cell.arm] = true;
    auto const copies = plan.arms[cell.arm].deterministic ? out.trials : 1;
    auto const& also = cell.rest->secondaries;
    for (std::size_t s = 0; s < also.size(); ++s) {
      t.secondaries[s].judge_errors += !also[s].score;
      if (!also[s].score) continue;
      scored[cell.arm][s][cell.row] += copies;
      for (std::uint32_t k = 0; k < copies; ++k) t.secondaries[s].scores[place + k] = *also[s].score;
    }
    if (!run::has_score(cell)) continue;
    for (std::uint32_t k = 0; k < copies; ++k) {
      auto const at = cell.row * out.trials + cell.trial + k;
      t.scores[at] = cell.score;
      have[cell.arm][at] = true;
    }
    for (auto const& name : cell.rest->failures)
      for (std::size_t c = 0; c < plan.categories.size(); ++c)
        if (plan.categories[c].name == name) t.failures[c][cell.row] += copies;
    for (auto const& name : cell.rest->undecided)
      for (std::size_t c = 0; c < plan.categories.size(); ++c)
        t.undecided[c] += plan.categories[c].name == name;
  }
  for (std::size_t arm = 0; arm < out.arms.size(); ++arm)
    for (std::size_t i = 0; i < n; ++i)
      if (!have[arm][i]) out.arms[arm].complete[i / out.trials] = false;
  for (std::size_t arm = 0; arm < out.arms.size(); ++arm)
    for (std::size_t s = 0; s < plan.secondaries.size(); ++s)
      for (std::size_t row = 0; row < out.rows; ++row)
        out.arms[arm].secondaries[s].complete[row] = scored[arm][s][row] == out.trials;

  if (plan.row.entity) {
    std::map<std::string, int> ids;
    for (auto const& row : rows)
      out.clusters.push_back(
          ids.emplace(row.entity.empty() ? "\x1f" + std::string(row.key) : std::string(row.entity),
                      static_cast<int>(ids.size()))
              .first->second);
  }
  if (plan.row.severity)
    for (auto const& row : rows) out.severity.push_back(row.severity.value_or(0));
  for (std::size_t s = 0; s < plan.row.slices.size(); ++s) {
    out.slices.emplace_back();
    for (auto const& row : rows) out.slices.back().emplace_back(row.slices[s]);
  }
  return out;
}

Tally by_secondary(Tally const& tally, std::size_t metric) {
  auto out = tally;
  for (auto& arm : out.arms) {
    arm.scores = arm.secondaries[metric].scores;
    arm.complete = arm.secondaries[metric].complete;
  }
  return out;
}

std::optional<double> steady_mean(Calls const& calls) {
  double sum = 0, n = 0;
  for (auto const value : calls.of)
    if (!std::isnan(value)) sum += value, ++n;
  if (n == 0) return std::nullopt;
  return sum / n;
}

std::optional<double> billed_mean(ArmTally const& arm) {
  auto const apart = arm.cost_usd.first ? 1U : 0U;
  if (arm.billed <= apart) return std::nullopt;
  return (arm.billed_usd - arm.cost_usd.first.value_or(0)) / static_cast<double>(arm.billed - apart);
}

std::optional<double> judging_mean(Tally const& tally) {
  double sum = 0, n = 0;
  for (auto const& arm : tally.arms) sum += arm.judge_usd, n += static_cast<double>(arm.judged);
  if (n == 0) return std::nullopt;
  return sum / n;
}

std::optional<double> pass_mean(Tally const& tally, std::size_t arm, std::uint32_t trial) {
  std::int64_t sum = 0;
  std::int64_t n = 0;
  for (std::size_t row = 0; row < tally.rows; ++row)
    if (tally.arms[arm].complete[row]) {
      sum += tally.arms[arm].scores[row * tally.trials + trial];
      ++n;
    }
  if (n == 0) return std::nullopt;
  return static_cast<double>(sum) / static_cast<double>(n * run::kScoreUnit);
}

std::optional<double> mean_score(Tally const& tally, std::size_t arm) {
  double sum = 0;
  for (std::uint32_t k = 0; k < tally.trials; ++k) {
    auto const mean = pass_mean(tally, arm, k);
    if (!mean) return std::nullopt;
    sum += *mean;
  }
  return sum / tally.trials;
}

}  // namespace itera::verdict
