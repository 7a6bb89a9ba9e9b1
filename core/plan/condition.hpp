#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/pattern.hpp"
#include "core/base/result.hpp"
#include "core/plan/evaluate.hpp"

namespace itera::plan {

/// What a condition sees of one answered row. Views are borrowed.
struct Answered {
  std::function<Value(std::string const&)> column;  ///< null for what the row does not have
  std::optional<std::string_view> output;           ///< nothing if the arm gave no answer
  std::optional<std::string_view> expected;
};

/// `when` of a failure category, ready to be tried on rows. Any thread may use it.
class Condition {
 public:
  /// An Error of class invalid if a pattern in it is no regular expression.
  static Result<Condition> of(spec::Expression expression);
  /// Whether it holds. Nothing where a null leaves it open: a comparison with a null in it is neither true
  /// nor false, `and` is false as soon as one side is, `or` true as soon as one side is.
  std::optional<bool> holds(Answered const& row) const;

 private:
  spec::Expression expression_;
  std::vector<Pattern> patterns_;  // of the `matches` steps, in their order
};

}  // namespace itera::plan
