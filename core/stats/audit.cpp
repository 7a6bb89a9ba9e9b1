#include "core/stats/audit.hpp"

#include <algorithm>
#include <cmath>

#include "core/stats/multinomial.hpp"
#include "core/stats/quantiles.hpp"
#include "core/stats/sum.hpp"

namespace itera::stats {
namespace {

constexpr double kTvLimit = 0.10;
constexpr double kPsiLimit = 0.10;
constexpr double kAlpha = 0.05;
constexpr double kAbsentFrom = 3;
constexpr double kChiSquareFrom = 5;
constexpr double kHalfRow = 0.5;
// .18 + .42 - .5 and the like miss a limit by rounding only.
constexpr double kSlack = 1e-12;

/// The cells that the sample or production uses.
struct Cells {
  std::vector<std::int64_t> observed;
  std::vector<double> share;
  double rows = 0;
  bool outside_production = false;

  std::size_t size() const { return observed.size(); }
  double sample_share(std::size_t j) const { return static_cast<double>(observed[j]) / rows; }
  double expected(std::size_t j) const { return rows * share[j]; }
};

bool is_valid(AuditInput const& in) {
  return in.observed.size() == in.production.size() &&
         std::all_of(in.observed.begin(), in.observed.end(), [](std::int64_t count) { return count >= 0; }) &&
         std::all_of(in.production.begin(), in.production.end(),
                     [](double x) { return std::isfinite(x) && x >= 0; }) &&
         (!in.production_rows || *in.production_rows > 0);
}

Cells used_cells(AuditInput const& in, double production_total) {
  Cells cells;
  for (std::size_t j = 0; j < in.observed.size(); ++j) {
    if (in.observed[j] == 0 && in.production[j] == 0) continue;
    cells.observed.push_back(in.observed[j]);
    cells.share.push_back(in.production[j] / production_total);
    cells.rows += static_cast<double>(in.observed[j]);
    cells.outside_production |= in.production[j] == 0;
  }
  return cells;
}

double total_variation(Cells const& cells) {
  return sum_of(cells.size(),
                [&](std::size_t j) { return std::abs(cells.sample_share(j) - cells.share[j]); }) /
         2;
}

template <class Share>
std::vector<double> floored_shares(Cells const& cells, double floor, Share share) {
  std::vector<double> out;
  for (std::size_t j = 0; j < cells.size(); ++j) out.push_back(share(j) > 0 ? share(j) : floor);
  double const total = sum_of(out.size(), [&](std::size_t j) { return out[j]; });
  for (double& x : out) x /= total;
  return out;
}

double stability_index(Cells const& cells, std::optional<double> production_rows) {
  auto const sample =
      floored_shares(cells, kHalfRow / cells.rows, [&](std::size_t j) { return cells.sample_share(j); });
  auto const production = floored_shares(cells, kHalfRow / production_rows.value_or(cells.rows),
                                         [&](std::size_t j) { return cells.share[j]; });
  return sum_of(cells.size(), [&](std::size_t j) {
    return (sample[j] - production[j]) * std::log(sample[j] / production[j]);
  });
}

double stability_limit(Cells const& cells, std::optional<double> production_rows) {
  if (cells.size() < 2) return kPsiLimit;
  double const spread = 1 / cells.rows + (production_rows ? 1 / *production_rows : 0);
  return std::max(kPsiLimit,
                  chi_squared_quantile(1 - kAlpha, static_cast<double>(cells.size() - 1)) * spread);
}

void test_fit(Cells const& cells, std::uint64_t key, Audit& out) {
  if (cells.outside_production) {
    out.test = AuditTest::exact;
    out.p = 0;
    return;
  }
  if (cells.size() < 2) return;
  out.df = cells.size() - 1;
  out.chi_square = sum_of(cells.size(), [&](std::size_t j) {
    double const miss = static_cast<double>(cells.observed[j]) - cells.expected(j);
    return miss * miss / cells.expected(j);
  });
  out.p_chi_square = chi_squared_tail(*out.chi_square, static_cast<double>(out.df));
  double const least = cells.rows * *std::min_element(cells.share.begin(), cells.share.end());
  if (least >= kChiSquareFrom - kSlack) {
    out.p = *out.p_chi_square;
  } else if (auto const exact = multinomial_exact_p(cells.observed, cells.share)) {
    out.test = AuditTest::exact;
    out.p = *exact;
  } else {
    out.test = AuditTest::simulated;
    out.p = multinomial_simulated_p(cells.observed, cells.share, key);
  }
}

}  // namespace

std::optional<Audit> audit_distribution(AuditInput const& input) {
  if (!is_valid(input)) return std::nullopt;
  double const production_total =
      sum_of(input.production.size(), [&](std::size_t j) { return input.production[j]; });
  if (!(production_total > 0) || !std::isfinite(production_total)) return std::nullopt;
  auto const cells = used_cells(input, production_total);
  if (cells.rows == 0) return std::nullopt;

  Audit out;
  for (std::size_t j = 0; j < input.observed.size(); ++j) {
    out.expected.push_back(cells.rows * input.production[j] / production_total);
    if (input.observed[j] == 0 && out.expected[j] >= kAbsentFrom - kSlack) out.absent.push_back(j);
  }
  out.tv = total_variation(cells);
  out.psi = stability_index(cells, input.production_rows);
  out.psi_limit = stability_limit(cells, input.production_rows);
  test_fit(cells, input.key, out);

  bool const far = out.tv > kTvLimit + kSlack;
  if (!out.absent.empty() || (far && out.p < kAlpha))
    out.verdict = AuditVerdict::fail;
  else if (far || out.psi > out.psi_limit + kSlack)
    out.verdict = AuditVerdict::warn;
  return out;
}

}  // namespace itera::stats
