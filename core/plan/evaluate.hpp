#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "core/spec/expression.hpp"

namespace itera::plan {

/// A value in an expression: null, a number, a text or a truth.
using Value = std::variant<std::monostate, double, std::string, bool>;

/// The number of a text such as "12.50", "-3" or "1e3", blanks around it left out; nothing if the text spells
/// no finite number.
std::optional<double> number_in(std::string_view text);

/// The number that an expression of numbers and texts makes of a row: what a severity is. `column` gives the
/// row's value by the column's name; a value that is not of the type that the expression reads it as is null,
/// but a text that spells a number is that number. Nothing if a null is in it, also from a division by zero
/// or a result that is not finite. For conditions see condition.hpp.
std::optional<double> evaluate(spec::Expression const& expression,
                               std::function<Value(std::string const&)> const& column);

}  // namespace itera::plan
