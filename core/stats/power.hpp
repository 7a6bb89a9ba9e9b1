#pragma once
#include <cstdint>
#include <optional>

namespace itera::stats {

// Sizing of a paired comparison. `psi` is the discordance rate (the share of rows on which baseline and arm
// differ, in (0, 1]), `delta` the true effect with |delta| <= psi, `alpha` the two-sided level and `power`
// the wanted chance, both in (0, 1). Every function answers nothing outside of these ranges. Signs of delta
// do not matter. Thread-safe.

/// What power is computed for.
struct Discordance {
  double psi = 0;
  double delta = 0;
};

/// Rows for McNemar's test: ((z_{1-alpha/2} sqrt(psi) + z_power sqrt(psi - delta^2)) / delta)^2, not rounded
/// up (Connor, Biometrics 43:207, 1987). Nothing if delta is 0.
std::optional<double> connor_rows(Discordance world, double alpha = 0.05, double power = 0.8);

/// Chance that the asymptotic two-sided McNemar test rejects with n >= 1 rows. Too hopeful at small n: .408
/// against an exact .308 at n = 60, psi = .2, delta = .1.
std::optional<double> asymptotic_power(std::int64_t n, Discordance world, double alpha = 0.05);

/// The largest n that `exact_power` takes; beyond it the asymptotic power is close enough.
inline constexpr std::int64_t kMostRowsForExactPower = 500;

/// Unconditional chance that the exact two-sided McNemar test rejects with n rows, averaged over the number
/// of rows that differ. Nothing if n is outside 1..kMostRowsForExactPower.
std::optional<double> exact_power(std::int64_t n, Discordance world, double alpha = 0.05);

/// The smallest effect that n rows detect with the wanted asymptotic power at a given discordance rate;
/// nothing if even an effect of psi (every differing row is a win) is not detected.
std::optional<double> detectable_effect(std::int64_t n, double psi, double alpha = 0.05, double power = 0.8);

/// Rows for a paired z test whose row differences have this variance, > 0 (trial noise included: omega^2 +
/// sigma_a^2 / K_a + sigma_b^2 / K_b), not rounded up (Miller, arXiv 2411.00640). Nothing if delta is 0.
std::optional<double> miller_rows(double row_variance, double delta, double alpha = 0.05, double power = 0.8);

/// The inverse: the smallest effect that n >= 1 rows detect.
std::optional<double> miller_detectable_effect(std::int64_t n, double row_variance, double alpha = 0.05,
                                               double power = 0.8);

/// Rows for a paired comparison to ship with chance `power` where it must be both significant (Connor) and
/// estimated at `threshold` or more: max(connor_rows, z_power^2 (psi - delta^2) / (delta - threshold)^2), not
/// rounded up. Nothing unless delta > threshold >= 0.
std::optional<double> ship_rows(Discordance world, double threshold, double alpha = 0.05, double power = 0.8);

/// Rows for the interval's low end to stay above -margin where the true effect is `world.delta`:
/// (z_{1-alpha/2} + z_power)^2 psi / (margin + delta)^2, not rounded up. Nothing unless margin + delta > 0.
std::optional<double> non_inferiority_rows(Discordance world, double margin, double alpha = 0.05,
                                           double power = 0.8);

}  // namespace itera::stats
