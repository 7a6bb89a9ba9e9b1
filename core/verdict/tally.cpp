#include "core/verdict/tally.hpp"

#include <algorithm>
#include <map>

namespace itera::verdict {

Tally tally(plan::Plan const& plan, std::vector<split::Row> const& rows,
            std::vector<run::Cell> const& cells) {
  Tally out;
  out.rows = rows.size();
  out.trials = plan.trials;
  auto const deterministic =
      std::all_of(plan.arms.begin(), plan.arms.end(), [](auto const& arm) { return arm.deterministic; });
  if (deterministic) out.trials = 1;
  auto const n = out.rows * out.trials;
  std::vector<std::vector<bool>> have;
  for (std::size_t arm = 0; arm < plan.arms.size(); ++arm) {
    ArmTally t;
    t.scores.assign(n, 0);
    t.complete.assign(out.rows, true);
    t.failures.assign(plan.categories.size(), std::vector<std::uint32_t>(out.rows, 0));
    out.arms.push_back(std::move(t));
    have.emplace_back(n, false);
  }
  for (auto const& cell : cells) {
    auto& t = out.arms[cell.arm];
    t.arm_errors += cell.ending == run::Ending::arm_error;
    t.judge_errors += cell.ending == run::Ending::judge_error;
    t.missing += cell.ending == run::Ending::missing;
    if (cell.cost_usd) {
      t.cost_usd += *cell.cost_usd;
      ++t.priced;
    }
    if (cell.latency_ms > 0) t.latencies_ms.push_back(cell.latency_ms);
    if (!run::has_score(cell)) continue;
    auto const copies = plan.arms[cell.arm].deterministic ? out.trials : 1;
    for (std::uint32_t k = 0; k < copies; ++k) {
      auto const at = cell.row * out.trials + cell.trial + k;
      t.scores[at] = cell.score;
      have[cell.arm][at] = true;
    }
    for (auto const& name : cell.failures)
      for (std::size_t c = 0; c < plan.categories.size(); ++c)
        if (plan.categories[c].name == name) t.failures[c][cell.row] += copies;
  }
  for (std::size_t arm = 0; arm < out.arms.size(); ++arm)
    for (std::size_t i = 0; i < n; ++i)
      if (!have[arm][i]) out.arms[arm].complete[i / out.trials] = false;

  if (plan.row.entity) {
    std::map<std::string, int> ids;
    for (auto const& row : rows)
      out.clusters.push_back(
          ids.emplace(row.entity.empty() ? "\x1f" + row.key : row.entity, static_cast<int>(ids.size()))
              .first->second);
  }
  for (std::size_t s = 0; s < plan.row.slices.size(); ++s) {
    out.slices.emplace_back();
    for (auto const& row : rows) out.slices.back().push_back(row.slices[s]);
  }
  return out;
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
