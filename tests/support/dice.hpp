#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace itera::support {

/// A fixed sequence for each seed, the same on every machine.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15ULL + 20260412) {}

  /// Precondition: n > 0.
  std::size_t below(std::size_t n) {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<std::size_t>(state_ >> 33U) % n;
  }
  bool one_in(std::size_t n) { return below(n) == 0; }
  template <class T>
  T const& of(std::vector<T> const& all) {
    return all[below(all.size())];
  }

 private:
  std::uint64_t state_;
};

}  // namespace itera::support
