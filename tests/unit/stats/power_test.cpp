#include "core/stats/power.hpp"

#include <cmath>

#include "core/stats/exact.hpp"
#include "core/stats/quantiles.hpp"
#include "tests/unit/stats/golden.hpp"

namespace itera::stats {
namespace {
using testing::agrees;
using testing::golden;

TEST(Power, ConnorAgreesWithReference) {
  for (auto const& c : golden("v07_mcnemar_power").at("connor_n")) {
    auto const n = connor_rows({c.at("psi"), c.at("delta")}, c.at("alpha"), c.at("power"));
    ASSERT_TRUE(n) << c;
    EXPECT_TRUE(agrees(*n, c.at("n"))) << c;
    EXPECT_EQ(std::ceil(*n), c.at("n_ceil").get<double>()) << c;
  }
}

TEST(Power, AsymptoticAgreesWithReference) {
  for (auto const& c : golden("v07_mcnemar_power").at("asymptotic_power"))
    EXPECT_TRUE(agrees(*asymptotic_power(c.at("n"), {c.at("psi"), c.at("delta")}), c.at("power"))) << c;
}

TEST(Power, ExactAgreesWithReference) {
  for (auto const& c : golden("v07_mcnemar_power").at("exact_unconditional_power_of_exact_two_sided_test"))
    EXPECT_TRUE(agrees(*exact_power(c.at("n"), {c.at("psi"), c.at("delta")}), c.at("power"))) << c;
}

TEST(Power, DetectableEffectAgreesWithReference) {
  for (auto const& c : golden("v07_mcnemar_power").at("mde_80"))
    EXPECT_TRUE(agrees(*detectable_effect(c.at("n"), c.at("psi")), c.at("mde"))) << c;
}

TEST(Power, MillerAgreesWithReference) {
  auto const& rows = golden("v07_mcnemar_power").at("miller_n");
  EXPECT_TRUE(agrees(*miller_rows(rows.at("omega2"), rows.at("delta")), rows.at("n")));
  auto const& effect = golden("v07_mcnemar_power").at("miller_mde");
  double const variance = effect.at("omega2").get<double>() +
                          effect.at("sigmaA2").get<double>() / effect.at("KA").get<double>() +
                          effect.at("sigmaB2").get<double>() / effect.at("KB").get<double>();
  EXPECT_TRUE(agrees(*miller_detectable_effect(effect.at("n"), variance), effect.at("mde")));
}

TEST(Power, ExactIsTheShareOfRejectedTables) {
  constexpr int n = 14;
  Discordance const world{0.6, 0.4};
  double expected = 0;
  for (int m = 0; m <= n; ++m)
    for (int wins = 0; wins <= m; ++wins)
      if (mcnemar(wins, m - wins).two_sided <= 0.05)
        expected +=
            binomial_mass(m, n, world.psi) * binomial_mass(wins, m, (1 + world.delta / world.psi) / 2);
  EXPECT_TRUE(agrees(*exact_power(n, world), expected));
}

TEST(Power, ExactKeepsItsLevelAndNeedsSixRows) {
  EXPECT_LE(*exact_power(200, {0.3, 0}), 0.05);
  EXPECT_EQ(*exact_power(5, {1, 1}), 0);
  EXPECT_TRUE(agrees(*exact_power(6, {1, 1}), 1));
}

TEST(Power, SignsDoNotMatter) {
  EXPECT_EQ(connor_rows({0.2, 0.1}), connor_rows({0.2, -0.1}));
  EXPECT_EQ(asymptotic_power(60, {0.2, 0.1}), asymptotic_power(60, {0.2, -0.1}));
  EXPECT_TRUE(agrees(*exact_power(60, {0.2, -0.1}), *exact_power(60, {0.2, 0.1})));
}

TEST(Power, DetectableEffectIsWhereThePowerIs) {
  auto const effect = detectable_effect(300, 0.1);
  ASSERT_TRUE(effect);
  EXPECT_TRUE(agrees(*asymptotic_power(300, {0.1, *effect}), 0.8));
}

TEST(Power, NoEffectSizeIsDetectableInTooFewDifferingRows) {
  EXPECT_FALSE(detectable_effect(20, 0.05));
  EXPECT_FALSE(detectable_effect(0, 0.5));
}

TEST(Power, NothingOutOfRange) {
  EXPECT_FALSE(connor_rows({0.1, 0.2}));
  EXPECT_FALSE(connor_rows({0.1, 0}));
  EXPECT_FALSE(connor_rows({0, 0}));
  EXPECT_FALSE(connor_rows({0.1, 0.05}, 0));
  EXPECT_FALSE(asymptotic_power(0, {0.1, 0.05}));
  EXPECT_FALSE(asymptotic_power(10, {1.1, 0.05}));
  EXPECT_FALSE(exact_power(kMostRowsForExactPower + 1, {0.1, 0.05}));
  EXPECT_FALSE(miller_rows(0, 0.1));
  EXPECT_FALSE(miller_rows(0.1, 0));
  EXPECT_FALSE(miller_detectable_effect(0, 0.1));
}

TEST(Power, EveryRowAWinIsCertain) {
  EXPECT_EQ(*asymptotic_power(10, {1, 1}), 1);
  EXPECT_EQ(*asymptotic_power(3, {1, 1}), 0);
}

// The specification's table: 10pp with a fifth of the rows differing, 2pp with a tenth.
TEST(ShipRows, TakeTheHarderOfEvidenceAndThreshold) {
  EXPECT_EQ(std::ceil(*ship_rows({.2, .15}, .10)), 68);
  EXPECT_EQ(std::ceil(*ship_rows({.2, .12}, .10)), 329);
  EXPECT_EQ(std::round(*ship_rows({.1, .05}, .02)), 312);
  EXPECT_FALSE(ship_rows({.2, .05}, .05)) << "an effect at the threshold ships half of the time whatever n";
  EXPECT_FALSE(ship_rows({.1, .2}, .05));
  EXPECT_FALSE(ship_rows({.2, .1}, -.02));
}

TEST(NonInferiorityRows, AgreeWithTheSpecification) {
  EXPECT_EQ(std::ceil(*non_inferiority_rows({.1, 0}, .02)), 1963);
  EXPECT_EQ(std::ceil(*non_inferiority_rows({.1, .05}, .02)), 161);
  EXPECT_FALSE(non_inferiority_rows({.1, -.02}, .02));
  EXPECT_FALSE(non_inferiority_rows({0, 0}, .02));
}

}  // namespace
}  // namespace itera::stats
