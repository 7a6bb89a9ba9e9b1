#include "core/base/rng.hpp"

#include <set>
#include <string>
#include <vector>

#include "core/base/hash.hpp"
#include "tests/unit/stats/golden.hpp"

namespace itera {
namespace {
using stats::testing::golden;

template <std::size_t N>
std::array<std::uint32_t, N> words(nlohmann::json const& hex) {
  std::array<std::uint32_t, N> out{};
  for (std::size_t i = 0; i < N; ++i)
    out[i] = static_cast<std::uint32_t>(std::stoul(hex.at(i).get<std::string>(), nullptr, 16));
  return out;
}

TEST(Philox, KnownAnswers) {
  for (auto const& c : golden("v15_philox").at("philox4x32_10"))
    EXPECT_EQ(philox4x32_10(words<4>(c.at("ctr")), words<2>(c.at("key"))), words<4>(c.at("out"))) << c;
}

TEST(CounterRng, WordsAreTheBlocksInTheirOrder) {
  CounterRng const rng(12345);
  EXPECT_EQ(rng.block(7, 3, 1), philox4x32_10({7, 3, 1, 0}, {12345, 0}));
  for (std::uint32_t i = 0; i < 40; ++i) EXPECT_EQ(rng.word(i, 3, 1), rng.block(i / 4, 3, 1)[i % 4]);
}

TEST(CounterRng, EveryPartOfTheAddressMatters) {
  std::set<std::uint32_t> seen;
  for (std::uint64_t const key : {UINT64_C(1), UINT64_C(2), UINT64_C(1) << 32})
    for (std::uint32_t replicate = 0; replicate < 3; ++replicate)
      for (std::uint32_t stream = 0; stream < 3; ++stream)
        for (std::uint32_t index = 0; index < 8; ++index)
          seen.insert(CounterRng(key).word(index, replicate, stream));
  EXPECT_EQ(seen.size(), 3U * 3 * 3 * 8);
}

TEST(PurposeKey, IsTheHeadOfADigestOfSeedAndPurpose) {
  // printf '7\x1faudit:tier' | sha256sum
  EXPECT_EQ(purpose_key("7", "audit:tier"), UINT64_C(0xA5CD28E1019CFD81));
  EXPECT_NE(purpose_key("7", "audit:tier"), purpose_key("7", "audit:label"));
  EXPECT_NE(purpose_key("7", "audit:tier"), purpose_key("8", "audit:tier"));
}

TEST(BoundedIndex, CoversTheRangeAndNoMore) {
  EXPECT_EQ(bounded_index(0, 10), 0U);
  EXPECT_EQ(bounded_index(UINT32_MAX, 10), 9U);
  EXPECT_EQ(bounded_index(UINT32_MAX, 1), 0U);
  EXPECT_EQ(bounded_index(UINT32_MAX, 0), 0U);
}

TEST(UnitInterval, IsHalfOpen) {
  EXPECT_EQ(unit_interval(0, 0), 0);
  EXPECT_LT(unit_interval(UINT32_MAX, UINT32_MAX), 1);
  EXPECT_EQ(unit_interval(1U << 31, 0), 0.5);
}

}  // namespace
}  // namespace itera
