#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/plan/plan.hpp"

namespace itera::engine {

/// What one test set could show at one discordance rate (the share of rows on which baseline and arm differ).
struct PowerLine {
  double discordance = 0;
  std::optional<double> detectable;   ///< least effect with 80% power; nothing if none is
  std::optional<double> rows_needed;  ///< test rows for the threshold with 80% power
};

/// What would run. Row counts are upper bounds: duplicates and caps are known once the rows are read.
struct Preview {
  std::optional<std::uint64_t> train, dev, test;  ///< nothing if `sample` does not say
  std::optional<std::uint64_t> arm_steps;         ///< cells of dev and test together
  std::vector<PowerLine> power;                   ///< at .05, .1, .2, .3
  std::string heuristic;                          ///< the rule of thumb on all rows beside it
};

Preview preview(plan::Plan const& plan);

}  // namespace itera::engine
