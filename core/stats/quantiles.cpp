#include "core/stats/quantiles.hpp"

#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>

namespace itera::stats {
namespace {
namespace bm = boost::math;
// No promotion to long double: its width differs between platforms, and a verdict must not.
using Policy = bm::policies::policy<bm::policies::promote_double<false>,
                                    bm::policies::domain_error<bm::policies::ignore_error>,
                                    bm::policies::pole_error<bm::policies::ignore_error>,
                                    bm::policies::overflow_error<bm::policies::ignore_error>,
                                    bm::policies::evaluation_error<bm::policies::ignore_error>,
                                    bm::policies::rounding_error<bm::policies::ignore_error>>;
using Normal = bm::normal_distribution<double, Policy>;
using Student = bm::students_t_distribution<double, Policy>;
using ChiSquared = bm::chi_squared_distribution<double, Policy>;
using Beta = bm::beta_distribution<double, Policy>;
using Binomial = bm::binomial_distribution<double, Policy>;
}  // namespace

double normal_cdf(double z) {
  return bm::cdf(Normal(), z);
}
double normal_quantile(double p) {
  return bm::quantile(Normal(), p);
}
double normal_critical(double alpha) {
  return bm::quantile(bm::complement(Normal(), alpha / 2));
}

double student_quantile(double p, double df) {
  return bm::quantile(Student(df), p);
}
double student_tail(double t, double df) {
  return bm::cdf(bm::complement(Student(df), t));
}

double chi_squared_quantile(double p, double df) {
  return bm::quantile(ChiSquared(df), p);
}
double chi_squared_tail(double x, double df) {
  return bm::cdf(bm::complement(ChiSquared(df), x));
}

double beta_quantile(double p, double a, double b) {
  return bm::quantile(Beta(a, b), p);
}

double binomial_cdf(std::int64_t k, std::int64_t n, double p) {
  if (k < 0) return 0;
  if (k >= n) return 1;
  return bm::cdf(Binomial(static_cast<double>(n), p), static_cast<double>(k));
}

double binomial_mass(std::int64_t k, std::int64_t n, double p) {
  if (k < 0 || k > n) return 0;
  return bm::pdf(Binomial(static_cast<double>(n), p), static_cast<double>(k));
}

}  // namespace itera::stats
