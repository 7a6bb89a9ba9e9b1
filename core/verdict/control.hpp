#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/split/distribution.hpp"
#include "core/verdict/measure.hpp"

namespace itera::verdict {

enum class Reading { unmoved, moved, not_shown };
std::string_view to_string(Reading reading);

/// A control arm, which is expected to show no effect.
struct ControlResult {
  struct Slice {
    std::string id;           ///< "tier=smb"
    bool registered = false;  ///< the rule names it, or it is major
    Measurement measured;
  };
  std::size_t arm = 0, against = 0;  ///< against the arm that it derives from
  Measurement measured;
  std::vector<Slice> slices;
  Reading reading = Reading::not_shown;
  std::string evidence;  ///< the 90% interval, and where it fails to lie within the margin
};

/// `unmoved` if the 90% interval of the effect lies within +-|threshold| overall and on every registered
/// slice (those that the rule names and the major ones); otherwise `moved` if an effect is shown overall
/// (the 90% interval leaves zero out) or on a slice (at a level divided by their number, because the slice is
/// picked by data); else `not shown`. More than 2% of rows without a score show nothing.
ControlResult read_control(plan::Plan const& plan, Tally const& tally, std::size_t arm,
                           std::vector<split::SliceValue> const& values);

}  // namespace itera::verdict
