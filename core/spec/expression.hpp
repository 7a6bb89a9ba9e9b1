#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/spec/value.hpp"

namespace itera::spec {

/// A step of an expression in postfix order: operands are pushed, operators pop theirs and push their result.
/// There is no tree, so depth costs nothing.
struct Step {
  enum class Op {
    number,  ///< pushes `number`
    text,    ///< pushes `text`
    truth,   ///< pushes true if `text` is "true"
    column,  ///< pushes the row's value in the column `text`, null if it is absent or not of `type`
    output,  ///< pushes what the arm answered
    expected,
    negate,
    add,
    subtract,
    multiply,
    divide,  ///< by zero is null
    least,   ///< of the `count` numbers on top
    greatest,
    absolute,
    length,  ///< of a text, in characters
    equal,
    unequal,
    less,
    at_most,
    greater,
    at_least,
    matches,  ///< the regular expression `text` is found in the text on top
    both,
    either,
    inverse,
  };
  Op op = Op::number;
  Rational number{};
  std::string text{};
  std::uint32_t count = 0;
};

/// What a column of an expression is read as.
enum class ValueType { number, text, truth };

struct ColumnUse {
  Name column;
  ValueType type = ValueType::text;
};

/// A typed expression over the columns of a row. A comparison with null is false; a number with null in it is
/// null.
struct Expression {
  std::string text;  ///< as written, one blank between two words
  std::vector<Step> steps;
  std::vector<ColumnUse> columns;  ///< each once, in the order of their first use
  Span span;
  std::optional<Span> expected{};  ///< where `expected` is first used
};

}  // namespace itera::spec
