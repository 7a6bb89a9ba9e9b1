// Error rates of the interval that decides, by simulation. ITERA_COVERAGE_REPLICATES=4000 runs the full set,
// whose table docs/statistics.md shows.
#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "core/base/hash.hpp"
#include "core/stats/exact.hpp"
#include "core/stats/mean.hpp"
#include "tests/unit/stats/golden.hpp"
#include "tests/unit/stats/row_models.hpp"

namespace itera::stats {
namespace {
using testing::Dependence;

constexpr std::uint32_t kShort = 400;

std::uint32_t replicates() {
  auto const* const text = std::getenv("ITERA_COVERAGE_REPLICATES");
  return text == nullptr ? kShort : static_cast<std::uint32_t>(std::stoul(text));
}

struct Rates {
  double coverage = 0;
  double false_win = 0;  ///< lower limit above the truth
  double below = 0;      ///< upper limit below the truth
};

struct Cell {
  Rates plus_two;
  Rates large_sample;      ///< paired t, CR2 with vendors
  double sign_flip = 0;    ///< share of one-sided p <= .025 of the exact test
  double width_ratio = 0;  ///< mean width of plus-two over that of the paired t
};

void count(Rates& rates, Interval const& ci, double truth, double share) {
  bool const above = ci.low > truth + 1e-12;
  bool const below = ci.high < truth - 1e-12;
  if (above) rates.false_win += share;
  if (below) rates.below += share;
  if (!above && !below) rates.coverage += share;
}

Cell measured(testing::RowModel const& model, std::uint32_t units, int trials, Dependence dependence,
              std::uint32_t all) {
  CounterRng const rng(purpose_key(
      "coverage", fmt::format("{} {} {} {}", model.name, units, trials, static_cast<int>(dependence))));
  double const share = 1.0 / all;
  Cell out;
  double plus_two_width = 0;
  double large_width = 0;
  for (std::uint32_t replicate = 0; replicate < all; ++replicate) {
    auto const data = testing::simulate(model, units, trials, dependence, rng, replicate);
    auto const effect = paired_effect(data.input());
    count(out.plus_two, {effect.ci_low, effect.ci_high}, model.effect, share);
    auto const mean = mean_estimate(data.d, data.weights, data.clusters);
    auto const classic = t_interval(*mean);
    count(out.large_sample, *classic, model.effect, share);
    plus_two_width += effect.ci_high - effect.ci_low;
    large_width += classic->high - classic->low;
    if (sign_flip_exact(data.wins, data.clusters)->one_sided <= .025) out.sign_flip += share;
  }
  out.width_ratio = large_width > 0 ? plus_two_width / large_width : 0;
  return out;
}

std::string_view name_of(Dependence dependence) {
  return dependence == Dependence::independent ? "independent rows"
         : dependence == Dependence::vendors   ? "vendors of 1-3 rows, ICC .8"
                                               : "lognormal weights";
}

class MonteCarlo : public ::testing::TestWithParam<Dependence> {};

TEST_P(MonteCarlo, FalseWinsAreRareAndCoverageHolds) {
  auto const all = replicates();
  bool const clustered = GetParam() == Dependence::vendors;
  double const least = clustered ? .92 : .94;
  double const se = std::sqrt(.025 * .975 / all);
  double const se_coverage = std::sqrt(least * (1 - least) / all);
  auto table = fmt::format(
      "| {}, {} per cell | K | coverage | false win | below | paired t: coverage | false win | width |\n"
      "|---|---|---|---|---|---|---|---|\n",
      name_of(GetParam()), all);
  for (std::uint32_t const units : {12U, 30U, 60U, 150U})
    for (int const trials : {1, 3}) {
      Rates worst{1, 0, 0};
      Rates classic{1, 0, 0};
      double width = 0;
      for (auto const& model : testing::row_models()) {
        SCOPED_TRACE(fmt::format("{}, {} units, K = {}, {}", model.name, units, trials, name_of(GetParam())));
        auto const cell = measured(model, units, trials, GetParam(), all);
        EXPECT_LE(cell.plus_two.false_win, .025 + 3 * se);
        EXPECT_GE(cell.plus_two.coverage, least - 3 * se_coverage);
        if (model.is_null && GetParam() != Dependence::weights) {
          EXPECT_LE(cell.sign_flip, .025 + 3 * se);
        }
        worst = {std::min(worst.coverage, cell.plus_two.coverage),
                 std::max(worst.false_win, cell.plus_two.false_win),
                 std::max(worst.below, cell.plus_two.below)};
        classic = {std::min(classic.coverage, cell.large_sample.coverage),
                   std::max(classic.false_win, cell.large_sample.false_win), 0};
        width += cell.width_ratio / 6;
      }
      table += fmt::format("| {} | {} | {:.3f} | {:.3f} | {:.3f} | {:.3f} | {:.3f} | x{:.2f} |\n", units,
                           trials, worst.coverage, worst.false_win, worst.below, classic.coverage,
                           classic.false_win, width);
    }
  fmt::print("{}\n", table);
}

INSTANTIATE_TEST_SUITE_P(Settings, MonteCarlo,
                         ::testing::Values(Dependence::independent, Dependence::vendors, Dependence::weights),
                         [](auto const& param) {
                           return std::string(param.param == Dependence::independent ? "Independent"
                                              : param.param == Dependence::vendors   ? "Vendors"
                                                                                     : "Weights");
                         });

}  // namespace
}  // namespace itera::stats
