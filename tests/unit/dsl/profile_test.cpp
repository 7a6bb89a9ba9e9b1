#include "dsl/draft/profile.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/unit/dsl/support.hpp"

namespace itera::dsl {
namespace {

using test::profile_of;

ColumnProfile column(std::vector<std::string> const& cells, std::size_t most_values = 4'000'000) {
  return profile_of(
             {"c"}, cells.size(), [&](std::size_t i) { return std::vector{cells[i]}; }, most_values)
      .columns.front();
}

TEST(Profile, CountsValuesAndEmptyCells) {
  auto const c = column({"a", "b", "", "a", "a", ""});
  EXPECT_EQ(c.type, CellType::text);
  EXPECT_EQ(c.rows, 6U);
  EXPECT_EQ(c.empty, 2U);
  EXPECT_EQ(c.distinct, 2U);
  EXPECT_EQ(c.smallest, 1U);
  EXPECT_EQ(c.largest, 3U);
  EXPECT_EQ(c.left_by_cap, 6U) << "three of a, one of b, two that are empty";
  EXPECT_TRUE(c.repeated);
  EXPECT_FALSE(c.more);
  EXPECT_FALSE(column({"a", "b", "c"}).repeated);
  EXPECT_EQ(column({"a", "a", "a", "a", "a"}).left_by_cap, 3U);
}

TEST(Profile, LengthsAreInCharacters) {
  EXPECT_DOUBLE_EQ(column({"größe", "x", ""}).mean_length, 3);
  EXPECT_DOUBLE_EQ(column({"привет"}).mean_length, 6);
}

TEST(Profile, TypesAreThoseOfEveryCellThatIsNotEmpty) {
  EXPECT_EQ(column({"1", "-2.5", "", "1e3", ".5"}).type, CellType::number);
  EXPECT_EQ(column({"1", "2", "n/a"}).type, CellType::text);
  for (auto const* text : {"nan", "inf", "1,000", "$5", "1 ", "0x10", "-", "+1", "1e999"})
    EXPECT_EQ(column({text}).type, CellType::text) << text;
  EXPECT_EQ(column({"2026-04-12", "2026-04-12T10:00:00Z", "2026-04-12 10:00"}).type, CellType::date);
  EXPECT_EQ(column({"2026-04-12", "soon"}).type, CellType::text);
  EXPECT_EQ(column({"2026-04-12x"}).type, CellType::text);
  EXPECT_EQ(column({"", ""}).type, CellType::empty);
  EXPECT_EQ(column({}).type, CellType::empty);
}

TEST(Profile, QuantilesAreByNearestRankOfTheMagnitudes) {
  std::vector<std::string> cells;
  for (int i = 1; i <= 100; ++i) cells.push_back(std::to_string(i % 2 ? i : -i));
  auto const range = column(cells).range;
  ASSERT_TRUE(range);
  EXPECT_EQ(range->least, -100);
  EXPECT_EQ(range->most, 99);
  EXPECT_EQ(range->median, 50);
  EXPECT_EQ(range->p95, 95);
  EXPECT_FALSE(column({"a"}).range);
  auto const one = column({"1e308"}).range;
  EXPECT_EQ(one->least, 1e308);
  EXPECT_EQ(one->p95, 1e308);
}

TEST(Profile, TypedCellsCountLikeTheirText) {
  Profiler profiler({{"n", "real"}, {"t", "bool"}, {"i", "int"}});
  profiler.add({2.5, true, std::int64_t{7}});
  profiler.add({std::monostate(), false, std::int64_t{7}});
  auto const columns = profiler.finish().columns;
  EXPECT_EQ(columns[0].type, CellType::number);
  EXPECT_EQ(columns[0].empty, 1U);
  EXPECT_EQ(columns[0].range->most, 2.5);
  EXPECT_EQ(columns[1].type, CellType::text);
  EXPECT_EQ(columns[1].distinct, 2U);
  EXPECT_EQ(columns[2].distinct, 1U);
}

TEST(Profile, WhatIsKeptIsBoundedAndSaysSo) {
  std::vector<std::string> cells;
  for (int i = 0; i < 5000; ++i) cells.push_back(std::to_string(i));
  auto const c = column(cells, 100);
  EXPECT_TRUE(c.more);
  EXPECT_EQ(c.distinct, 101U);
  EXPECT_EQ(c.largest, 0U) << "nothing is said of what was not counted to its end";
  EXPECT_FALSE(c.repeated);
  // The quantiles come from every 64th number then: near, and of the whole column.
  EXPECT_EQ(c.range->most, 4999);
  EXPECT_NEAR(c.range->median, 2500, 100);
  EXPECT_NEAR(c.range->p95, 4750, 100);

  // The column with the most values gives way to the others.
  auto const two = profile_of(
                       {"id", "kind"}, 5000,
                       [](std::size_t i) {
                         return std::vector{std::to_string(i), std::to_string(i % 9)};
                       },
                       100)
                       .columns;
  EXPECT_TRUE(two[0].more);
  EXPECT_FALSE(two[1].more);
  EXPECT_EQ(two[1].distinct, 9U);
  EXPECT_EQ(two[1].largest, 556U);

  cells.insert(cells.begin(), "0");
  EXPECT_TRUE(column(cells, 100).repeated) << "a repeat that was seen before counting stopped is known";
}

TEST(Profile, NoColumnAndNoRow) {
  EXPECT_TRUE(Profiler({}).finish().columns.empty());
  auto const none = profile_of({"a"}, 0, [](auto) { return std::vector<std::string>(); });
  EXPECT_EQ(none.rows, 0U);
  EXPECT_EQ(none.columns.front().distinct, 0U);
}

}  // namespace
}  // namespace itera::dsl
