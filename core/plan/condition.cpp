#include "core/plan/condition.hpp"

#include <utility>

#include "core/plan/operand.hpp"

namespace itera::plan {
namespace {

using Op = spec::Step::Op;

bool is_order(Op op) {
  return op == Op::less || op == Op::at_most || op == Op::greater || op == Op::at_least;
}

bool ordered(Op op, double a, double b) {
  switch (op) {
    case Op::less:
      return a < b;
    case Op::at_most:
      return a <= b;
    case Op::greater:
      return a > b;
    default:
      return a >= b;
  }
}

std::optional<bool> compare(Op op, Value const& a, Value const& b) {
  if (a.index() != b.index() || std::holds_alternative<std::monostate>(a)) return std::nullopt;
  if (op == Op::equal) return a == b;
  if (op == Op::unequal) return a != b;
  auto const *x = std::get_if<double>(&a), *y = std::get_if<double>(&b);
  return x && y ? std::optional(ordered(op, *x, *y)) : std::nullopt;
}

// `decides` is what one side alone makes of the whole: false for `and`, true for `or`.
std::optional<bool> join(std::optional<bool> const& a, std::optional<bool> const& b, bool decides) {
  if (a == decides || b == decides) return decides;
  return a && b ? std::optional(!decides) : std::nullopt;
}

std::optional<std::string> text_of(std::optional<std::string_view> const& view) {
  return view ? std::optional<std::string>(*view) : std::nullopt;
}

}  // namespace

Result<Condition> Condition::of(spec::Expression expression) {
  Condition out;
  for (auto const& step : expression.steps)
    if (step.op == Op::matches) {
      auto pattern = Pattern::compile(step.text);
      if (!pattern) return fail(pattern.error());
      out.patterns_.push_back(std::move(*pattern));
    }
  out.expression_ = std::move(expression);
  return out;
}

std::optional<bool> Condition::holds(Answered const& row) const {
  Operands operands;
  std::size_t pattern = 0;
  for (auto const& step : expression_.steps) {
    if (calculate(expression_, step, row.column, operands)) continue;
    if (step.op == Op::equal || step.op == Op::unequal || is_order(step.op)) {
      auto const right = operands.pop(), left = operands.pop();
      operands.push(compare(step.op, left, right));
      continue;
    }
    switch (step.op) {
      case Op::truth:
        operands.push(std::optional(step.text == "true"));
        break;
      case Op::output:
        operands.push(text_of(row.output));
        break;
      case Op::expected:
        operands.push(text_of(row.expected));
        break;
      case Op::matches: {
        auto const& wanted = patterns_[pattern++];
        auto const text = operands.take<std::string>();
        operands.push(text ? std::optional(wanted.found_in(*text)) : std::nullopt);
        break;
      }
      case Op::inverse: {
        auto const truth = operands.take<bool>();
        operands.push(truth ? std::optional(!*truth) : std::nullopt);
        break;
      }
      default: {  // both, either
        auto const right = operands.take<bool>(), left = operands.take<bool>();
        operands.push(join(left, right, step.op == Op::either));
      }
    }
  }
  return operands.take<bool>();
}

}  // namespace itera::plan
