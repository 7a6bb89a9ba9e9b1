#include "core/stats/interval.hpp"

#include <algorithm>
#include <cmath>

#include "core/stats/quantiles.hpp"

namespace itera::stats {

std::optional<Interval> wilson(std::int64_t hits, std::int64_t n, double confidence) {
  if (n < 1 || hits < 0 || hits > n || !(confidence > 0 && confidence < 1)) return std::nullopt;
  double const rows = static_cast<double>(n);
  double const share = static_cast<double>(hits) / rows;
  double const z = normal_critical(1 - confidence);
  double const scale = 1 + z * z / rows;
  double const centre = (share + z * z / (2 * rows)) / scale;
  double const half = z * std::sqrt(share * (1 - share) / rows + z * z / (4 * rows * rows)) / scale;
  return Interval{std::max(0.0, centre - half), std::min(1.0, centre + half)};
}

std::optional<Interval> clopper_pearson(std::int64_t hits, std::int64_t n, double confidence) {
  if (n < 1 || hits < 0 || hits > n || !(confidence > 0 && confidence < 1)) return std::nullopt;
  double const tail = (1 - confidence) / 2;
  double const x = static_cast<double>(hits);
  double const misses = static_cast<double>(n - hits);
  return Interval{hits == 0 ? 0 : beta_quantile(tail, x, misses + 1),
                  hits == n ? 1 : beta_quantile(1 - tail, x + 1, misses)};
}

}  // namespace itera::stats
