#include "core/verdict/decide.hpp"

#include <array>

#include <gtest/gtest.h>

namespace itera::verdict {
namespace {

using enum CheckStatus;
constexpr std::array kAll{pass, fail, unproven, not_applicable};

bool settled(CheckStatus s) {
  return s == pass || s == not_applicable;
}

// The order of the method, said a second time as conditions on the outcome, over every combination of
// statuses.
TEST(Decide, IsTotalAndFollowsTheOrder) {
  std::size_t combinations = 0;
  for (auto const c0 : kAll)
    for (auto const c1 : kAll)
      for (auto const c2 : kAll)
        for (auto const c3 : kAll)
          for (auto const c4 : kAll)
            for (auto const c5 : kAll)
              for (auto const c6 : kAll)
                for (auto const c7 : kAll)
                  for (unsigned flags = 0; flags < 16; ++flags) {
                    Statuses s;
                    s.c0 = c0, s.c1 = c1, s.c2 = c2, s.c3 = c3, s.c4 = c4, s.c5 = c5, s.c6 = c6, s.c7 = c7;
                    s.blind = flags & 1U, s.below_threshold_shown = flags & 2U, s.harm_shown = flags & 4U,
                    s.narrow_qualifies = flags & 8U;
                    auto const d = decide(s);
                    ++combinations;
                    bool const guard = c5 == fail || c6 == fail || c7 == fail;
                    bool const shown = settled(c1) && settled(c2) && settled(c3);
                    Outcome want = Outcome::ship;
                    if (c0 == fail)
                      want = Outcome::invalid;
                    else if (s.blind)
                      want = Outcome::inconclusive;
                    else if (s.below_threshold_shown || s.harm_shown || guard)
                      want = Outcome::kill;
                    else if (!shown)
                      want = Outcome::inconclusive;
                    else if (c4 == fail)
                      want = s.narrow_qualifies ? Outcome::ship_narrowly : Outcome::kill;
                    else if (c0 == unproven || c4 == unproven || c5 == unproven || c6 == unproven ||
                             c7 == unproven)
                      want = Outcome::inconclusive;
                    ASSERT_EQ(d.outcome, want) << combinations;
                    ASSERT_FALSE(d.decided_by.empty());
                  }
  EXPECT_EQ(combinations, 1048576U);
}

TEST(Decide, NamesTheClause) {
  Statuses s;
  s.c4 = fail;
  EXPECT_EQ(decide(s).decided_by, "C4");
  s.c5 = fail;
  EXPECT_EQ(decide(s).decided_by, "C5");
  s.c0 = fail;
  EXPECT_EQ(decide(s).decided_by, "C0");
  s = {};
  s.c2 = unproven;
  EXPECT_EQ(decide(s).decided_by, "C2");
  s.blind = true;
  EXPECT_EQ(decide(s).decided_by, "blind");
}

TEST(Outcome, BestOfSeveral) {
  EXPECT_GT(rank(Outcome::ship), rank(Outcome::ship_narrowly));
  EXPECT_GT(rank(Outcome::ship_narrowly), rank(Outcome::inconclusive));
  EXPECT_GT(rank(Outcome::inconclusive), rank(Outcome::kill));
  EXPECT_GT(rank(Outcome::kill), rank(Outcome::invalid));
}

}  // namespace
}  // namespace itera::verdict
