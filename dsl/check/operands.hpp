#pragma once
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "core/spec/expression.hpp"
#include "dsl/check/report.hpp"

namespace itera::dsl::meaning {

/// A part of an expression that was read and not yet used. A column has no type until its use gives it one.
struct Operand {
  std::optional<spec::ValueType> type;
  std::size_t column = 0;  ///< without a type: which
  Span span;
  bool bounded = false;  ///< above, whatever the row
};

/// The types of one expression's operands. Columns get theirs from their use, and keep it.
class Operands {
 public:
  explicit Operands(Report& report) : report_(report) {}

  /// The index of the column, which is new if it was not used before.
  std::size_t column(spec::Name const& name);
  /// E231 and false if `operand` cannot be of `type`, which `taker` ("`+`") needs.
  bool want(Operand const& operand, spec::ValueType type, std::string_view taker);
  /// Likewise for two that are compared; of two columns it may be learnt later.
  bool want_same(Operand const& a, Operand const& b, std::string_view taker);
  /// Applies to compared columns what was learnt of either; false after an error.
  bool settle();
  /// A column whose type nothing tells is a text.
  std::vector<spec::ColumnUse> uses() const;

 private:
  struct Column {
    spec::Name name;
    std::optional<spec::ValueType> type;
    Span decided_at;
  };
  std::optional<spec::ValueType> type_of(Operand const& operand) const {
    return operand.type ? operand.type : columns_[operand.column].type;
  }

  Report& report_;
  std::vector<Column> columns_;
  std::vector<std::pair<Operand, Operand>> equal_;
};

}  // namespace itera::dsl::meaning
