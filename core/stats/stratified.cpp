#include "core/stats/stratified.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/stats/sum.hpp"

namespace itera::stats {

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

}  // namespace itera::stats
