#include "core/stats/stratified.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <vector>

#include "core/stats/sum.hpp"

namespace itera::stats {
namespace {

// Squared errors of a mean below which they are rounding.
constexpr double kRoundingNoise = 1e-24;

}  // namespace

std::optional<PairedEffect> post_stratified(std::span<Stratum const> strata) {
  std::vector<Stratum> used;
  for (auto const& stratum : strata) {
    if (!std::isfinite(stratum.share) || stratum.share < 0) return std::nullopt;
    if (stratum.share == 0) continue;
    if (stratum.effect.status != PairedStatus::ok) return std::nullopt;
    used.push_back(stratum);
  }
  if (used.empty()) return std::nullopt;
  auto const sum = [&](auto const& term) {
    return sum_of(used.size(), [&](std::size_t i) { return term(used[i]); });
  };
  double const all = sum([](Stratum const& s) { return s.share; });
  auto const variance = [&](Stratum const& s) {
    double const term = s.share / all * s.effect.se;
    return term * term;
  };
  PairedEffect out;
  out.status = PairedStatus::ok;
  out.effect = std::clamp(sum([&](Stratum const& s) { return s.share / all * s.effect.effect; }), -1.0, 1.0);
  out.centre = sum([&](Stratum const& s) { return s.share / all * s.effect.centre; });
  double const whole = sum(variance);
  out.se = std::sqrt(whole);
  out.df = whole * whole / sum([&](Stratum const& s) { return variance(s) * variance(s) / s.effect.df; });
  for (auto const& s : used) {
    out.n += s.effect.n;
    out.groups += s.effect.groups;
  }
  auto const ci = *confidence_interval(out, 0.95);
  out.ci_low = ci.low;
  out.ci_high = ci.high;
  return out;
}

void join_clusters(PairedEffect& effect, std::vector<StratifiedRow> rows) {
  if (effect.status != PairedStatus::ok || rows.empty()) return;
  std::sort(rows.begin(), rows.end(), [](auto const& a, auto const& b) {
    return std::tie(a.cluster, a.stratum, a.error) < std::tie(b.cluster, b.stratum, b.error);
  });
  std::vector<double> together, apart;  // squares of sums
  std::size_t most = 1;
  for (std::size_t begin = 0, end = 0; begin < rows.size(); begin = end) {
    double whole = 0;
    std::size_t strata = 0;
    while (end < rows.size() && rows[end].cluster == rows[begin].cluster) {
      auto const from = end;
      while (end < rows.size() && rows[end].cluster == rows[begin].cluster &&
             rows[end].stratum == rows[from].stratum)
        ++end;
      auto const sum = sum_of(end - from, [&](std::size_t i) { return rows[from + i].error; });
      apart.push_back(sum * sum);
      whole += sum;
      ++strata;
    }
    together.push_back(whole * whole);
    most = std::max(most, strata);
  }
  if (most == 1) return;
  auto const total = [](std::vector<double>& squares) {
    std::sort(squares.begin(), squares.end());
    return sum_of(squares.size(), [&](std::size_t i) { return squares[i]; });
  };
  auto const upper = static_cast<double>(most);
  auto const clusters = static_cast<double>(together.size());
  double const within = total(apart);
  double const deff = within > kRoundingNoise ? std::clamp(total(together) / within, 1.0, upper) : upper;
  effect.groups = together.size();
  effect.se *= std::sqrt(deff);
  effect.df = std::max(1.0, std::min(effect.df, clusters - 1));
  auto const ci = *confidence_interval(effect, 0.95);
  effect.ci_low = ci.low;
  effect.ci_high = ci.high;
}

}  // namespace itera::stats
