#include "core/stats/holm.hpp"

#include <algorithm>
#include <numeric>

namespace itera::stats {

std::vector<double> holm(std::span<double const> p) {
  auto const value = [&](std::size_t i) { return p[i] >= 0 && p[i] <= 1 ? p[i] : 1.0; };
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return value(a) < value(b); });

  std::vector<double> adjusted(p.size());
  double largest = 0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    double const factor = static_cast<double>(order.size() - rank);
    largest = std::max(largest, std::min(1.0, factor * value(order[rank])));
    adjusted[order[rank]] = largest;
  }
  return adjusted;
}

}  // namespace itera::stats
