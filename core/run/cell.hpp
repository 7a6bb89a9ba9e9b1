#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"

namespace itera::run {

/// Scores are kept as whole millionths, so that sums and comparisons with thresholds are exact.
constexpr std::int64_t kScoreUnit = 1'000'000;

/// What one (row, arm, trial) ended as. `missing` and `judge_error` have no score; `arm_error` scores 0.
enum class Ending { scored, arm_error, judge_error, missing };
std::string_view to_string(Ending ending);

struct Tokens {
  std::uint64_t in = 0;
  std::uint64_t out = 0;
};

/// One cell's result. `output` is only kept where it may be shown or compared (pilot, determinism check).
struct Cell {
  std::size_t row = 0;  ///< index into the pass's rows
  std::size_t arm = 0;  ///< index into the plan's arms
  std::uint32_t trial = 0;
  Ending ending = Ending::missing;
  std::int64_t score = 0;  ///< millionths, 0..kScoreUnit
  bool passed = false;
  std::vector<std::string> failures;
  std::string error;  ///< why there is no score, or what the arm did wrong
  std::string output;
  std::optional<double> cost_usd;
  std::optional<Tokens> tokens;
  double latency_ms = 0;
  std::uint32_t attempts = 1;
};

inline bool has_score(Cell const& cell) {
  return cell.ending == Ending::scored || cell.ending == Ending::arm_error;
}

}  // namespace itera::run
