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
  // Counted in steps: adding a step up drifts.
  constexpr double slack = 1e-9;
  auto const first = static_cast<long>(std::ceil(low / step - slack));
  auto const last = static_cast<long>(std::floor(high / step + slack));
  std::vector<double> out;
  for (auto k = first; k <= last; ++k) out.push_back(static_cast<double>(k) * step);
  return out;
}

std::vector<double> log_ticks(double low, double high) {
  std::vector<double> out;
  bool const dense = high / low < 3000;
  auto const first = static_cast<int>(std::floor(std::log10(low)));
  auto const last = static_cast<int>(std::ceil(std::log10(high)));
  for (auto power = first; power <= last; power += 1 + (last - first) / 9)
    for (auto const lead : {1, 2, 5}) {
      auto const value = lead * std::pow(10, power);
      if (value >= low * 0.999999 && value <= high * 1.000001 && (dense || lead == 1)) out.push_back(value);
    }
  return out;
}

int tick_decimals(std::vector<double> const& ticks) {
  if (ticks.size() < 2) return 0;
  auto const step = ticks[1] - ticks[0];
  return std::clamp(-static_cast<int>(std::floor(std::log10(step) + 1e-9)), 0, 9);
}

}  // namespace itera::drawing
