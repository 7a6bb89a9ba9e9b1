#pragma once
#include <cstdint>

namespace itera::stats {

// Probabilities p lie strictly between 0 and 1, degrees of freedom are above 0 and may be fractional. Outside
// of these ranges the results are unspecified: callers check first. Accuracy is about 1e-14 relative.
// Thread-safe.

double normal_cdf(double z);
double normal_quantile(double p);
/// The two-sided critical value of level 1 - alpha: normal_quantile(1 - alpha / 2).
double normal_critical(double alpha);

double student_quantile(double p, double df);
/// P(T >= t).
double student_tail(double t, double df);

double chi_squared_quantile(double p, double df);
/// P(X >= x), x >= 0.
double chi_squared_tail(double x, double df);

/// Of Beta(a, b), a and b > 0.
double beta_quantile(double p, double a, double b);

/// P(X <= k) for X binomial; 0 for k < 0, 1 for k >= n.
double binomial_cdf(std::int64_t k, std::int64_t n, double p);
/// P(X = k) for X binomial; p may be 0 or 1.
double binomial_mass(std::int64_t k, std::int64_t n, double p);

}  // namespace itera::stats
