#pragma once
#include <string>
#include <vector>

#include "core/base/hash.hpp"
#include "core/forecast/simulate.hpp"

namespace itera::forecast::testing {

/// The rule of the reference simulations: effect >= 5pp and no slice below -2pp, by point unless said.
inline plan::Plan reference_plan(std::size_t arms, spec::SliceMode mode = spec::SliceMode::point) {
  plan::Plan out;
  out.name = "reference";
  out.metric = "accuracy";
  out.trials = 3;
  out.row.slices = {"half"};
  out.rule.effect = {1, 20};
  out.rule.slices = {{{"half", {}}, "", {-1, 50}, mode, {}}};
  return stand_in(out, arms, false);
}

/// Vectors v20 and v21: a tenth of the rows noisy, two slices that alternate, three trials; gain and loss in
/// each slice as shares of all its rows, the same for every arm.
inline World reference_world(std::size_t rows, std::size_t arms, Flips a, Flips b) {
  World out;
  out.rows = rows;
  out.slices = {{"half", {{"A", rows - rows / 2}, {"B", rows / 2}}}};
  out.arms.assign(arms, {a, b});
  return out;
}

inline std::vector<split::SliceValue> halves() {
  return {{"half", "A", .5, true}, {"half", "B", .5, true}};
}

inline Counts counts_of(plan::Plan const& plan, World const& world, std::uint32_t replicates) {
  Maker maker(world, purpose_key("20261123", "operating characteristics"));
  return simulate(plan, halves(), maker, 0, replicates);
}

}  // namespace itera::forecast::testing
