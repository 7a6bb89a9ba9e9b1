#include "plugins/drawing/axis.hpp"

#include <algorithm>
#include <cmath>

namespace itera::drawing {

double Scale::operator()(double value) const {
  auto const at = logarithmic ? (std::log10(value) - std::log10(low)) / (std::log10(high) - std::log10(low))
                              : (value - low) / (high - low);
  return from + at * (to - from);
}

std::vector<double> linear_ticks(double low, double high, int wanted) {
  auto const raw = (high - low) / std::max(wanted, 1);
  auto const power = std::pow(10, std::floor(std::log10(raw)));
  auto const lead = raw / power;
  auto const step = power * (lead < 1.414 ? 1 : lead < 3.162 ? 2 : lead < 7.071 ? 5 : 10);
  std::vector<double> out;
  // Counted in steps: adding a step up drifts.
  auto const slack = 1e-9;
  for (auto k = std::ceil(low / step - slack); k <= std::floor(high / step + slack); ++k)
    out.push_back(k * step);
  return out;
}

std::vector<double> log_ticks(double low, double high) {
  std::vector<double> out;
  bool const dense = high / low < 3000;
  for (auto e = std::floor(std::log10(low)); e <= std::ceil(std::log10(high)); ++e)
    for (auto const lead : {1.0, 2.0, 5.0}) {
      auto const value = lead * std::pow(10, e);
      if (value >= low * 0.999999 && value <= high * 1.000001 && (dense || lead == 1.0)) out.push_back(value);
    }
  return out;
}

int tick_decimals(std::vector<double> const& ticks) {
  if (ticks.size() < 2) return 0;
  auto const step = ticks[1] - ticks[0];
  return std::clamp(-static_cast<int>(std::floor(std::log10(step) + 1e-9)), 0, 9);
}

}  // namespace itera::drawing
