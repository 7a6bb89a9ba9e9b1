#include "core/stats/exact.hpp"

#include <algorithm>
#include <vector>

#include "core/base/rng.hpp"
#include "tests/unit/stats/golden.hpp"

namespace itera::stats {
namespace {
using testing::agrees;
using testing::golden;

TEST(McNemar, AgreesWithReference) {
  for (auto const& c : golden("v01_paired_binary")) {
    auto const out = mcnemar(c.at("w"), c.at("l"));
    EXPECT_TRUE(agrees(out.two_sided, c.at("mcnemar_exact_two_sided"))) << c;
    EXPECT_TRUE(agrees(out.mid_p, c.at("mcnemar_midp"))) << c;
    EXPECT_TRUE(agrees(out.one_sided, c.at("mcnemar_exact_one_sided_arm_better"))) << c;
  }
}

TEST(McNemar, SixRowsOneWayAreTheLeastThatCanBeSignificant) {
  EXPECT_GT(mcnemar(5, 0).two_sided, 0.05);
  EXPECT_LT(mcnemar(6, 0).two_sided, 0.05);
}

TEST(McNemar, WhatCannotBeCountedIsNoEvidence) {
  for (auto const& out : {mcnemar(-1, 5), mcnemar(5, -1), mcnemar(INT64_MAX, INT64_MAX)}) {
    EXPECT_EQ(out.two_sided, 1);
    EXPECT_EQ(out.mid_p, 1);
    EXPECT_EQ(out.one_sided, 1);
  }
}

TEST(McNemar, ManyRows) {
  auto const out = mcnemar(100'500, 99'500);
  EXPECT_TRUE(agrees(out.two_sided, 2 * out.one_sided));
  EXPECT_LT(out.mid_p, out.two_sided);
  EXPECT_GT(out.two_sided, 0.02);
  EXPECT_LT(out.two_sided, 0.03);
}

TEST(SignFlip, AgreesWithReference) {
  auto const& v = golden("v04_dataset_P");
  auto const small = sign_flip_exact(v.at("row_diff_times_K").get<std::vector<std::int64_t>>());
  ASSERT_TRUE(small);
  EXPECT_TRUE(agrees(small->one_sided, v.at("sign_flip_exact").at("p_one_sided_arm_better")));
  EXPECT_TRUE(agrees(small->two_sided, v.at("sign_flip_exact").at("p_two_sided")));

  std::vector<std::int64_t> d;
  for (int i = 0; i < 300; ++i) {
    int const r = i % 20;
    d.push_back(r == 0 ? 3 : r == 1 ? -1 : r == 2 ? 1 : r == 3 ? 2 : 0);
  }
  auto const large = sign_flip_exact(d);
  ASSERT_TRUE(large);
  EXPECT_TRUE(agrees(large->one_sided, golden("v04c_lattice_300").at("sign_flip_p_one_sided")));
  EXPECT_TRUE(agrees(large->two_sided, golden("v04c_lattice_300").at("sign_flip_p_two_sided")));
}

TEST(SignFlip, WithOneTrialIsMcNemar) {
  for (auto const& c : golden("v01_paired_binary")) {
    auto const wins = c.at("w").get<std::size_t>();
    auto const losses = c.at("l").get<std::size_t>();
    std::vector<std::int64_t> d(c.at("n").get<std::size_t>(), 0);
    std::fill_n(d.begin(), wins, 1);
    std::fill_n(d.rbegin(), losses, -1);
    auto const out = sign_flip_exact(d);
    ASSERT_TRUE(out);
    EXPECT_TRUE(agrees(out->one_sided, c.at("mcnemar_exact_one_sided_arm_better"))) << c;
    EXPECT_TRUE(agrees(out->two_sided, c.at("mcnemar_exact_two_sided"))) << c;
  }
}

/// Every assignment of signs, one by one.
SignFlip by_enumeration(std::vector<std::int64_t> const& d) {
  std::int64_t observed = 0;
  for (auto const x : d) observed += x;
  std::int64_t as_large = 0;
  std::int64_t as_far = 0;
  for (std::uint32_t signs = 0; signs < 1U << d.size(); ++signs) {
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < d.size(); ++i) sum += signs >> i & 1U ? d[i] : -d[i];
    as_large += sum >= observed;
    as_far += std::abs(sum) >= std::abs(observed);
  }
  double const all = static_cast<double>(1U << d.size());
  return {static_cast<double>(as_large) / all, static_cast<double>(as_far) / all};
}

TEST(SignFlip, AgreesWithEnumeration) {
  CounterRng const rng(99);
  for (std::uint32_t replicate = 0; replicate < 50; ++replicate) {
    std::vector<std::int64_t> d;
    for (std::uint32_t i = 0; i < 12; ++i)
      d.push_back(static_cast<std::int64_t>(bounded_index(rng.word(i, replicate), 13)) - 5);
    auto const out = sign_flip_exact(d);
    auto const expected = by_enumeration(d);
    ASSERT_TRUE(out);
    EXPECT_TRUE(agrees(out->one_sided, expected.one_sided));
    EXPECT_TRUE(agrees(out->two_sided, expected.two_sided));
  }
}

TEST(SignFlip, FlipsWholeClusters) {
  std::vector<std::int64_t> const d = {3, 1, -1, 2, 0, 3, -2, 1};
  std::vector<int> const clusters = {8, 8, -3, -3, 5, 5, 1, 2};
  auto const out = sign_flip_exact(d, clusters);
  auto const expected = by_enumeration({4, 1, 3, -2, 1});
  ASSERT_TRUE(out);
  EXPECT_TRUE(agrees(out->one_sided, expected.one_sided));
  EXPECT_TRUE(agrees(out->two_sided, expected.two_sided));
}

TEST(SignFlip, SwappingArmsExchangesTheTails) {
  std::vector<std::int64_t> d = {3, 1, -1, 2, 0, 3, -2, 1, 2};
  auto const one = *sign_flip_exact(d);
  for (auto& x : d) x = -x;
  auto const other = *sign_flip_exact(d);
  EXPECT_EQ(one.two_sided, other.two_sided);
  EXPECT_GT(one.one_sided + other.one_sided, 1);
}

TEST(SignFlip, NoDifferencesAreNoEvidence) {
  std::vector<std::int64_t> const zeros(10, 0);
  std::vector<std::int64_t> const balanced = {2, -2};
  for (auto const& out : {sign_flip_exact({}), sign_flip_exact(zeros)}) {
    ASSERT_TRUE(out);
    EXPECT_EQ(out->one_sided, 1);
    EXPECT_EQ(out->two_sided, 1);
  }
  EXPECT_EQ(sign_flip_exact(balanced)->two_sided, 1);
  EXPECT_EQ(sign_flip_exact(balanced)->one_sided, 0.75);
}

TEST(SignFlip, RowOrderChangesNoBit) {
  std::vector<std::int64_t> d;
  for (int i = 0; i < 500; ++i) d.push_back(i * 7 % 11 - 4);
  auto const one = *sign_flip_exact(d);
  std::reverse(d.begin(), d.end());
  std::rotate(d.begin(), d.begin() + 123, d.end());
  auto const other = *sign_flip_exact(d);
  EXPECT_EQ(one.one_sided, other.one_sided);
  EXPECT_EQ(one.two_sided, other.two_sided);
}

TEST(SignFlip, TwoHundredThousandRowsOfThreeTrials) {
  // Near the normal limit; sums have one parity, so the continuity correction is half of a step of two.
  std::vector<std::int64_t> d;
  for (int i = 0; i < 200'000; ++i) d.push_back((1 + i % 3) * (i % 2 == 0 ? 1 : -1));
  for (int i = 0; i < 1700; ++i) d.push_back(1);
  double sum = 0;
  double squares = 0;
  for (auto const x : d) {
    sum += static_cast<double>(x);
    squares += static_cast<double>(x * x);
  }
  auto const out = sign_flip_exact(d);
  ASSERT_TRUE(out);
  double const normal = std::erfc((sum - 1) / std::sqrt(2 * squares)) / 2;
  EXPECT_NEAR(out->one_sided, normal, 1e-4 * normal);
}

TEST(SignFlip, ContinuousScoresOfManyRowsAreRefusedBeforeTheWork) {
  std::vector<std::int64_t> d;
  for (std::int64_t i = 0; i < 100'000; ++i) d.push_back(i * 7919 % 1'000'003 - 300'000);
  EXPECT_FALSE(sign_flip_exact(d));
}

TEST(SignFlip, NothingForWhatCannotBeAdded) {
  std::vector<std::int64_t> const huge = {INT64_MAX / 2, INT64_MAX / 2};
  std::vector<std::int64_t> const wide = {1, INT64_C(1) << 40};
  std::vector<std::int64_t> const d = {1, 2};
  std::vector<int> const label = {1};
  EXPECT_FALSE(sign_flip_exact(huge));
  EXPECT_FALSE(sign_flip_exact(wide));
  EXPECT_FALSE(sign_flip_exact(d, label));
}

}  // namespace
}  // namespace itera::stats
