#include "core/stats/interval.hpp"

#include "core/stats/quantiles.hpp"
#include "tests/unit/stats/golden.hpp"

namespace itera::stats {
namespace {
using testing::agrees;
using testing::golden;

TEST(Wilson, AgreesWithReference) {
  for (auto const& c : golden("v10_wilson")) {
    auto const ci = wilson(c.at("x"), c.at("n"));
    ASSERT_TRUE(ci) << c;
    EXPECT_TRUE(agrees(ci->low, c.at("ci")[0])) << c;
    EXPECT_TRUE(agrees(ci->high, c.at("ci")[1])) << c;
  }
}

TEST(Wilson, StaysInsideTheUnitInterval) {
  for (int n = 1; n <= 40; ++n)
    for (int hits = 0; hits <= n; ++hits) {
      auto const ci = wilson(hits, n, 0.9);
      ASSERT_TRUE(ci);
      EXPECT_GE(ci->low, 0);
      EXPECT_LE(ci->high, 1);
      EXPECT_LE(ci->low, static_cast<double>(hits) / n + 1e-15);
      EXPECT_GE(ci->high, static_cast<double>(hits) / n - 1e-15);
    }
}

TEST(Wilson, NothingWithoutRowsOrOutOfRange) {
  EXPECT_FALSE(wilson(0, 0));
  EXPECT_FALSE(wilson(-1, 4));
  EXPECT_FALSE(wilson(5, 4));
  EXPECT_FALSE(wilson(1, 4, 1.0));
}

TEST(ClopperPearson, LimitsAreWhereTheBinomialTailsAre) {
  for (int n : {1, 7, 40})
    for (int hits = 0; hits <= n; ++hits) {
      auto const ci = *clopper_pearson(hits, n, 0.9);
      if (hits == 0)
        EXPECT_EQ(ci.low, 0);
      else
        EXPECT_TRUE(agrees(1 - binomial_cdf(hits - 1, n, ci.low), 0.05));
      if (hits == n)
        EXPECT_EQ(ci.high, 1);
      else
        EXPECT_TRUE(agrees(binomial_cdf(hits, n, ci.high), 0.05));
    }
  EXPECT_FALSE(clopper_pearson(0, 0));
  EXPECT_FALSE(clopper_pearson(5, 4));
  EXPECT_FALSE(clopper_pearson(-1, 4));
  EXPECT_FALSE(clopper_pearson(1, 4, 0));
}

}  // namespace
}  // namespace itera::stats
