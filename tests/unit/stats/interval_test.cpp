#include "core/stats/interval.hpp"

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

}  // namespace
}  // namespace itera::stats
