#pragma once
#include <optional>
#include <vector>

#include "plugins/drawing/axis.hpp"
#include "plugins/drawing/figures.hpp"

namespace itera::drawing {

/// An arm's place in the picture.
struct Point {
  std::size_t arm = 0;
  double x = 0, y = 0;     ///< x is 0 without a cost
  bool front = false;      ///< no other arm is as cheap and as good, and cheaper or better; never a control
  bool dominated = false;  ///< another arm is; what a control does is no choice and dominates nothing
};

/// Where everything of a score-over-cost chart goes, in pixels.
struct CostPlot {
  /// The area of the marks; what lies right of it is the margin for arms that report no cost.
  static constexpr double top = 102, bottom = 442, left = 84;
  double right = 0, strip_left = 0;
  Scale cost, score;
  std::optional<double> line;  ///< the score that the threshold asks for
  bool intervals = false;      ///< some arm has an interval of its score, so that deviations are not drawn
  std::vector<Point> marks, strip;  ///< arms with a cost, and without one, as far as they have a score
};

/// Throws sdk::Invalid if no arm has a score.
CostPlot cost_plot(Figures const& figures);

/// What is drawn up and down: the interval of the score, or one standard deviation to each side.
std::optional<Interval> score_spread(CostPlot const& plot, Arm const& arm);
/// What is drawn from left to right. A logarithmic axis has no place for zero: an interval that reaches so
/// far ends where the axis does.
std::optional<Interval> cost_spread(CostPlot const& plot, Arm const& arm);
/// All arms cost nothing.
bool is_free(CostPlot const& plot);

}  // namespace itera::drawing
