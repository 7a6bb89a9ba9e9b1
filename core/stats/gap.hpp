#pragma once
#include <cstdint>
#include <optional>

namespace itera::stats {

/// An effect on one set of rows with its standard error, both in fractions; se > 0.
struct Estimate {
  double effect = 0;
  double se = 0;
};

/// How far dev flattered. Dev and test are different rows, so a raw gap over twice the trials' noise happens
/// by chance in two experiments of three; the calibrated one does not.
struct Gap {
  double gap = 0;       ///< dev's effect - test's
  double se = 0;        ///< of the gap: the root of the summed squares
  double z = 0;         ///< gap / se
  double p = 1;         ///< P(Z >= z)
  bool alarm = false;   ///< z > 1.96, one-sided .025
  bool notice = false;  ///< |gap| > 2 x `noise`: the seed's rule
  double noise = 0;     ///< the pooled standard deviation of the trials that the notice compares with
  double optimism = 0;  ///< what the best of `evaluations` looks on dev gains by luck alone
  std::uint32_t evaluations = 1;
};

/// Nothing if a standard error is not above 0 or a number is not finite. `noise` >= 0 is NoiseFloor::s_pool;
/// `evaluations` >= 1 counts the dev passes of the arm and of what it was refined from.
std::optional<Gap> dev_test_gap(Estimate dev, Estimate test, double noise, std::uint32_t evaluations = 1);

/// The mean of the largest of n >= 1 independent standard normal numbers: 0, .56, .85, 1.03, ... by Simpson's
/// rule over n phi(x) Phi(x)^(n - 1) x, to 1e-10.
double expected_maximum(std::uint32_t n);

}  // namespace itera::stats
