#include "core/stats/decomposition.hpp"

#include <algorithm>
#include <cmath>

namespace itera::stats {

std::optional<Decomposition> decompose(double spread, double within, int trials) {
  if (trials < 2 || !std::isfinite(spread) || !std::isfinite(within) || !(spread > 0) || within < 0)
    return std::nullopt;
  Decomposition out;
  out.trials = trials;
  out.trial_variance = within;
  double const of_trials = within / trials;
  out.row_variance = std::max(0.0, spread - of_trials);
  out.trial_share = std::clamp(of_trials / spread, 0.0, 1.0);
  out.more_trials = out.trial_share > 0.5;
  if (out.row_variance > 0) out.best_trials = std::sqrt(within / out.row_variance);
  return out;
}

}  // namespace itera::stats
