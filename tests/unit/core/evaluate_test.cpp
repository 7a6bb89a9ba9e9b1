#include "core/plan/evaluate.hpp"

#include <gtest/gtest.h>

#include "core/split/impact.hpp"
#include "tests/unit/core/support.hpp"

namespace itera::plan {
namespace {

using spec::Step;
using spec::ValueType;
using Op = Step::Op;

// min(abs(amount) * 2, 50)
spec::Expression capped() {
  spec::Expression out;
  out.text = "min(abs(amount) * 2, 50)";
  out.columns = {{{"amount", {}}, ValueType::number}};
  out.steps = {{Op::column, {}, "amount"}, {Op::absolute},        {Op::number, {2, 1}}, {Op::multiply},
               {Op::number, {50, 1}},      {Op::least, {}, "", 2}};
  return out;
}

std::optional<double> on(spec::Expression const& e, Value const& amount) {
  return evaluate(e, [&](std::string const&) { return amount; });
}

TEST(Evaluate, NumbersAndTextsThatSpellThem) {
  EXPECT_EQ(on(capped(), 7.5), 15);
  EXPECT_EQ(on(capped(), std::string("-7.5")), 15);
  EXPECT_EQ(on(capped(), std::string(" +1e3 ")), 50);
  EXPECT_EQ(on(capped(), 0.0), 0);
}

TEST(Evaluate, WhatIsNoNumberIsNull) {
  for (auto const* text : {"", " ", "12 USD", "1,234", "nan", "inf", "1e999", "0x10"})
    EXPECT_EQ(on(capped(), std::string(text)), std::nullopt) << text;
  EXPECT_EQ(on(capped(), {}), std::nullopt);
}

TEST(Evaluate, EachOperator) {
  auto const of = [](Op op, Rational a, Rational b, std::uint32_t count = 0) {
    spec::Expression e;
    e.steps = {{Op::number, a}, {Op::number, b}, {op, {}, "", count}};
    return on(e, {});
  };
  EXPECT_EQ(of(Op::add, {7, 1}, {2, 1}), 9);
  EXPECT_EQ(of(Op::subtract, {7, 1}, {2, 1}), 5);
  EXPECT_EQ(of(Op::multiply, {7, 1}, {2, 1}), 14);
  EXPECT_EQ(of(Op::divide, {7, 1}, {2, 1}), 3.5);
  EXPECT_EQ(of(Op::divide, {7, 1}, {0, 1}), std::nullopt);
  EXPECT_EQ(of(Op::least, {7, 1}, {2, 1}, 2), 2);
  EXPECT_EQ(of(Op::greatest, {7, 1}, {2, 1}, 2), 7);
  spec::Expression e;
  e.steps = {{Op::number, {7, 1}}, {Op::negate}};
  EXPECT_EQ(on(e, {}), -7);
  // len(note), in characters; a number has no length.
  e.columns = {{{"note", {}}, ValueType::text}};
  e.steps = {{Op::column, {}, "note"}, {Op::length}};
  EXPECT_EQ(on(e, std::string("gr\xC3\xBC\xC3\x9F")), 4);
  EXPECT_EQ(on(e, 12.0), std::nullopt);
  e.steps = {{Op::text, {}, "four"}, {Op::length}};
  EXPECT_EQ(on(e, {}), 4);
}

class OneColumn final : public ports::Source {
 public:
  explicit OneColumn(std::vector<ports::Cell> amounts) : amounts_(std::move(amounts)) {}
  Result<std::vector<ports::Column>> schema() override {
    return std::vector<ports::Column>{
        {"id", "text"}, {"text", "text"}, {"label", "text"}, {"tier", "text"}, {"amount", "text"}};
  }
  Result<ports::SourceReport> read(std::vector<std::string> const& columns,
                                   std::function<void(std::vector<ports::Cell>&&)> const& sink) override {
    for (std::size_t i = 0; i < amounts_.size(); ++i) {
      std::vector<ports::Cell> cells;
      for (auto const& column : columns)
        cells.push_back(column == "amount" ? amounts_[i] : ports::Cell("r" + std::to_string(i)));
      sink(std::move(cells));
    }
    return ports::SourceReport{"", amounts_.size()};
  }

 private:
  std::vector<ports::Cell> amounts_;
};

Result<split::Population> population(std::vector<ports::Cell> amounts, bool severity = true) {
  auto plan = test::small_plan();
  if (severity) plan.row.severity = capped();
  OneColumn source(std::move(amounts));
  return split::read_population(plan, source);
}

TEST(Severity, StandsInTheRowItsDigestAndItsSealedLine) {
  auto const with = population({std::string("-3"), std::int64_t{40}, 2.5});
  ASSERT_TRUE(with) << with.error().what;
  EXPECT_EQ(with->rows[0].severity, 6);
  EXPECT_EQ(with->rows[1].severity, 50);
  EXPECT_EQ(with->rows[2].severity, 5);
  auto const without = population({std::string("-3"), std::int64_t{40}, 2.5}, false);
  EXPECT_FALSE(without->rows[0].severity);
  EXPECT_NE(with->rows[0].digest, without->rows[0].digest);
  EXPECT_NE(with->rows[0].digest, population({4.0, 40.0, 2.5})->rows[0].digest);

  auto const line = split::to_line(with->rows[2]);
  auto const back = split::row_from_line(line);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->severity, 5);
  auto forged = line;
  forged.replace(forged.find("\"severity\":5"), 12, "\"severity\":4");
  EXPECT_FALSE(split::row_from_line(forged));
  EXPECT_EQ(split::to_line(without->rows[0]).find("severity"), std::string::npos)
      << "rows without one keep the form that older experiments have on disk";
}

TEST(Severity, ARowWithoutOneStopsWithItsKeyAndColumn) {
  auto const what = [](ports::Cell cell) {
    auto const found = population({1.0, std::move(cell)});
    return found ? std::string("read") : found.error().what;
  };
  EXPECT_EQ(what({}), "row `r1` has no severity: its column `amount` is empty");
  EXPECT_EQ(what(std::string("12 USD")),
            "row `r1` has no severity: its column `amount` holds `12 USD`, which is no number");
  EXPECT_EQ(what(true), "row `r1` has no severity: its column `amount` holds `true`, which is no number");
  EXPECT_EQ(what(1e308 * 1), "read") << "capped";

  auto plan = test::small_plan();
  plan.row.severity = capped();
  plan.row.severity->text = "min(1 / amount, 50)";
  plan.row.severity->steps = {{Op::number, {1, 1}}, {Op::column, {}, "amount"}, {Op::divide}};
  OneColumn zero({0.0});
  EXPECT_EQ(split::read_population(plan, zero).error().what,
            "row `r0` has no severity: it divides by zero, or is too large to be a number");
  OneColumn negative({-4.0});
  auto const below = split::read_population(plan, negative);
  EXPECT_EQ(below.error().what, "row `r0` has the severity -0.25, which is below zero");
  EXPECT_EQ(below.error().help,
            "`severity min(1 / amount, 50)` says how much a row matters, from 0: take `abs()` of what may be "
            "negative");
}

std::vector<split::Row> with_amounts(std::vector<std::string> const& amounts) {
  std::vector<split::Row> out;
  for (auto const& amount : amounts) {
    out.push_back(test::row("k", "t", "x", "a"));
    out.back().input = "{\"text\":\"t\",\"amount\":\"" + amount + "\"}";
  }
  return out;
}

std::optional<split::Impact> impact(plan::Plan const& plan, std::vector<split::Row> const& rows) {
  std::vector<split::Row const*> all;
  for (auto const& row : rows) all.push_back(&row);
  return split::varying_impact(plan, all);
}

TEST(Impact, ALongTailOfANumericInputIsNamed) {
  auto plan = test::small_plan();
  plan.row.inputs = {"text", "amount"};
  std::vector<std::string> amounts(40, "20");
  for (std::size_t i = 0; i < 4; ++i) amounts[i] = "-4321";
  auto const found = impact(plan, with_amounts(amounts));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->column, "amount");
  EXPECT_EQ(found->median, 20);
  EXPECT_EQ(found->p95, 4321);
  EXPECT_EQ(found->clause, "severity min(abs(amount), 4400)");
  plan.row.inputs = {"order value"};
  auto rows = with_amounts(amounts);
  for (auto& row : rows) {
    std::string input(row.input);
    row.input = input.replace(input.find("amount"), 6, "order value");
  }
  EXPECT_EQ(impact(plan, rows)->clause, "severity min(abs(`order value`), 4400)");
}

TEST(Impact, NothingWhereRowsAreAlikeOrNotNumbers) {
  auto plan = test::small_plan();
  plan.row.inputs = {"text", "amount"};
  auto const none = [&](std::vector<std::string> const& amounts) {
    return !impact(plan, with_amounts(amounts));
  };
  std::vector<std::string> five(40, "20");
  for (std::size_t i = 0; i < 4; ++i) five[i] = "100";
  EXPECT_TRUE(none(five)) << "a factor of 5 is not more than 5";
  auto one = std::vector<std::string>(40, "20");
  one[0] = "1000000";
  EXPECT_TRUE(none(one)) << "one huge row is no tail";
  auto words = std::vector<std::string>(40, "20");
  for (std::size_t i = 0; i < 5; ++i) words[i] = "much";
  for (std::size_t i = 5; i < 10; ++i) words[i] = "900000";
  EXPECT_TRUE(none(words)) << "an eighth of it is no number";
  EXPECT_TRUE(none(std::vector<std::string>(40, "0")));
  EXPECT_TRUE(none({"1", "1", "1", "1000"})) << "too few rows to tell";
  EXPECT_TRUE(none({}));
}

}  // namespace
}  // namespace itera::plan
