#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace itera::stats {

/// One sample against production, cell by cell (class, slice, tenant or pairs of them).
struct AuditInput {
  std::span<std::int64_t const> observed;  ///< rows of the sample in each cell, >= 0
  std::span<double const> production;      ///< counts or shares of production, finite, >= 0, in any scale
  /// How many production rows the shares were counted on; nothing if they are taken as exact.
  std::optional<double> production_rows;
  /// Key of the simulation that is used where counts are small and outcomes too many to enumerate.
  std::uint64_t key = 0;
};

enum class AuditVerdict { ok, warn, fail };
enum class AuditTest { chi_square, exact, simulated };

struct Audit {
  AuditVerdict verdict = AuditVerdict::ok;
  double tv = 0;         ///< total variation, half the sum of |share - share|, in [0, 1]
  double psi = 0;        ///< population stability index
  double psi_limit = 0;  ///< what chance alone explains, at least .1
  double p = 1;  ///< of the test named by `test`; 0 if a row is in a cell that production does not have
  AuditTest test = AuditTest::chi_square;
  /// Pearson's statistic and its p, whether or not counts are large enough for it; nothing with fewer than
  /// two cells or with rows where production has none.
  std::optional<double> chi_square;
  std::optional<double> p_chi_square;
  std::size_t df = 0;
  std::vector<double> expected;     ///< rows one would expect in each cell
  std::vector<std::size_t> absent;  ///< cells that should hold three rows or more and hold none
};

/// Fails if a cell is absent, or if tv > .10 and p < .05; warns if tv > .10 or psi > psi_limit =
/// max(.1, chi2_{.95, k-1} (1/n + 1/production_rows)), because psi > .1 alone is common by chance when there
/// are many cells and few rows. p is that of chi-square where every cell expects five rows, else of the exact
/// multinomial test. For psi a cell without rows counts half a row (likewise one that production lacks), and
/// shares are renormalised. Cells that neither side uses are ignored.
///
/// Nothing without rows, without production, with unequal lengths or with values out of range. Thread-safe.
std::optional<Audit> audit_distribution(AuditInput const& input);

}  // namespace itera::stats
