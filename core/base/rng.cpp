#include "core/base/rng.hpp"

namespace itera {
namespace {
constexpr std::uint64_t kMultiplier0 = 0xD2511F53;
constexpr std::uint64_t kMultiplier1 = 0xCD9E8D57;
constexpr std::uint32_t kWeyl0 = 0x9E3779B9;
constexpr std::uint32_t kWeyl1 = 0xBB67AE85;
constexpr int kRounds = 10;

std::uint32_t high_word(std::uint64_t x) {
  return static_cast<std::uint32_t>(x >> 32);
}
std::uint32_t low_word(std::uint64_t x) {
  return static_cast<std::uint32_t>(x);
}
}  // namespace

PhiloxBlock philox4x32_10(PhiloxBlock counter, std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < kRounds; ++round) {
    auto const a = kMultiplier0 * counter[0];
    auto const b = kMultiplier1 * counter[2];
    counter = {high_word(b) ^ counter[1] ^ key[0], low_word(b), high_word(a) ^ counter[3] ^ key[1],
               low_word(a)};
    key[0] += kWeyl0;
    key[1] += kWeyl1;
  }
  return counter;
}

CounterRng::CounterRng(std::uint64_t key) : key_{low_word(key), high_word(key)} {}

PhiloxBlock CounterRng::block(std::uint32_t number, std::uint32_t replicate, std::uint32_t stream) const {
  return philox4x32_10({number, replicate, stream, 0}, key_);
}

std::uint32_t CounterRng::word(std::uint32_t index, std::uint32_t replicate, std::uint32_t stream) const {
  return block(index / 4, replicate, stream)[index % 4];
}

std::uint32_t bounded_index(std::uint32_t word, std::uint32_t n) {
  return high_word(static_cast<std::uint64_t>(word) * n);
}

double unit_interval(std::uint32_t high, std::uint32_t low) {
  auto const bits = (static_cast<std::uint64_t>(high) << 32 | low) >> 11;
  return static_cast<double>(bits) * 0x1p-53;
}

}  // namespace itera
