#pragma once
#include <cmath>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/maybe_number.hpp"
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
  std::vector<std::string> failures;  ///< categories, sorted
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
