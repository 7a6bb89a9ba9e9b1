#include "core/plan/evaluate.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

namespace itera::plan {
namespace {

using spec::Step;
using Op = Step::Op;

double characters(std::string const& text) {
  // Every byte of UTF-8 that begins a character.
  return static_cast<double>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

Value read_as(Value value, spec::ValueType type) {
  if (type == spec::ValueType::number) {
    if (auto const* text = std::get_if<std::string>(&value)) {
      auto const number = number_in(*text);
      return number ? Value(*number) : Value();
    }
    return value;
  }
  return std::holds_alternative<std::string>(value) ? value : Value();
}

double combine(Op op, double a, double b) {
  switch (op) {
    case Op::add:
      return a + b;
    case Op::subtract:
      return a - b;
    case Op::multiply:
      return a * b;
    case Op::least:
      return std::min(a, b);
    case Op::greatest:
      return std::max(a, b);
    default:
      return a / b;
  }
}

/// Operands wait on the stack until an operator takes them.
class Stack {
 public:
  void push(Value value) { values_.push_back(std::move(value)); }
  /// Null where there is no number.
  void push(std::optional<double> number) {
    values_.emplace_back();
    if (number) values_.back() = *number;
  }
  Value pop() {
    if (values_.empty()) return {};
    auto out = std::move(values_.back());
    values_.pop_back();
    return out;
  }
  std::optional<double> pop_number() {
    auto const value = pop();
    auto const* number = std::get_if<double>(&value);
    return number ? std::optional(*number) : std::nullopt;
  }
  // Null as soon as an operand is.
  template <class Of>
  void unary(Of of) {
    auto const number = pop_number();
    push(number ? std::optional(of(*number)) : std::nullopt);
  }
  void join(Op op, std::uint32_t count) {
    auto out = pop_number();
    for (std::uint32_t i = 1; i < count; ++i) {
      auto const left = pop_number();
      bool const known = left && out && !(op == Op::divide && *out == 0);
      out = known ? std::optional(combine(op, *left, *out)) : std::nullopt;
    }
    push(out);
  }

 private:
  std::vector<Value> values_;
};

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

std::optional<double> evaluate(spec::Expression const& expression,
                               std::function<Value(std::string const&)> const& column) {
  Stack stack;
  for (auto const& step : expression.steps) {
    switch (step.op) {
      case Op::number:
        stack.push(std::optional(to_double(step.number)));
        break;
      case Op::text:
        stack.push(Value(step.text));
        break;
      case Op::column: {
        auto const use = std::find_if(expression.columns.begin(), expression.columns.end(),
                                      [&](auto const& c) { return c.column.value == step.text; });
        stack.push(use == expression.columns.end() ? Value() : read_as(column(step.text), use->type));
        break;
      }
      case Op::negate:
        stack.unary([](double x) { return -x; });
        break;
      case Op::absolute:
        stack.unary([](double x) { return std::abs(x); });
        break;
      case Op::length: {
        auto const text = stack.pop();
        auto const* known = std::get_if<std::string>(&text);
        stack.push(known ? std::optional(characters(*known)) : std::nullopt);
        break;
      }
      case Op::add:
      case Op::subtract:
      case Op::multiply:
      case Op::divide:
        stack.join(step.op, 2);
        break;
      case Op::least:
      case Op::greatest:
        stack.join(step.op, step.count);
        break;
      default:
        return std::nullopt;
    }
  }
  auto const out = stack.pop_number();
  return out && std::isfinite(*out) ? out : std::nullopt;
}

}  // namespace itera::plan
