#include "core/stats/agreement.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <numeric>
#include <utility>
#include <vector>

#include "core/stats/sum.hpp"

namespace itera::stats {
namespace {

constexpr std::size_t kMostValues = 1000;
constexpr double kMostRating = 1e100;  // squared distances stay finite

/// Pairs of ratings of the same item, each item weighing as many as it has ratings.
struct Coincidences {
  std::vector<double> values;  ///< distinct ratings, rising
  std::vector<double> pairs;   ///< values x values
  std::vector<double> margin;  ///< per value

  double at(std::size_t a, std::size_t b) const { return pairs[a * values.size() + b]; }
};

std::vector<double> ratings_of_item(Ratings const& t, std::size_t item) {
  std::vector<double> out;
  for (std::size_t r = 0; r < t.raters; ++r)
    if (auto const x = t.ratings[r * t.items + item]; !std::isnan(x)) out.push_back(x);
  return out;
}

std::vector<double> distinct_ratings(Ratings const& t) {
  std::vector<double> out;
  for (auto const x : t.ratings)
    if (!std::isnan(x)) out.push_back(x);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

Coincidences coincidences(Ratings const& t, std::vector<double> values) {
  Coincidences out;
  out.values = std::move(values);
  auto const size = out.values.size();
  auto const place = [&](double x) {
    return static_cast<std::size_t>(std::lower_bound(out.values.begin(), out.values.end(), x) -
                                    out.values.begin());
  };
  out.pairs.assign(size * size, 0);
  out.margin.assign(size, 0);
  for (std::size_t item = 0; item < t.items; ++item) {
    auto const ratings = ratings_of_item(t, item);
    if (ratings.size() < 2) continue;
    double const weight = 1 / static_cast<double>(ratings.size() - 1);
    for (std::size_t a = 0; a < ratings.size(); ++a)
      for (std::size_t b = 0; b < ratings.size(); ++b)
        if (a != b) out.pairs[place(ratings[a]) * size + place(ratings[b])] += weight;
  }
  for (std::size_t a = 0; a < size; ++a)
    for (std::size_t b = 0; b < size; ++b) out.margin[a] += out.at(a, b);
  return out;
}

/// Squared distance of the a-th and b-th value, a < b.
double squared_distance(Coincidences const& c, AlphaScale scale, std::size_t a, std::size_t b) {
  if (scale == AlphaScale::nominal) return 1;
  double distance = c.values[b] - c.values[a];
  if (scale == AlphaScale::ordinal)
    distance = std::accumulate(c.margin.begin() + static_cast<std::ptrdiff_t>(a),
                               c.margin.begin() + static_cast<std::ptrdiff_t>(b) + 1, 0.0) -
               (c.margin[a] + c.margin[b]) / 2;
  return distance * distance;
}

}  // namespace

std::optional<Kappa> cohen_kappa(std::span<int const> one, std::span<int const> other) {
  if (one.empty() || one.size() != other.size()) return std::nullopt;
  std::map<int, std::pair<double, double>> margins;
  double equal = 0;
  for (std::size_t i = 0; i < one.size(); ++i) {
    margins[one[i]].first += 1;
    margins[other[i]].second += 1;
    equal += one[i] == other[i] ? 1 : 0;
  }
  double const n = static_cast<double>(one.size());
  Kappa out;
  out.observed = equal / n;
  for (auto const& [category, counts] : margins) out.expected += counts.first / n * (counts.second / n);
  // One category for both raters: nothing but chance agreement is possible.
  if (margins.size() > 1) out.kappa = (out.observed - out.expected) / (1 - out.expected);
  return out;
}

std::optional<double> krippendorff_alpha(Ratings const& t, AlphaScale scale) {
  if (t.raters == 0 || t.items == 0 || t.ratings.size() / t.raters != t.items ||
      t.ratings.size() % t.raters != 0)
    return std::nullopt;
  if (std::any_of(t.ratings.begin(), t.ratings.end(), [](double x) { return std::abs(x) > kMostRating; }))
    return std::nullopt;
  auto values = distinct_ratings(t);
  if (values.size() > kMostValues) return std::nullopt;
  auto const c = coincidences(t, std::move(values));
  double const all = sum_of(c.margin.size(), [&](std::size_t a) { return c.margin[a]; });
  if (all == 0) return std::nullopt;

  double observed = 0;
  double expected = 0;
  for (std::size_t a = 0; a < c.values.size(); ++a)
    for (std::size_t b = a + 1; b < c.values.size(); ++b) {
      double const squared = squared_distance(c, scale, a, b);
      observed += c.at(a, b) * squared;
      expected += c.margin[a] * c.margin[b] * squared;
    }
  return expected > 0 ? 1 - (all - 1) * observed / expected : 1;
}

}  // namespace itera::stats
