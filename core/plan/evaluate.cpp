#include "core/plan/evaluate.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>

#include "core/plan/operand.hpp"

namespace itera::plan {
namespace {

using spec::Step;
using Op = Step::Op;

double characters(std::string const& text) {
  // Every byte of UTF-8 that begins a character.
  return static_cast<double>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::optional<bool> truth_in(std::string const& text) {
  constexpr std::string_view words[2][5] = {{"false", "False", "FALSE", "0", "no"},
                                            {"true", "True", "TRUE", "1", "yes"}};
  for (bool const value : {false, true})
    if (std::find(std::begin(words[value]), std::end(words[value]), text) != std::end(words[value]))
      return value;
  return std::nullopt;
}

// Null if the value is not of the type and cannot be read as it.
Value read_as(Value value, spec::ValueType type) {
  auto const* text = std::get_if<std::string>(&value);
  Value out;
  if (type == spec::ValueType::text) {
    if (text) out = std::move(value);
  } else if (type == spec::ValueType::number) {
    if (std::holds_alternative<double>(value)) out = std::move(value);
    if (text)
      if (auto const number = number_in(*text)) out = *number;
  } else {
    if (std::holds_alternative<bool>(value)) out = std::move(value);
    if (text)
      if (auto const truth = truth_in(*text)) out = *truth;
  }
  return out;
}

std::optional<double> combine(Op op, std::optional<double> const& a, std::optional<double> const& b) {
  if (!a || !b || (op == Op::divide && *b == 0)) return std::nullopt;
  switch (op) {
    case Op::add:
      return *a + *b;
    case Op::subtract:
      return *a - *b;
    case Op::multiply:
      return *a * *b;
    case Op::least:
      return std::min(*a, *b);
    case Op::greatest:
      return std::max(*a, *b);
    default:
      return *a / *b;
  }
}

template <class Of>
void change(Operands& operands, Of of) {
  auto const number = operands.take<double>();
  operands.push(number ? std::optional<double>(of(*number)) : std::nullopt);
}

}  // namespace

std::optional<double> number_in(std::string_view text) {
  auto const first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return std::nullopt;
  text = text.substr(first, text.find_last_not_of(" \t") - first + 1);
  if (text.starts_with('+')) text.remove_prefix(1);
  double out = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(out)) return std::nullopt;
  return out;
}

bool calculate(spec::Expression const& expression, spec::Step const& step,
               std::function<Value(std::string const&)> const& column, Operands& operands) {
  switch (step.op) {
    case Op::number:
      operands.push(std::optional(to_double(step.number)));
      return true;
    case Op::text:
      operands.push(std::optional(step.text));
      return true;
    case Op::column: {
      auto const use = std::find_if(expression.columns.begin(), expression.columns.end(),
                                    [&](auto const& c) { return c.column.value == step.text; });
      operands.push(use == expression.columns.end() ? Value() : read_as(column(step.text), use->type));
      return true;
    }
    case Op::negate:
      change(operands, [](double x) { return -x; });
      return true;
    case Op::absolute:
      change(operands, [](double x) { return std::abs(x); });
      return true;
    case Op::length: {
      auto const text = operands.take<std::string>();
      operands.push(text ? std::optional(characters(*text)) : std::nullopt);
      return true;
    }
    case Op::add:
    case Op::subtract:
    case Op::multiply:
    case Op::divide:
    case Op::least:
    case Op::greatest: {
      auto const count = step.op == Op::least || step.op == Op::greatest ? step.count : 2;
      auto out = operands.take<double>();
      for (std::uint32_t i = 1; i < count; ++i) out = combine(step.op, operands.take<double>(), out);
      operands.push(out);
      return true;
    }
    default:
      return false;
  }
}

std::optional<double> evaluate(spec::Expression const& expression,
                               std::function<Value(std::string const&)> const& column) {
  Operands operands;
  for (auto const& step : expression.steps)
    if (!calculate(expression, step, column, operands)) return std::nullopt;
  auto const out = operands.take<double>();
  return out && std::isfinite(*out) ? out : std::nullopt;
}

}  // namespace itera::plan
