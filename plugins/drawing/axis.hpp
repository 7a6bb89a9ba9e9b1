#pragma once
#include <string>
#include <vector>

namespace itera::drawing {

/// Values on a line of the picture, linear or logarithmic (then low > 0). Precondition: low < high.
struct Scale {
  double low = 0, high = 1;  ///< values at the two ends
  double from = 0, to = 1;   ///< their places in pixels
  bool logarithmic = false;
  double operator()(double value) const;
};

/// Round values (1, 2 or 5 times a power of ten apart) within [low, high], about `wanted` of them.
/// Precondition: high - low is at least a billionth of both ends' size, and of 1.
std::vector<double> linear_ticks(double low, double high, int wanted);
/// Powers of ten, with 2 and 5 times them if there is room, or some of them if there are many.
std::vector<double> log_ticks(double low, double high);
/// Decimals that tell neighbouring ticks apart.
int tick_decimals(std::vector<double> const& ticks);

}  // namespace itera::drawing
