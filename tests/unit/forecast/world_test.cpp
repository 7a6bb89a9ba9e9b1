#include "core/forecast/world.hpp"

#include <gtest/gtest.h>

#include "tests/unit/forecast/worlds.hpp"

namespace itera::forecast {
namespace {
using namespace testing;

struct Seen {
  double baseline = 0, gained = 0, lost = 0, noisy = 0;
  std::size_t rows = 0;
};

// Rows whose trials all agree in both arms, by what they do; the rest count as noisy.
Seen seen(verdict::Tally const& t, std::string const& value = "") {
  Seen out;
  for (std::size_t row = 0; row < t.rows; ++row) {
    if (!value.empty() && t.slices[0][row] != value) continue;
    ++out.rows;
    std::int64_t passes[2] = {0, 0};
    for (std::size_t arm = 0; arm < 2; ++arm)
      for (std::uint32_t k = 0; k < t.trials; ++k)
        passes[arm] += t.arms[arm].scores[row * t.trials + k] == run::kScoreUnit;
    auto const all = static_cast<std::int64_t>(t.trials);
    auto const steady = [&](std::int64_t n) { return n == 0 || n == all; };
    out.baseline += static_cast<double>(passes[0]) / t.trials;
    if (!steady(passes[0]) || !steady(passes[1]))
      ++out.noisy;
    else {
      out.gained += passes[1] > passes[0];
      out.lost += passes[1] < passes[0];
    }
  }
  auto const n = static_cast<double>(out.rows);
  out.baseline /= n, out.gained /= n, out.lost /= n, out.noisy /= n;
  return out;
}

TEST(World, SharesComeOutAsAsked) {
  auto world = reference_world(40000, 1, {.20, .02}, {.05, .10});
  world.noisy = 0;
  Maker maker(world, 1);
  auto const& t = maker.make(0);
  auto const a = seen(t, "A"), b = seen(t, "B");
  EXPECT_EQ(a.rows, 20000U);
  EXPECT_EQ(t.slices[0][0], "A");
  EXPECT_EQ(t.slices[0][1], "B") << "equal slices alternate";
  EXPECT_NEAR(a.baseline, .65, .015);
  EXPECT_NEAR(a.gained, .20, .01);
  EXPECT_NEAR(a.lost, .02, .005);
  EXPECT_NEAR(b.gained, .05, .007);
  EXPECT_NEAR(b.lost, .10, .008);
  EXPECT_EQ(a.noisy, 0);
}

TEST(World, NoisyRowsAnswerByChanceInEveryTrial) {
  auto world = reference_world(40000, 1, {}, {});
  world.noisy = .5;
  world.noisy_pass = .5;
  Maker maker(world, 1);
  // Six fair answers agree, three and three, on 4 of 64: those look steady.
  EXPECT_NEAR(seen(maker.make(0)).noisy, .5 * 60 / 64, .01);
}

TEST(World, AReplicateDependsOnItsNumberAlone) {
  auto const world = reference_world(50, 2, {.1, .1}, {.1, .1});
  Maker one(world, 7), two(world, 7);
  one.make(0);
  auto const third = one.make(3).arms[2].scores;
  EXPECT_EQ(two.make(3).arms[2].scores, third);
  EXPECT_NE(two.make(4).arms[2].scores, third);
  EXPECT_NE(Maker(world, 8).make(3).arms[2].scores, third);
}

TEST(World, RangesOfReplicatesAddUp) {
  auto const plan = reference_plan(1);
  auto const world = reference_world(40, 1, {.2, .02}, {.2, .02});
  Maker maker(world, 7), other(world, 7);
  auto const whole = simulate(plan, halves(), maker, 0, 30);
  auto second = simulate(plan, halves(), other, 11, 19);
  add(second, simulate(plan, halves(), other, 0, 11));
  EXPECT_EQ(whole.replicates, second.replicates);
  EXPECT_EQ(whole.first_ships, second.first_ships);
  EXPECT_EQ(whole.first_inconclusive, second.first_inconclusive);
  ASSERT_EQ(whole.clauses.size(), second.clauses.size());
  for (std::size_t i = 0; i < whole.clauses.size(); ++i)
    EXPECT_EQ(whole.clauses[i].passed, second.clauses[i].passed) << whole.clauses[i].clause;
}

TEST(World, RowsOfOneEntityAreAlike) {
  auto world = reference_world(3000, 1, {.3, 0}, {.3, 0});
  world.noisy = 0;
  world.rows_per_entity = 3;
  world.alike = 1;
  Maker maker(world, 7);
  auto const& t = maker.make(0);
  ASSERT_EQ(t.clusters.size(), 3000U);
  for (std::size_t row = 0; row < t.rows; row += 3) {
    EXPECT_EQ(t.clusters[row], t.clusters[row + 2]);
    EXPECT_EQ(t.arms[1].scores[row * 3], t.arms[1].scores[(row + 2) * 3]);
  }
}

TEST(World, FailedTrialsHaveACategory) {
  auto world = reference_world(900, 1, {.1, .1}, {.1, .1});
  world.categories = 3;
  Maker maker(world, 7);
  auto const& t = maker.make(1);
  std::size_t tagged[3] = {0, 0, 0};
  for (std::size_t row = 0; row < t.rows; ++row) {
    std::uint32_t failed = 0, tags = 0;
    for (std::uint32_t k = 0; k < 3; ++k) failed += t.arms[1].scores[row * 3 + k] == 0;
    for (std::size_t c = 0; c < 3; ++c) {
      tags += t.arms[1].failures[c][row];
      tagged[c] += t.arms[1].failures[c][row] > 0;
    }
    EXPECT_EQ(failed, tags);
  }
  for (auto const n : tagged) EXPECT_GT(n, 50U);
}

TEST(World, AGainTakesFailuresToMend) {
  EXPECT_TRUE(possible(reference_world(10, 1, {.3, 0}, {.3, 0})));
  EXPECT_FALSE(possible(reference_world(10, 1, {.35, 0}, {.3, 0}))) << "the baseline fails 31.5% of the rows";
  EXPECT_FALSE(possible(reference_world(10, 1, {.1, .7}, {.1, 0})));
}

TEST(SimulateUntilKnown, StopsEarlyWhereItIsClear) {
  auto const plan = reference_plan(1);
  Maker hopeless(reference_world(10, 1, {}, {}), 7);
  EXPECT_EQ(simulate_until_known(plan, halves(), hopeless, .5, 2000).replicates, 20U);
  Maker close(reference_world(60, 1, {.13, .03}, {.13, .03}), 7);
  EXPECT_EQ(simulate_until_known(plan, halves(), close, .394, 100).replicates, 100U);
}

}  // namespace
}  // namespace itera::forecast
