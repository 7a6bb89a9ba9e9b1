#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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
  /// Parallel to the plan's secondary metrics; empty where there is none, or no output that could be scored.
  std::vector<SecondaryScore> secondaries;
  friend bool operator==(CellRest const&, CellRest const&) = default;
};

/// A value that is nearly always the default one, which takes no room. Copies as the value does.
template <class T>
class Rare {
 public:
  Rare() = default;
  Rare(Rare const& other) : value_(other.value_ ? std::make_unique<T>(*other.value_) : nullptr) {}
  Rare(Rare&&) noexcept = default;
  Rare& operator=(Rare other) noexcept {
    value_ = std::move(other.value_);
    return *this;
  }
  ~Rare() = default;
  T const& operator*() const {
    static T const none{};
    return value_ ? *value_ : none;
  }
  T const* operator->() const { return &**this; }
  /// To be changed.
  T& edit() {
    if (!value_) value_ = std::make_unique<T>();
    return *value_;
  }
  /// Gives the room back if the value is the default one.
  void shrink() {
    if (value_ && *value_ == T{}) value_.reset();
  }

 private:
  std::unique_ptr<T> value_;
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
