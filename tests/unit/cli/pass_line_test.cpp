// What a person reads while a pass runs.
#include "core/cli/view/pass_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace itera::cli::view {
namespace {

using testing::ElementsAre;

ports::PassState state() {
  return {
      "dev", 1000, 3, 3210, 9000, 182.4, {{"rules", 1070, 3000, 0, 0}, {"fasttext", 2140, 6000, 3, 0.4213}}};
}

TEST(PassLine, RateTimeLeftCostAndErrors) {
  EXPECT_EQ(pass_line(state()), "dev: 3210 of 9000 answers, 182/s, 32 s left, $0.42, 3 errors");
}

TEST(PassLine, WhatIsNotKnownIsLeftOut) {
  auto pass = state();
  pass.per_second = 0;
  pass.arms.pop_back();
  EXPECT_EQ(pass_line(pass), "dev: 3210 of 9000 answers");
}

TEST(PassLine, AtTheEndNoTimeIsLeft) {
  auto pass = state();
  pass.done = pass.total;
  pass.per_second = 1.26;
  EXPECT_EQ(pass_line(pass), "dev: 9000 of 9000 answers, 1.3/s, $0.42, 3 errors");
}

TEST(PassLine, SmallCostsKeepTheirDigits) {
  auto pass = state();
  pass.arms[1].cost_usd = 0.00213;
  pass.arms[1].errors = 1;
  EXPECT_EQ(pass_line(pass), "dev: 3210 of 9000 answers, 182/s, 32 s left, $0.0021, 1 error");
}

TEST(PassLine, TheBeginSaysWhatIsAhead) {
  EXPECT_EQ(pass_begin(state()), "dev: 9000 answers (2 arms, 1000 rows, 3 trials)");
  EXPECT_EQ(pass_begin({"pilot", 1, 1, 0, 1, 0, {{"rules", 0, 1, 0, 0}}}),
            "pilot: 1 answer (1 arm, 1 row, 1 trial)");
}

TEST(PassLine, TheBlockHasALineForEachArmAndFitsTheTerminal) {
  EXPECT_THAT(pass_block(state(), 100),
              ElementsAre("  dev: 3210 of 9000 answers, 182/s, 32 s left, $0.42, 3 errors",
                          "    rules     1070 of 3000", "    fasttext  2140 of 6000, $0.42, 3 errors"));
  EXPECT_THAT(pass_block(state(), 12), ElementsAre("  dev: 3210 ", "    rules   ", "    fasttext"));
}

TEST(PassLine, OneArmNeedsNoSecondLine) {
  auto pass = state();
  pass.arms.resize(1);
  EXPECT_EQ(pass_block(pass, 100).size(), 1U);
}

TEST(Duration, InTheUnitThatFits) {
  EXPECT_EQ(duration(0), "0 s");
  EXPECT_EQ(duration(89), "89 s");
  EXPECT_EQ(duration(240), "4 min");
  EXPECT_EQ(duration(4800), "80 min");
  EXPECT_EQ(duration(5460), "1 h 31 min");
}

}  // namespace
}  // namespace itera::cli::view
