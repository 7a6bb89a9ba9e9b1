#include "core/stats/quantiles.hpp"

#include "tests/unit/stats/golden.hpp"

namespace itera::stats {
namespace {
using testing::agrees;
using testing::golden;

TEST(Quantiles, NormalAgreesWithReference) {
  auto const& v = golden("q01_quantiles");
  EXPECT_TRUE(agrees(normal_quantile(0.975), v.at("z_0.975")));
  EXPECT_TRUE(agrees(normal_quantile(0.95), v.at("z_0.95")));
  EXPECT_TRUE(agrees(normal_quantile(0.8), v.at("z_0.8")));
  EXPECT_TRUE(agrees(normal_critical(0.05), v.at("z_0.975")));
  EXPECT_TRUE(agrees(normal_cdf(normal_quantile(0.3)), 0.3));
}

TEST(Quantiles, StudentAgreesWithReference) {
  auto const& v = golden("q01_quantiles");
  for (auto const& c : v.at("t"))
    EXPECT_TRUE(agrees(student_quantile(c.at("p"), c.at("df")), c.at("q"))) << c;
  for (auto const& c : v.at("t_sf"))
    EXPECT_TRUE(agrees(student_tail(c.at("t"), c.at("df")), c.at("sf"))) << c;
}

TEST(Quantiles, StudentHasItsClosedForms) {
  for (double const p : {0.6, 0.9, 0.95, 0.975, 0.995}) {
    double const a = 2 * p - 1;
    EXPECT_TRUE(agrees(student_quantile(p, 1), std::tan(std::acos(-1.0) * a / 2), 1e-13)) << p;
    EXPECT_TRUE(agrees(student_quantile(p, 2), a * std::sqrt(2 / (1 - a * a)), 1e-13)) << p;
  }
}

TEST(Quantiles, ChiSquaredAgreesWithReference) {
  for (auto const& c : golden("q01_quantiles").at("chi2_sf")) {
    EXPECT_TRUE(agrees(chi_squared_tail(c.at("x"), c.at("df")), c.at("sf"))) << c;
    EXPECT_TRUE(agrees(chi_squared_quantile(1 - c.at("sf").get<double>(), c.at("df")), c.at("x"))) << c;
  }
}

TEST(Quantiles, BetaAgreesWithReference) {
  for (auto const& c : golden("q01_quantiles").at("beta")) {
    EXPECT_TRUE(agrees(beta_quantile(c.at("p"), c.at("a"), c.at("b")), c.at("q"))) << c;
    EXPECT_TRUE(agrees(beta_cdf(c.at("q"), c.at("a"), c.at("b")), c.at("p"))) << c;
  }
  EXPECT_EQ(beta_cdf(-1, 2, 3), 0);
  EXPECT_EQ(beta_cdf(1, 2, 3), 1);
}

TEST(Quantiles, BinomialAtTheEnds) {
  EXPECT_EQ(binomial_cdf(-1, 5, 0.5), 0);
  EXPECT_EQ(binomial_cdf(5, 5, 0.5), 1);
  EXPECT_EQ(binomial_cdf(0, 0, 0.5), 1);
  EXPECT_EQ(binomial_mass(6, 5, 0.5), 0);
  EXPECT_EQ(binomial_mass(5, 5, 1), 1);
  EXPECT_EQ(binomial_mass(0, 5, 0), 1);
  EXPECT_TRUE(agrees(binomial_cdf(1, 4, 0.5), 5.0 / 16));
}

}  // namespace
}  // namespace itera::stats
