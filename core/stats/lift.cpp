#include "core/stats/lift.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <vector>

#include "core/stats/quantiles.hpp"
#include "core/stats/sum.hpp"

namespace itera::stats {
namespace {

struct Value {
  int cluster = 0;
  double a = 0, b = 0;
};

/// A cluster, or a value on its own.
struct Unit {
  double n = 0, a = 0, b = 0;
};

bool all_finite(std::span<double const> values) {
  return std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); });
}

std::vector<Unit> units_of(std::span<double const> a, std::span<double const> b,
                           std::span<int const> clusters) {
  std::vector<Value> values(a.size());
  for (std::size_t i = 0; i < a.size(); ++i)
    values[i] = {clusters.empty() ? 0 : clusters[i], a[i], b.empty() ? 0 : b[i]};
  std::sort(values.begin(), values.end(), [](Value const& x, Value const& y) {
    return std::tie(x.cluster, x.a, x.b) < std::tie(y.cluster, y.a, y.b);
  });
  std::vector<Unit> out;
  for (std::size_t begin = 0, end = 0; begin < values.size(); begin = end) {
    end = begin + 1;
    while (!clusters.empty() && end < values.size() && values[end].cluster == values[begin].cluster) ++end;
    auto const count = end - begin;
    out.push_back({static_cast<double>(count), sum_of(count, [&](auto i) { return values[begin + i].a; }),
                   sum_of(count, [&](auto i) { return values[begin + i].b; })});
  }
  std::sort(out.begin(), out.end(),
            [](Unit const& x, Unit const& y) { return std::tie(x.n, x.a, x.b) < std::tie(y.n, y.a, y.b); });
  return out;
}

double degrees_of_freedom(std::vector<Unit> const& units, double n) {
  double before = 0;
  return 1 / sum_of(units.size(), [&](std::size_t i) {
           double const f = units[i].n / n;
           double const r = f * f / (1 - f);
           double const term = f * f + 2 * r * before;
           before += r;
           return term;
         });
}

// The second moments of two means about themselves, by CR2.
struct Moments {
  double n = 0, a = 0, b = 0;
  double aa = 0, ab = 0, bb = 0;
  double df = 1;
};

Moments moments_of(std::vector<Unit> const& units) {
  Moments out;
  auto const count = units.size();
  out.n = sum_of(count, [&](auto i) { return units[i].n; });
  out.a = sum_of(count, [&](auto i) { return units[i].a; }) / out.n;
  out.b = sum_of(count, [&](auto i) { return units[i].b; }) / out.n;
  auto const moment = [&](double Unit::*x, double mean_x, double Unit::*y, double mean_y) {
    return sum_of(count,
                  [&](std::size_t i) {
                    auto const& u = units[i];
                    return (u.*x - u.n * mean_x) * (u.*y - u.n * mean_y) / (1 - u.n / out.n);
                  }) /
           (out.n * out.n);
  };
  out.aa = moment(&Unit::a, out.a, &Unit::a, out.a);
  out.ab = moment(&Unit::a, out.a, &Unit::b, out.b);
  out.bb = moment(&Unit::b, out.b, &Unit::b, out.b);
  out.df = std::max(1.0, degrees_of_freedom(units, out.n));
  return out;
}

}  // namespace

Lift fieller(std::span<double const> a, std::span<double const> b, std::span<int const> clusters,
             double confidence) {
  Lift out;
  bool const lengths = a.size() == b.size() && (clusters.empty() || clusters.size() == a.size());
  if (!lengths || a.size() < 2 || !all_finite(a) || !all_finite(b) || !(confidence > 0 && confidence < 1))
    return out;
  auto const units = units_of(a, b, clusters);
  if (units.size() < 2) return out;
  auto const m = moments_of(units);
  if (m.b == 0) return out;
  out.lift = m.a / m.b - 1;
  out.status = Lift::Status::unbounded;
  double const t = student_quantile(1 - (1 - confidence) / 2, m.df);
  double const square = m.b * m.b - t * t * m.bb;
  if (square <= 0) return out;
  double const middle = m.a * m.b - t * t * m.ab;
  double const rest = m.a * m.a - t * t * m.aa;
  double const root = std::sqrt(std::max(0.0, middle * middle - square * rest));
  out.status = Lift::Status::ok;
  out.ci = {(middle - root) / square - 1, (middle + root) / square - 1};
  return out;
}

}  // namespace itera::stats
