#pragma once
#include <cstddef>
#include <cstdint>

namespace itera::support {

/// A fixed sequence, the same on every machine.
class Dice {
 public:
  explicit Dice(std::uint64_t seed = 20260412) : state_(seed) {}
  /// A number from 0 to `n` - 1. Precondition: n > 0.
  std::size_t below(std::size_t n) {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<std::size_t>(state_ >> 33U) % n;
  }
  bool chance(std::size_t percent) { return below(100) < percent; }

 private:
  std::uint64_t state_;
};

}  // namespace itera::support
