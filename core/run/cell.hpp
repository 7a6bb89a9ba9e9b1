#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/rare.hpp"
#include "core/base/result.hpp"

namespace itera::run {

/// Scores are kept as whole millionths, so that sums and comparisons with thresholds are exact.
constexpr std::int64_t kScoreUnit = 1'000'000;

/// What one (row, arm, trial) ended as. `missing` and `judge_error` have no score; `arm_error` scores 0.
enum class Ending : std::uint8_t { scored, arm_error, judge_error, missing };
std::string_view to_string(Ending ending);

struct Tokens {
  std::uint64_t in = 0;
  std::uint64_t out = 0;
  friend bool operator==(Tokens const&, Tokens const&) = default;
};

/// What few finished cells have.
struct CellRest {
  std::string error;   ///< why there is no score, or what the arm did wrong
  std::string output;  ///< only kept where it may be shown or compared (pilot, determinism check)
  std::optional<Tokens> tokens;
  /// Categories whose condition a null left open.
  std::vector<std::string> undecided{};
  friend bool operator==(CellRest const&, CellRest const&) = default;
};

/// One cell's result. There are as many in memory as a pass has, so what few of them have stands in `rest`.
struct Cell {
  std::size_t row = 0;  ///< index into the pass's rows
  std::size_t arm = 0;  ///< index into the plan's arms
  std::uint32_t trial = 0;
  std::uint32_t attempts = 1;
  std::int64_t score = 0;  ///< millionths, 0..kScoreUnit
  double latency_ms = 0;
  std::optional<double> cost_usd;
  std::vector<std::string> failures;
  Rare<CellRest> rest;
  Ending ending = Ending::missing;
  bool passed = false;
};

inline bool has_score(Cell const& cell) {
  return cell.ending == Ending::scored || cell.ending == Ending::arm_error;
}

}  // namespace itera::run
