#pragma once
#include <array>
#include <cstdint>

namespace itera {

/// Four 32-bit words: a counter going in, random bits coming out.
using PhiloxBlock = std::array<std::uint32_t, 4>;

/// Philox4x32 with ten rounds (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3",
/// SC11). A pure function: the same counter and key give the same words on every machine and thread.
PhiloxBlock philox4x32_10(PhiloxBlock counter, std::array<std::uint32_t, 2> key);

/// Random words addressed by position instead of drawn in sequence, so that results depend neither on the
/// number of threads nor on the order of the work. Immutable, therefore safe to share between threads.
///
/// The counter is {block, replicate, stream, 0}; the low half of the 64-bit key is the first key word. One
/// key serves one purpose (`purpose_key` in core/base/hash.hpp makes it from the seed text and the purpose's
/// name).
class CounterRng {
 public:
  explicit CounterRng(std::uint64_t key);

  PhiloxBlock block(std::uint32_t number, std::uint32_t replicate = 0, std::uint32_t stream = 0) const;
  /// The index-th word of a stream, 0 <= index < 2^32: word index % 4 of block index / 4.
  std::uint32_t word(std::uint32_t index, std::uint32_t replicate = 0, std::uint32_t stream = 0) const;

 private:
  std::array<std::uint32_t, 2> key_;
};

/// A word mapped to [0, n) by its high bits; 0 if n is 0. An index is favoured by at most n / 2^32.
std::uint32_t bounded_index(std::uint32_t word, std::uint32_t n);
/// Two words mapped to a double in [0, 1) with 53 random bits.
double unit_interval(std::uint32_t high, std::uint32_t low);

}  // namespace itera
