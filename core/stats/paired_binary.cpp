#include "core/stats/paired_binary.hpp"

#include <algorithm>
#include <cmath>

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <boost/math/tools/roots.hpp>

#include "core/stats/quantiles.hpp"

namespace itera::stats {
namespace {

constexpr std::int64_t kMostRowsForFayLumbard = 100'000;
constexpr double kNegligible = 1e-15;

bool is_valid(PairedCounts const& c, double confidence) {
  return c.wins >= 0 && c.losses >= 0 && c.rows >= 1 && c.rows <= kMostPairedRows && c.wins <= c.rows &&
         c.losses <= c.rows - c.wins && confidence > 0 && confidence < 1;
}

/// Where a predicate that is false below and true above turns, to the last bit.
template <class Predicate>
double turning_point(double low, double high, Predicate is_above) {
  for (double middle = low + (high - low) / 2; middle > low && middle < high; middle = low + (high - low) / 2)
    (is_above(middle) ? high : low) = middle;
  return low;
}

/// Tango's score statistic of the hypothesis that the difference is t; falls in t.
double tango_score(PairedCounts const& c, double t, double inflation) {
  double const n = static_cast<double>(c.rows);
  double const w = static_cast<double>(c.wins);
  double const l = static_cast<double>(c.losses);
  double const a = 2 * n;
  double const b = -w - l + (2 * n - w + l) * t;
  double const q =
      (-b + std::sqrt(std::max(0.0, b * b + 4 * a * l * t * (1 - t)))) / (2 * a);  // share of losses under t
  double const variance = inflation * n * (2 * q + t * (1 - t));
  return (w - l - n * t) / std::sqrt(std::max(variance, 1e-300));
}

double tango_lower(PairedCounts const& c, double z, double inflation) {
  if (c.losses == c.rows) return -1;
  return turning_point(-1, 1, [&](double t) { return tango_score(c, t, inflation) <= z; });
}

/// The lower confidence variable of the difference: the share of wins is Beta(w, l + 1); the rate of
/// discordance is Beta(m, n - m + 1) where it shrinks a gain and Beta(m + 1, n - m) where it shrinks a loss.
struct Melded {
  double w, l, m, n;
  double least, most;  ///< all but 1e-15 of the share of wins lies between

  explicit Melded(PairedCounts const& c)
      : w(static_cast<double>(c.wins)),
        l(static_cast<double>(c.losses)),
        m(w + l),
        n(static_cast<double>(c.rows)),
        least(beta_quantile(kNegligible, w, l + 1)),
        most(1 - beta_quantile(kNegligible, l + 1, w)) {}

  /// P(variable <= t).
  double cdf(double t) const {
    using Quadrature = boost::math::quadrature::gauss_kronrod<double, 31>;
    constexpr unsigned kDepth = 10;
    constexpr double kTolerance = 1e-11;
    double const turn = (1 + t) / 2;
    double const below = beta_cdf(turn, w, l + 1);
    if (t >= 0) {
      auto const rest = [&](double share) {
        return beta_density(share, w, l + 1) * beta_cdf(t / (2 * share - 1), m, n - m + 1);
      };
      double const from = std::max(turn, least);
      return from < most ? below + Quadrature::integrate(rest, from, most, kDepth, kTolerance) : below;
    }
    if (m == n) return below;
    auto const part = [&](double share) {
      return beta_density(share, w, l + 1) * (1 - beta_cdf(t / (2 * share - 1), m + 1, n - m));
    };
    double const to = std::min(turn, most);
    return least < to ? Quadrature::integrate(part, least, to, kDepth, kTolerance) : 0;
  }
};

double fay_lumbard_lower(PairedCounts const& c, double alpha) {
  double const m = static_cast<double>(c.wins + c.losses);
  double const n = static_cast<double>(c.rows);
  if (c.wins == 0) return c.losses == c.rows ? -1 : -beta_quantile(1 - alpha / 2, m + 1, n - m);
  Melded const melded(c);
  auto const excess = [&](double t) { return melded.cdf(t) - alpha / 2; };
  if (excess(1) <= 0) return 1;  // alpha below what the tails leave out
  std::uintmax_t steps = 100;
  auto const [low, high] = boost::math::tools::toms748_solve(
      excess, -1.0, 1.0, boost::math::tools::eps_tolerance<double>(44), steps);
  return low + (high - low) / 2;
}

}  // namespace

std::optional<Interval> tango(PairedCounts const& c, double confidence, bool bias_corrected) {
  if (!is_valid(c, confidence) || (bias_corrected && c.rows == 1)) return std::nullopt;
  double const n = static_cast<double>(c.rows);
  double const inflation = bias_corrected ? n / (n - 1) : 1;
  double const z = normal_critical(1 - confidence);
  return Interval{tango_lower(c, z, inflation), -tango_lower({c.losses, c.wins, c.rows}, z, inflation)};
}

std::optional<Interval> bonett_price(PairedCounts const& c, double confidence) {
  if (!is_valid(c, confidence)) return std::nullopt;
  double const n = static_cast<double>(c.rows) + 2;
  double const centre = static_cast<double>(c.wins - c.losses) / n;
  double const discordant = static_cast<double>(c.wins + c.losses + 2) / n;
  double const half = normal_critical(1 - confidence) * std::sqrt((discordant - centre * centre) / n);
  return Interval{std::max(-1.0, centre - half), std::min(1.0, centre + half)};
}

std::optional<Interval> newcombe(PairedTable const& t, double confidence) {
  for (auto const cell : {t.both_right, t.wins, t.losses, t.both_wrong})
    if (cell < 0 || cell > kMostPairedRows) return std::nullopt;
  auto const rows = t.both_right + t.wins + t.losses + t.both_wrong;
  if (!is_valid({t.wins, t.losses, rows}, confidence)) return std::nullopt;
  auto const arm = wilson(t.both_right + t.wins, rows, confidence);
  auto const base = wilson(t.both_right + t.losses, rows, confidence);
  double const n = static_cast<double>(rows);
  double const arm_share = static_cast<double>(t.both_right + t.wins) / n;
  double const base_share = static_cast<double>(t.both_right + t.losses) / n;

  auto const as_double = [](std::int64_t x) { return static_cast<double>(x); };
  double const margins = as_double(t.both_right + t.wins) * as_double(t.losses + t.both_wrong) *
                         as_double(t.both_right + t.losses) * as_double(t.wins + t.both_wrong);
  double cross = as_double(t.both_right) * as_double(t.both_wrong) - as_double(t.wins) * as_double(t.losses);
  if (cross > 0) cross = std::max(0.0, cross - n / 2);
  double const phi = margins > 0 ? cross / std::sqrt(margins) : 0;

  auto const distance = [&](double a, double b) {
    return std::sqrt(std::max(0.0, a * a - 2 * phi * a * b + b * b));
  };
  double const effect = as_double(t.wins - t.losses) / n;
  return Interval{std::max(-1.0, effect - distance(arm_share - arm->low, base->high - base_share)),
                  std::min(1.0, effect + distance(arm->high - arm_share, base_share - base->low))};
}

std::optional<Interval> fay_lumbard(PairedCounts const& c, double confidence) {
  if (!is_valid(c, confidence) || c.rows > kMostRowsForFayLumbard) return std::nullopt;
  double const alpha = 1 - confidence;
  return Interval{fay_lumbard_lower(c, alpha), -fay_lumbard_lower({c.losses, c.wins, c.rows}, alpha)};
}

}  // namespace itera::stats
