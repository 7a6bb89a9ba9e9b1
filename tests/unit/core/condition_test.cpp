#include "core/plan/condition.hpp"

#include <gtest/gtest.h>

namespace itera::plan {
namespace {

using spec::Step;
using spec::ValueType;
using Op = Step::Op;

spec::Expression of(std::vector<Step> steps, std::vector<spec::ColumnUse> columns = {}) {
  spec::Expression out;
  out.steps = std::move(steps);
  out.columns = std::move(columns);
  return out;
}

std::optional<bool> holds(spec::Expression const& e, std::optional<std::string_view> output,
                          std::optional<std::string_view> expected = "yes", Value const& column = {}) {
  auto const condition = Condition::of(e);
  EXPECT_TRUE(condition);
  return condition->holds({[&](std::string const&) { return column; }, output, expected});
}

// output != expected
auto const kDiffers = of({{Op::output}, {Op::expected}, {Op::unequal}});
// age < 30
auto const kYoung =
    of({{Op::column, {}, "age"}, {Op::number, {30, 1}}, {Op::less}}, {{{"age", {}}, ValueType::number}});
// fresh
auto const kFresh = of({{Op::column, {}, "fresh"}}, {{{"fresh", {}}, ValueType::truth}});

spec::Expression both_of(spec::Expression const& a, spec::Expression const& b, Op op) {
  auto out = a;
  out.steps.insert(out.steps.end(), b.steps.begin(), b.steps.end());
  out.steps.push_back({op});
  out.columns.insert(out.columns.end(), b.columns.begin(), b.columns.end());
  return out;
}

spec::Expression inverse(spec::Expression out) {
  out.steps.push_back({Op::inverse});
  return out;
}

TEST(Condition, ComparesWhatTheArmAnsweredWithWhatWasExpected) {
  EXPECT_EQ(holds(kDiffers, "no"), true);
  EXPECT_EQ(holds(kDiffers, "yes"), false);
  EXPECT_EQ(holds(kDiffers, ""), true) << "an empty answer is an answer";
  EXPECT_EQ(holds(inverse(kDiffers), "yes"), true);
}

TEST(Condition, OrdersNumbersAndTextsThatSpellThem) {
  EXPECT_EQ(holds(kYoung, "", "", 29.5), true);
  EXPECT_EQ(holds(kYoung, "", "", 30.0), false);
  EXPECT_EQ(holds(kYoung, "", "", std::string("7")), true);
  for (auto const& [op, at_30] : {std::pair{Op::at_most, true}, {Op::greater, false}, {Op::at_least, true}}) {
    auto e = kYoung;
    e.steps.back().op = op;
    EXPECT_EQ(holds(e, "", "", 30.0), at_30);
  }
}

TEST(Condition, ReadsTruthsFromTheirWords) {
  EXPECT_EQ(holds(kFresh, "", "", true), true);
  for (auto const* word : {"true", "True", "TRUE", "1", "yes"})
    EXPECT_EQ(holds(kFresh, "", "", std::string(word)), true) << word;
  for (auto const* word : {"false", "False", "FALSE", "0", "no"})
    EXPECT_EQ(holds(kFresh, "", "", std::string(word)), false) << word;
  EXPECT_EQ(holds(kFresh, "", "", std::string("maybe")), std::nullopt);
}

TEST(Condition, ANullLeavesAComparisonOpenAndSoItsInverse) {
  EXPECT_EQ(holds(kYoung, "", "", {}), std::nullopt);
  EXPECT_EQ(holds(inverse(kYoung), "", "", {}), std::nullopt);
  EXPECT_EQ(holds(kYoung, "", "", std::string("thirty")), std::nullopt);
  EXPECT_EQ(holds(kDiffers, std::nullopt), std::nullopt);
  EXPECT_EQ(holds(kDiffers, "no", std::nullopt), std::nullopt);
}

TEST(Condition, OneSideCanDecideWhateverTheOtherIs) {
  Value const null;
  EXPECT_EQ(holds(both_of(kDiffers, kYoung, Op::both), "yes", "yes", null), false);
  EXPECT_EQ(holds(both_of(kDiffers, kYoung, Op::both), "no", "yes", null), std::nullopt);
  EXPECT_EQ(holds(both_of(kDiffers, kYoung, Op::either), "no", "yes", null), true);
  EXPECT_EQ(holds(both_of(kDiffers, kYoung, Op::either), "yes", "yes", null), std::nullopt);
  EXPECT_EQ(holds(both_of(kYoung, kDiffers, Op::either), "no", "yes", 50.0), true);
  EXPECT_EQ(holds(both_of(kYoung, kDiffers, Op::both), "no", "yes", 20.0), true);
}

TEST(Condition, FindsPatternsAnywhereInTimeLinearInTheText) {
  auto const digits = of({{Op::output}, {Op::matches, {}, "[0-9]{4}"}});
  EXPECT_EQ(holds(digits, "code 1234."), true);
  EXPECT_EQ(holds(digits, "code 123."), false);
  auto const two = both_of(digits, of({{Op::expected}, {Op::matches, {}, "^y"}}), Op::both);
  EXPECT_EQ(holds(two, "1234", "yes"), true);
  EXPECT_EQ(holds(two, "1234", "no"), false);
  // A backtracking search would not come to its end.
  auto const nested = of({{Op::output}, {Op::matches, {}, "(a*)*b"}});
  EXPECT_EQ(holds(nested, std::string(1'000'000, 'a')), false);
  EXPECT_EQ(holds(digits, "\xff\xfe 1234"), true) << "outputs may hold any bytes";
  EXPECT_FALSE(Condition::of(of({{Op::output}, {Op::matches, {}, "(["}})));
}

TEST(Condition, CountsWithOperatorsOfNumbers) {
  // len(output) == 0
  auto const silent = of({{Op::output}, {Op::length}, {Op::number, {0, 1}}, {Op::equal}});
  EXPECT_EQ(holds(silent, ""), true);
  EXPECT_EQ(holds(silent, "x"), false);
  EXPECT_EQ(holds(of({{Op::truth, {}, "true"}}), "x"), true);
}

}  // namespace
}  // namespace itera::plan
