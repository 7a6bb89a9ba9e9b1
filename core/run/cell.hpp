#pragma once
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/maybe_number.hpp"
#include "core/base/rare.hpp"
#include "core/base/result.hpp"

namespace itera::run {

/// Scores are kept as whole millionths, so that sums and comparisons with thresholds are exact.
constexpr std::int64_t kScoreUnit = 1'000'000;

/// What one (row, arm, trial) ended as. `missing` and `judge_error` have no score; `arm_error` scores 0.
enum class Ending : std::uint8_t { scored, arm_error, judge_error, missing };
std::string_view to_string(Ending ending);

struct Tokens {
  std::uint64_t in = 0;           ///< all input, the two below included
  std::uint64_t out = 0;          ///< all output
  std::uint64_t cached_in = 0;    ///< read from a prompt cache
  std::uint64_t cache_write = 0;  ///< written to it
  friend bool operator==(Tokens const&, Tokens const&) = default;
};

/// What the judge of a secondary metric said of one output.
struct SecondaryScore {
  std::optional<std::int64_t> score;  ///< millionths; nothing if the judge failed
  std::string error;                  ///< why there is none
  friend bool operator==(SecondaryScore const&, SecondaryScore const&) = default;
};

/// What few finished cells have.
struct CellRest {
  std::string error;   ///< why there is no score, or what the arm did wrong
  std::string output;  ///< only kept where it may be shown or compared (pilot, determinism check)
  std::optional<Tokens> tokens;
  std::vector<std::string> failures;  ///< categories, sorted
  /// Categories whose condition a null left open.
  std::vector<std::string> undecided{};
  std::optional<double> steady_usd;  ///< what the answer costs once prompt caches are warm, if not `cost_usd`
  std::optional<double> judge_usd;   ///< of judging it: part of no arm's cost
  std::optional<Tokens> judge_tokens;
  std::optional<double> first_token_ms;  ///< from the first call's begin, if the answer was streamed
  std::vector<std::string> retries;      ///< what attempts of its calls ended as that were made again
  bool replayed = false;                 ///< from a recording or a cache: no latency is known
  /// Parallel to the plan's secondary metrics; empty where there is none, or no output that could be scored.
  std::vector<SecondaryScore> secondaries;
  friend bool operator==(CellRest const&, CellRest const&) = default;
};

/// One cell's result. There are as many in memory as a pass has, so numbers are as narrow as they may be, and
/// what few of them have stands in `rest`.
struct Cell {
  std::uint32_t row = 0;  ///< index into the pass's rows
  std::uint32_t arm = 0;  ///< index into the plan's arms
  std::uint32_t trial = 0;
  std::uint32_t attempts = 1;
  std::int32_t score = 0;  ///< millionths, 0..kScoreUnit
  Ending ending = Ending::missing;
  bool passed = false;
  double latency_ms = 0;
  MaybeNumber cost_usd;
  Rare<CellRest> rest;
};

/// A score of 0..1 in millionths, rounded.
inline std::int32_t millionths(double score) {
  return static_cast<std::int32_t>(std::llround(score * static_cast<double>(kScoreUnit)));
}

inline bool has_score(Cell const& cell) {
  return cell.ending == Ending::scored || cell.ending == Ending::arm_error;
}

}  // namespace itera::run
