#include "core/stats/blind.hpp"

#include <vector>

#include "tests/unit/stats/golden.hpp"

namespace itera::stats {
namespace {
using testing::agrees;
using testing::golden;

TEST(ForeseeHits, AgreesWithReference) {
  auto const& v16 = golden("v16_blind_test");
  for (auto const* id : {"example", "example2"}) {
    auto const& example = v16.at(id);
    std::vector<StratumCounts> const strata{
        {example.at("dev").at("n"), example.at("dev").at("discordant"), example.at("n_test")}};
    auto const found = foresee_hits(strata, 6);
    ASSERT_TRUE(found);
    EXPECT_TRUE(agrees(found->chance, example.at("P(discordant_test>=6)"))) << id;
    EXPECT_TRUE(agrees(found->expected, example.at("expected"))) << id;
  }
}

// One stratum in two halves that know as much: by hand, the sum over how the hits fall on them.
TEST(ForeseeHits, StrataAreConvolved) {
  std::vector<StratumCounts> const one{{10, 2, 5}}, two{{10, 2, 5}, {10, 2, 5}};
  std::vector<double> at_least;
  for (std::int64_t k = 0; k <= 6; ++k) at_least.push_back(foresee_hits(one, k)->chance);
  double expected = 0;
  for (std::size_t k = 0; k <= 5; ++k)
    expected += (at_least[k] - at_least[k + 1]) * at_least[3 - std::min<std::size_t>(3, k)];
  EXPECT_NEAR(foresee_hits(two, 3)->chance, expected, 1e-12);
  EXPECT_NEAR(foresee_hits(two, 3)->expected, 2 * 5 * 2.5 / 11, 1e-12);
}

TEST(ForeseeHits, EdgesAreDefined) {
  EXPECT_EQ(foresee_hits({}, 0)->chance, 1);
  EXPECT_EQ(foresee_hits({}, 6)->chance, 0);
  std::vector<StratumCounts> const five{{100, 90, 5}}, none{{100, 90, 0}};
  EXPECT_NEAR(foresee_hits(five, 6)->chance, 0, 1e-12) << "five rows cannot hold six";
  EXPECT_EQ(foresee_hits(none, 6)->expected, 0);
  std::vector<StratumCounts> const large{{500000, 25000, 200000}};
  EXPECT_NEAR(foresee_hits(large, 6)->chance, 1, 1e-9);
  for (auto const& bad :
       {StratumCounts{-1, 0, 1}, StratumCounts{3, 4, 1}, StratumCounts{3, -1, 1}, StratumCounts{3, 1, -1}})
    EXPECT_FALSE(foresee_hits(std::vector<StratumCounts>{bad}, 6));
  EXPECT_FALSE(foresee_hits(five, -1));
}

// Beta(3.5, 37.5) integrated numerically and inverted by halving.
TEST(JeffreysQuantile, AgreesWithTheDensityIntegrated) {
  EXPECT_NEAR(*jeffreys_quantile(3, 40, .5), 0.078658996808, 1e-9);
  EXPECT_NEAR(*jeffreys_quantile(3, 40, .9), 0.143731852474, 1e-9);
  EXPECT_FALSE(jeffreys_quantile(1, 0, .5));
  EXPECT_FALSE(jeffreys_quantile(5, 4, .5));
  EXPECT_FALSE(jeffreys_quantile(1, 4, 1));
}

}  // namespace
}  // namespace itera::stats
