#include "core/verdict/gap.hpp"

#include <numeric>

namespace itera::verdict {

std::vector<std::optional<DevEffect>> dev_effects(plan::Plan const& plan, Tally const& dev) {
  std::vector<std::size_t> rows(dev.rows);
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  std::vector<std::optional<DevEffect>> out(plan.arms.size());
  for (std::size_t arm = 1; arm < plan.arms.size(); ++arm)
    if (auto const m = measure(plan, dev, arm, rows); m.paired.status == stats::PairedStatus::ok)
      out[arm] = DevEffect{m.paired.effect, m.paired.se, 1};
  return out;
}

}  // namespace itera::verdict
