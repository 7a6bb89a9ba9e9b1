#include "core/stats/paired_binary.hpp"

#include <functional>
#include <limits>

#include "core/stats/exact.hpp"
#include "tests/unit/stats/golden.hpp"

namespace itera::stats {
namespace {
using testing::agrees;
using testing::golden;

void expect_interval(std::optional<Interval> const& actual, nlohmann::json const& expected,
                     double tolerance = 1e-9) {
  ASSERT_TRUE(actual);
  EXPECT_TRUE(agrees(actual->low, expected[0], tolerance));
  EXPECT_TRUE(agrees(actual->high, expected[1], tolerance));
}

TEST(PairedBinary, TangoAndBonettPriceAgreeWithReference) {
  for (auto const& c : golden("v01_paired_binary")) {
    SCOPED_TRACE(c.dump());
    PairedCounts const counts{c.at("w"), c.at("l"), c.at("n")};
    expect_interval(tango(counts), c.at("tango"));
    expect_interval(bonett_price(counts), c.at("bonett_price"));
    if (c.at("tango_bcf")[0].is_null())
      EXPECT_FALSE(tango(counts, 0.95, true));
    else
      expect_interval(tango(counts, 0.95, true), c.at("tango_bcf"));
  }
}

TEST(PairedBinary, NewcombeAgreesWithReference) {
  for (auto const& c : golden("v02_newcombe_paired")) {
    SCOPED_TRACE(c.dump());
    expect_interval(newcombe({c.at("both_right"), c.at("w"), c.at("l"), c.at("both_wrong")}),
                    c.at("newcombe_method10"));
  }
}

// The reference allows 1e-6 because R's root finder stops there; its numbers agree with ours to 1e-9.
TEST(PairedBinary, FayLumbardAgreesWithReference) {
  for (auto const& c : golden("v03_fay_lumbard_exact")) {
    SCOPED_TRACE(c.dump());
    expect_interval(fay_lumbard({c.at("w"), c.at("l"), c.at("n")}), c.at("ci"));
  }
}

TEST(PairedBinary, FayLumbardExcludesZeroWhenMcNemarRejects) {
  for (int wins = 0; wins <= 9; ++wins)
    for (int losses = 0; losses <= 2; ++losses) {
      auto const ci = *fay_lumbard({wins, losses, 30});
      EXPECT_EQ(ci.low > 0 || ci.high < 0, mcnemar(wins, losses).two_sided <= 0.05) << wins << " " << losses;
    }
}

TEST(PairedBinary, TangoExcludesZeroWhenTheUncorrectedMcNemarDoes) {
  // At no difference the score statistic is (w - l) / sqrt(w + l).
  for (int wins = 1; wins <= 20; ++wins) {
    double const z = (wins - 2) / std::sqrt(wins + 2.0);
    EXPECT_EQ(tango({wins, 2, 60})->low > 0, z > 1.959963984540054) << wins;
  }
}

using Method = std::function<std::optional<Interval>(PairedCounts, double)>;

std::vector<Method> methods() {
  return {[](PairedCounts c, double level) { return tango(c, level); },
          [](PairedCounts c, double level) { return tango(c, level, true); },
          [](PairedCounts c, double level) { return bonett_price(c, level); },
          [](PairedCounts c, double level) { return fay_lumbard(c, level); },
          [](PairedCounts c, double level) {
            // Counts that cannot be are for the method to refuse, not for this sum to overflow on.
            auto const alike = c.wins > 0 && c.losses > c.rows - c.wins ? -1 : c.rows - c.wins - c.losses;
            return newcombe({alike / 2, c.wins, c.losses, alike - alike / 2}, level);
          }};
}

TEST(PairedBinary, EveryMethodMirrorsNestsAndHoldsTheEffect) {
  for (auto const& method : methods())
    for (PairedCounts const c : {PairedCounts{9, 3, 30}, {0, 4, 12}, {7, 7, 14}, {6, 0, 6}, {1, 0, 400}}) {
      auto const ci = method(c, 0.95);
      auto const mirror = method({c.losses, c.wins, c.rows}, 0.95);
      auto const wide = method(c, 0.99);
      ASSERT_TRUE(ci && mirror && wide);
      EXPECT_TRUE(agrees(ci->low, -mirror->high));
      EXPECT_TRUE(agrees(ci->high, -mirror->low));
      double const effect = static_cast<double>(c.wins - c.losses) / static_cast<double>(c.rows);
      EXPECT_LE(ci->low, effect);
      EXPECT_GE(ci->high, effect);
      EXPECT_LE(wide->low, ci->low + 1e-12);
      EXPECT_GE(wide->high, ci->high - 1e-12);
      EXPECT_GE(wide->low, -1);
      EXPECT_LE(wide->high, 1);
    }
}

TEST(PairedBinary, ExtraTiesPullTowardsZero) {
  for (auto const& method : methods())
    EXPECT_LT(method({9, 3, 60}, 0.95)->high, method({9, 3, 30}, 0.95)->high);
}

TEST(PairedBinary, ManyRowsStayFinite) {
  for (auto const& method : methods()) {
    auto const ci = method({900, 700, 100'000}, 0.95);
    ASSERT_TRUE(ci);
    EXPECT_NEAR(ci->low, 0.002 - 1.96 * 0.0004, 2e-5);
    EXPECT_NEAR(ci->high, 0.002 + 1.96 * 0.0004, 2e-5);
  }
}

TEST(PairedBinary, NothingOutOfRange) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  for (auto const& method : methods()) {
    EXPECT_FALSE(method({0, 0, 0}, 0.95));
    EXPECT_FALSE(method({-1, 0, 5}, 0.95));
    EXPECT_FALSE(method({3, 3, 5}, 0.95));
    EXPECT_FALSE(method({INT64_MAX, INT64_MAX, 5}, 0.95));
    for (double const level : {0.0, 1.0, -1.0, nan}) EXPECT_FALSE(method({1, 0, 5}, level));
  }
  EXPECT_FALSE(newcombe({INT64_MAX, 1, 1, INT64_MAX}));
  EXPECT_FALSE(fay_lumbard({1, 1, 100'001}));
}

}  // namespace
}  // namespace itera::stats
