#pragma once
#include <cstdint>
#include <optional>
#include <span>

namespace itera::stats {

/// Rows of one stratum: of `dev_rows` rows seen `hits` differed (or failed), `test_rows` are still sealed.
struct StratumCounts {
  std::int64_t dev_rows = 0, hits = 0, test_rows = 0;
};

struct Foresight {
  double chance = 0;    ///< P(the sealed rows hold at least `wanted` hits)
  double expected = 0;  ///< hits expected in the sealed rows
};

/// How many rows of a sealed test will differ, foretold from dev: in each stratum the number is
/// Beta-Binomial(test_rows, hits + 1/2, dev_rows - hits + 1/2), Jeffreys' posterior; strata are independent,
/// so their distributions are convolved. Exact but for rounding; O(test_rows + wanted^2) a stratum. Nothing
/// if a count is negative, hits exceed dev_rows, or wanted < 0.
std::optional<Foresight> foresee_hits(std::span<StratumCounts const> strata, std::int64_t wanted);

/// The q-quantile, 0 < q < 1, of Jeffreys' posterior Beta(hits + 1/2, rows - hits + 1/2) of a rate. Nothing
/// out of range.
std::optional<double> jeffreys_quantile(std::int64_t hits, std::int64_t rows, double q);

}  // namespace itera::stats
