#include "core/stats/audit.hpp"

#include <limits>
#include <vector>

#include "core/stats/multinomial.hpp"
#include "tests/unit/stats/golden.hpp"

namespace itera::stats {
namespace {
using testing::agrees;
using testing::golden;
using Counts = std::vector<std::int64_t>;
using Shares = std::vector<double>;

std::optional<Audit> audit(Counts const& observed, Shares const& production,
                           std::optional<double> production_rows = {}) {
  return audit_distribution({observed, production, production_rows, 42});
}

TEST(Audit, AgreesWithReference) {
  auto const& v = golden("v09_distribution_audit");
  auto const out = audit(v.at("observed").get<Counts>(), v.at("production_share").get<Shares>());
  ASSERT_TRUE(out);
  EXPECT_TRUE(agrees(*out->chi_square, v.at("chi2")));
  EXPECT_EQ(out->df, v.at("df").get<std::size_t>());
  EXPECT_TRUE(agrees(*out->p_chi_square, v.at("p_chi2")));
  EXPECT_EQ(out->test, AuditTest::exact);
  EXPECT_TRUE(agrees(out->p, v.at("p_exact_multinomial")));
  EXPECT_TRUE(agrees(out->tv, v.at("tv")));
  EXPECT_TRUE(agrees(out->psi, v.at("psi_floor_half_count_renormalised")));
  EXPECT_TRUE(agrees(out->expected[2], v.at("expected_missing_class")));
}

TEST(Audit, AnAbsentClassFailsWhateverTheP) {
  auto const out = audit({12, 30, 0, 18}, {0.18, 0.42, 0.08, 0.32});
  EXPECT_EQ(out->absent, (std::vector<std::size_t>{2}));
  EXPECT_EQ(out->verdict, AuditVerdict::fail);
  EXPECT_EQ(audit({13, 30, 0, 17}, {0.19, 0.49, 0.04, 0.28})->verdict, AuditVerdict::ok);
}

TEST(Audit, AFaithfulSampleIsOk) {
  auto const out = audit({18, 42, 8, 32}, {1800, 4200, 800, 3200}, 10'000);
  ASSERT_TRUE(out);
  EXPECT_EQ(out->verdict, AuditVerdict::ok);
  EXPECT_EQ(out->test, AuditTest::chi_square);
  EXPECT_TRUE(agrees(out->tv, 0));
  EXPECT_TRUE(agrees(out->p, 1));
}

TEST(Audit, FarAndUnlikelyFails) {
  EXPECT_EQ(audit({40, 60}, {0.6, 0.4})->verdict, AuditVerdict::fail);
}

TEST(Audit, FarButNotUnlikelyWarns) {
  auto const out = audit({8, 12}, {0.6, 0.4});
  EXPECT_GT(out->p, 0.05);
  EXPECT_EQ(out->verdict, AuditVerdict::warn);
}

TEST(Audit, TotalVariationOfExactlyTheLimitPasses) {
  auto const out = audit({7, 3}, {0.6, 0.4});
  EXPECT_TRUE(agrees(out->tv, 0.1));
  EXPECT_EQ(out->verdict, AuditVerdict::ok);
  EXPECT_GT(audit({12, 30, 0, 18}, {0.18, 0.42, 0.08, 0.32})->tv, 0.1);  // .1 too, but for rounding
}

TEST(Audit, StabilityLimitFollowsCellsAndRows) {
  // chi2_{.95,1} = 3.841458820694124
  EXPECT_TRUE(agrees(audit({10, 10}, {0.5, 0.5})->psi_limit, 3.841458820694124 / 20));
  EXPECT_TRUE(
      agrees(audit({10, 10}, {0.5, 0.5}, 100)->psi_limit, 3.841458820694124 * (1.0 / 20 + 1.0 / 100)));
  EXPECT_EQ(audit({1000, 1000}, {0.5, 0.5})->psi_limit, 0.1);
}

TEST(Audit, RowsThatProductionDoesNotHave) {
  auto const out = audit({50, 30, 20}, {0.6, 0.4, 0});
  ASSERT_TRUE(out);
  EXPECT_EQ(out->p, 0);
  EXPECT_FALSE(out->chi_square);
  EXPECT_EQ(out->verdict, AuditVerdict::fail);
  EXPECT_TRUE(std::isfinite(out->psi));
}

TEST(Audit, UnusedCellsAndASingleCell) {
  auto const one = audit({10, 20, 0}, {0.5, 0.5, 0});
  auto const other = audit({10, 20}, {0.5, 0.5});
  EXPECT_EQ(one->psi, other->psi);
  EXPECT_EQ(one->p, other->p);
  EXPECT_EQ(one->df, 1U);
  auto const single = audit({10}, {1});
  EXPECT_EQ(single->verdict, AuditVerdict::ok);
  EXPECT_EQ(single->p, 1);
  EXPECT_FALSE(single->chi_square);
}

TEST(Audit, NothingWithoutRowsOrProduction) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(audit({}, {}));
  EXPECT_FALSE(audit({0, 0}, {0.5, 0.5}));
  EXPECT_FALSE(audit({1, 2}, {0, 0}));
  EXPECT_FALSE(audit({1, 2}, {1}));
  EXPECT_FALSE(audit({1, -2}, {0.5, 0.5}));
  EXPECT_FALSE(audit({1, 2}, {0.5, nan}));
}

TEST(Audit, ManySmallCellsAreSimulated) {
  Counts const observed = {9, 7, 8, 6, 8, 9, 7, 6};
  Shares const production(8, 0.125);
  EXPECT_EQ(audit(observed, production)->test, AuditTest::chi_square);
  Shares const skewed = {0.2, 0.2, 0.2, 0.2, 0.1, 0.05, 0.03, 0.02};
  auto const out = audit({12, 12, 12, 12, 6, 3, 2, 1}, skewed);
  EXPECT_EQ(out->test, AuditTest::simulated);
  EXPECT_GT(out->p, 0.99);
  EXPECT_EQ(out->p, audit({12, 12, 12, 12, 6, 3, 2, 1}, skewed)->p);
}

TEST(Multinomial, SimulationAgreesWithEnumeration) {
  Counts const observed = {12, 30, 1, 17};
  Shares const shares = {0.18, 0.42, 0.08, 0.32};
  double const exact = *multinomial_exact_p(observed, shares);
  EXPECT_NEAR(multinomial_simulated_p(observed, shares, 1), exact, 4 * std::sqrt(exact * (1 - exact) / 1e5));
}

TEST(Multinomial, TwoEqualCellsAreTheSignTest) {
  EXPECT_TRUE(agrees(*multinomial_exact_p(Counts{9, 3}, Shares{0.5, 0.5}), 0.14599609375));
  EXPECT_TRUE(agrees(*multinomial_exact_p(Counts{6, 6}, Shares{0.5, 0.5}), 1));
}

TEST(Multinomial, TooManyOutcomesAreNotEnumerated) {
  EXPECT_FALSE(multinomial_exact_p(Counts(8, 10), Shares(8, 0.125)));
  EXPECT_FALSE(multinomial_exact_p(Counts(65, 1), Shares(65, 1.0 / 65)));
}

}  // namespace
}  // namespace itera::stats
