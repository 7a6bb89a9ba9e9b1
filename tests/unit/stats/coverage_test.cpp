#include <algorithm>
#include <cstdio>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/stats/bootstrap.hpp"
#include "core/stats/mean.hpp"
#include "core/stats/paired.hpp"
#include "core/stats/paired_binary.hpp"
#include "core/stats/quantiles.hpp"
#include "tests/unit/stats/golden.hpp"

namespace itera::stats {
namespace {
using testing::golden;

using Method = std::function<Interval(PairedCounts const&)>;

template <class Row>
std::vector<Row> rows_of(PairedCounts const& c) {
  std::vector<Row> d(static_cast<std::size_t>(c.rows), 0);
  std::fill_n(d.begin(), c.wins, Row{1});
  std::fill_n(d.rbegin(), c.losses, Row{-1});
  return d;
}

Interval plus_two(PairedCounts const& c) {
  auto const d = rows_of<double>(c);
  auto const effect = paired_effect({d, {}, {}, 0, 1, {}});
  return {effect.ci_low, effect.ci_high};
}

std::map<std::string, Method> const& methods() {
  static std::map<std::string, Method> const all = {
      {"plus_two_t", plus_two},
      {"paired_t", [](PairedCounts const& c) { return *t_interval(*mean_estimate(rows_of<double>(c))); }},
      {"tango", [](PairedCounts const& c) { return *tango(c); }},
      {"tango_bcf", [](PairedCounts const& c) { return *tango(c, 0.95, true); }},
      {"bonett_price_z", [](PairedCounts const& c) { return *bonett_price(c); }},
      {"pct_boot",
       [](PairedCounts const& c) { return lattice_bootstrap(rows_of<std::int64_t>(c), 1)->percentile; }},
      {"fay_lumbard", [](PairedCounts const& c) { return *fay_lumbard(c); }},
  };
  return all;
}

struct Coverage {
  double least = 1;           ///< P(interval holds the truth), worst case
  double most_false_win = 0;  ///< P(lower limit above the truth), worst case
  double most_below = 0;      ///< P(upper limit below the truth), worst case
};

/// Every outcome of n rows, weighted by its probability, over a grid of discordance rates and shares of wins.
Coverage enumerate(int n, Method const& method) {
  struct Outcome {
    int wins;
    int discordant;
    double low;
    double high;
  };
  std::vector<Outcome> outcomes;
  for (int wins = 0; wins <= n; ++wins)
    for (int losses = 0; wins + losses <= n; ++losses) {
      auto const ci = method({wins, losses, n});
      outcomes.push_back({wins, wins + losses, ci.low, ci.high});
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

/// n up to which a method is enumerated: the exact interval and the bootstrap take milliseconds each.
int most_rows(std::string const& method) {
  return method == "fay_lumbard" ? 20 : method == "pct_boot" ? 60 : 100;
}

// Dirichlet, Wald and another tool's are in the reference for comparison; they are not methods of this
// library.
TEST(ExactCoverage, EveryMethodAgreesWithReference) {
  std::size_t compared = 0;
  for (auto const& row : golden("v19_exact_coverage_K1").at("rows")) {
    auto const method = methods().find(row.at("method").get<std::string>());
    if (method == methods().end() || row.at("n").get<int>() > most_rows(method->first)) continue;
    SCOPED_TRACE(row.dump());
    auto const actual = enumerate(row.at("n"), method->second);
    std::printf("| %d | %s | %.3f | %.3f | %.3f |\n", row.at("n").get<int>(), method->first.c_str(),
                actual.least, actual.most_false_win, actual.most_below);
    EXPECT_NEAR(actual.least, row.at("min").get<double>(), 1e-3);
    EXPECT_NEAR(actual.most_false_win, row.at("max_lo_above").get<double>(), 1e-3);
    EXPECT_NEAR(actual.most_below, row.at("max_hi_below").get<double>(), 1e-3);
    ++compared;
  }
  EXPECT_EQ(compared, 5U * 6 + 5 + 3);
}

TEST(PlusTwoCoverage, FalseWinsAreRareAtEverySize) {
  for (int const n : {10, 16, 20, 30, 60, 100}) {
    auto const actual = enumerate(n, plus_two);
    EXPECT_GE(actual.least, 0.937) << n;
    EXPECT_LE(actual.most_false_win, 0.024) << n;
  }
}

}  // namespace
}  // namespace itera::stats
