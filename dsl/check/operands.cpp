#include "dsl/check/operands.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace itera::dsl::meaning {
namespace {

using spec::ValueType;

std::string_view noun(ValueType type) {
  constexpr std::string_view names[] = {"a number", "a text", "a condition"};
  return names[static_cast<int>(type)];
}

}  // namespace

std::size_t Operands::column(spec::Name const& name) {
  auto const it = std::find_if(columns_.begin(), columns_.end(),
                               [&](auto const& c) { return c.name.value == name.value; });
  auto const index = static_cast<std::size_t>(it - columns_.begin());
  if (it == columns_.end()) columns_.push_back({name, std::nullopt, {}});
  return index;
}

bool Operands::want(Operand const& operand, ValueType type, std::string_view taker) {
  if (!operand.type) {
    auto& column = columns_[operand.column];
    if (!column.type) {
      column.type = type;
      column.decided_at = operand.span;
    }
    if (*column.type == type) return true;
    report_
        .error(codes::operand_type, operand.span,
               fmt::format("the column `{}` is {} here", column.name.value, noun(type)),
               "a column has one type in an expression")
        .labels.push_back({column.decided_at, fmt::format("{} here", noun(*column.type))});
    return false;
  }
  if (*operand.type == type) return true;
  report_.error(codes::operand_type, operand.span,
                fmt::format("{} takes {}, found {}", taker, noun(type), noun(*operand.type)));
  return false;
}

bool Operands::want_same(Operand const& a, Operand const& b, std::string_view taker) {
  if (auto const type = type_of(a))
    return want(b, *type, fmt::format("{} with {} before it", taker, noun(*type)));
  if (auto const type = type_of(b)) return want(a, *type, taker);
  equal_.emplace_back(a, b);
  return true;
}

bool Operands::settle() {
  for (std::size_t round = 0; round < equal_.size(); ++round)
    for (auto const& [a, b] : equal_)
      if ((type_of(a) || type_of(b)) && !want_same(a, b, "a comparison")) return false;
  return true;
}

std::vector<spec::ColumnUse> Operands::uses() const {
  std::vector<spec::ColumnUse> out;
  for (auto const& column : columns_) out.push_back({column.name, column.type.value_or(ValueType::text)});
  return out;
}

}  // namespace itera::dsl::meaning
