#include "core/run/pace.hpp"

#include <gtest/gtest.h>

namespace itera::run {
namespace {

TEST(Pace, IsNotKnownAtFirst) {
  Pace pace;
  EXPECT_EQ(pace.per_second(), 0);
  EXPECT_TRUE(pace.at(100, 0, false));
  EXPECT_EQ(pace.per_second(), 0);
}

TEST(Pace, TellsTenTimesASecondAndAtTheEnd) {
  Pace pace;
  EXPECT_TRUE(pace.at(100, 0, false));
  EXPECT_FALSE(pace.at(100.05, 5, false));
  EXPECT_TRUE(pace.at(100.11, 11, false));
  EXPECT_TRUE(pace.at(100.12, 12, true));
  EXPECT_NEAR(pace.per_second(), 100, 1e-6);
}

TEST(Pace, ForgetsWhatIsOlderThanHalfAMinute) {
  Pace pace;
  for (int second = 0; second <= 100; ++second) pace.at(second, static_cast<std::uint64_t>(second), false);
  EXPECT_NEAR(pace.per_second(), 1, 1e-9);
  for (int second = 101; second <= 160; ++second)
    pace.at(second, 100 + 50 * static_cast<std::uint64_t>(second - 100), false);
  EXPECT_NEAR(pace.per_second(), 50, 1e-9);
}

}  // namespace
}  // namespace itera::run
