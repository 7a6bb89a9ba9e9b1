#pragma once
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/plan/evaluate.hpp"

namespace itera::plan {

/// Operands wait here until an operator of a postfix expression takes them.
class Operands {
 public:
  void push(Value value) { values_.push_back(std::move(value)); }
  /// Null where there is no number, text or truth.
  template <class T>
  void push(std::optional<T> const& known) {
    values_.emplace_back();
    if (known) values_.back() = *known;
  }
  Value pop() {
    if (values_.empty()) return {};
    auto out = std::move(values_.back());
    values_.pop_back();
    return out;
  }
  /// The one on top as a T; nothing if it is null.
  template <class T>
  std::optional<T> take() {
    auto value = pop();
    auto* known = std::get_if<T>(&value);
    return known ? std::optional(std::move(*known)) : std::nullopt;
  }

 private:
  std::vector<Value> values_;
};

/// Does the step if it is one of arithmetic (numbers, columns, `+`, `min`, `len` ...); false if it is not.
bool calculate(spec::Expression const& expression, spec::Step const& step,
               std::function<Value(std::string const&)> const& column, Operands& operands);

}  // namespace itera::plan
