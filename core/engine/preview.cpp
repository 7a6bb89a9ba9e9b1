#include "core/engine/preview.hpp"

#include <cmath>

#include "core/stats/power.hpp"

namespace itera::engine {
namespace {

std::uint64_t share_of(std::uint64_t rows, Rational share) {
  return static_cast<std::uint64_t>(std::llround(static_cast<double>(rows) * to_double(share)));
}

}  // namespace

Preview preview(plan::Plan const& plan) {
  Preview out;
  if (plan.sample) {
    out.train = share_of(*plan.sample, plan.split.train);
    out.dev = share_of(*plan.sample, plan.split.dev);
    out.test = share_of(*plan.sample, plan.split.test);
    std::uint64_t trials = 0;
    for (auto const& arm : plan.arms) trials += plan::trials_of(plan, arm);
    out.arm_steps = trials * (*out.dev + *out.test);
  }
  // To show that an arm is not worse by a margin takes as many rows as to show a gain of it.
  auto const threshold = std::abs(to_double(plan.rule.effect));
  for (auto const psi : {.05, .1, .2, .3}) {
    PowerLine line{psi, {}, {}};
    if (out.test && *out.test > 0)
      line.detectable = stats::detectable_effect(static_cast<std::int64_t>(*out.test), psi);
    if (threshold > 0 && threshold < psi && !plan.rule.relative)
      line.rows_needed = stats::connor_rows({psi, threshold});
    out.power.push_back(line);
  }
  out.heuristic =
      plan.rule.relative
          ? "a threshold relative to the baseline needs rows by the baseline's score, which is not known yet"
      : threshold >= .1  ? "about 30 rows in all for a threshold of 10pp or more"
      : threshold >= .05 ? "about 80 rows in all for a threshold of 5pp or more"
                         : "about 300 rows or more in all for a threshold of 2pp";
  return out;
}

}  // namespace itera::engine
