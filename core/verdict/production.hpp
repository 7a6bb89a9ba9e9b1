#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/split/distribution.hpp"
#include "core/verdict/measure.hpp"

namespace itera::verdict {

/// The effect on production's mix of one slice column (post-stratified), beside the one on test's own mix.
struct TrafficEffect {
  std::string column;
  std::optional<stats::PairedEffect> paired;  ///< nothing if a value of production cannot be measured on test
  std::string why_not;                        ///< then: which, and why
  std::optional<stats::NoiseFloor> noise;     ///< of means on that mix; nothing with fewer than two trials
  /// Half the sum of the shares' differences between test and production, in [0, 1].
  double mix_distance = 0;
};

/// From this on the mix of test counts as another than production's.
inline constexpr double kMixDiffers = 0.01;

/// One for each slice column that has values, on `rows`, which the arm and `against` both have.
std::vector<TrafficEffect> effects_over_traffic(plan::Plan const& plan, Tally const& tally, std::size_t arm,
                                                std::vector<std::size_t> const& rows,
                                                std::vector<split::SliceValue> const& values, double c2,
                                                std::size_t against = 0);

/// `m` as the rule's estimand asks for it: with the effect, interval, p and noise floor over the traffic of
/// the column that the rule names; nothing if there is no such effect, `why` then says so.
std::optional<Measurement> over_traffic(plan::Plan const& plan, Measurement const& m,
                                        std::vector<TrafficEffect> const& effects, std::string& why);

}  // namespace itera::verdict
