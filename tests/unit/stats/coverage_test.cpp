#include <algorithm>
#include <array>
#include <vector>

#include "core/stats/paired.hpp"
#include "core/stats/quantiles.hpp"
#include "tests/unit/stats/golden.hpp"

namespace itera::stats {
namespace {
using testing::golden;

struct Coverage {
  double least = 1;           ///< P(interval holds the truth), worst case
  double most_false_win = 0;  ///< P(lower limit above the truth), worst case
  double most_below = 0;      ///< P(upper limit below the truth), worst case
};

/// Every outcome of n rows, weighted by its probability, over a grid of discordance rates and shares of wins.
Coverage enumerate(int n) {
  struct Outcome {
    int wins;
    int discordant;
    double low;
    double high;
  };
  std::vector<Outcome> outcomes;
  for (int wins = 0; wins <= n; ++wins)
    for (int losses = 0; wins + losses <= n; ++losses) {
      std::vector<double> d(static_cast<std::size_t>(n), 0.0);
      std::fill_n(d.begin(), wins, 1.0);
      std::fill_n(d.rbegin(), losses, -1.0);
      PairedInput in;
      in.d = d;
      auto const effect = paired_effect(in);
      outcomes.push_back({wins, wins + losses, effect.ci_low, effect.ci_high});
    }

  Coverage worst;
  for (double const psi : {0.02, 0.05, 0.1, 0.2, 0.3, 0.5})
    for (double const win_share : {0.5, 0.6, 0.75, 0.9, 1.0}) {
      double const truth = psi * (2 * win_share - 1);
      double above = 0;
      double below = 0;
      for (auto const& outcome : outcomes) {
        double const chance = binomial_mass(outcome.discordant, n, psi) *
                              binomial_mass(outcome.wins, outcome.discordant, win_share);
        if (outcome.low > truth + 1e-12) above += chance;
        if (outcome.high < truth - 1e-12) below += chance;
      }
      worst.least = std::min(worst.least, 1 - above - below);
      worst.most_false_win = std::max(worst.most_false_win, above);
      worst.most_below = std::max(worst.most_below, below);
    }
  return worst;
}

TEST(PlusTwoCoverage, AgreesWithReference) {
  std::size_t compared = 0;
  for (auto const& row : golden("v19_exact_coverage_K1").at("rows")) {
    if (row.at("method") != "plus_two_t") continue;
    SCOPED_TRACE(row.dump());
    auto const actual = enumerate(row.at("n"));
    EXPECT_NEAR(actual.least, row.at("min").get<double>(), 1e-3);
    EXPECT_NEAR(actual.most_false_win, row.at("max_lo_above").get<double>(), 1e-3);
    EXPECT_NEAR(actual.most_below, row.at("max_hi_below").get<double>(), 1e-3);
    ++compared;
  }
  EXPECT_EQ(compared, 6U);
}

TEST(PlusTwoCoverage, FalseWinsAreRareAtEverySize) {
  for (int const n : {10, 16, 20, 30, 60, 100}) {
    auto const actual = enumerate(n);
    EXPECT_GE(actual.least, 0.937) << n;
    EXPECT_LE(actual.most_false_win, 0.024) << n;
  }
}

}  // namespace
}  // namespace itera::stats
