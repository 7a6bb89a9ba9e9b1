#include "dsl/check/columns.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "core/base/text.hpp"
#include "dsl/check/clause.hpp"

namespace itera::dsl::meaning {
namespace {

class Columns {
 public:
  Columns(Report& report, std::vector<ports::Column> const& columns) : report_(report), columns_(columns) {
    for (auto const& column : columns) names_.push_back(column.name);
  }

  ports::Column const* find(spec::Name const& name) {
    if (name.value.empty()) return nullptr;
    auto const it = std::find(names_.begin(), names_.end(), name.value);
    if (it != names_.end()) return &columns_[static_cast<std::size_t>(it - names_.begin())];
    if (!told_.insert(name.value).second) return nullptr;
    auto const near = did_you_mean(name.value, names_);
    report_.error(
        codes::unknown_column, name.span, fmt::format("the source has no column `{}`", name.value),
        near ? fmt::format("did you mean `{}`?", *near) : fmt::format("its columns are {}", listed(names_)));
    return nullptr;
  }

  void check(spec::Expression const& expression) {
    for (auto const& use : expression.columns) {
      auto const* column = find(use.column);
      if (!column) continue;
      // A text may spell a number, so a source that knows only texts leaves the type to the use.
      bool const number = column->type == "int" || column->type == "real";
      bool const truth = column->type == "bool";
      if ((!number && !truth) || (number && use.type == spec::ValueType::number) ||
          (truth && use.type == spec::ValueType::truth))
        continue;
      constexpr std::string_view nouns[] = {"a number", "a text", "a condition"};
      report_.error(codes::operand_type, use.column.span,
                    fmt::format("the column `{}` is {}, here {} is needed", use.column.value,
                                number ? "a number" : "true or false", nouns[static_cast<int>(use.type)]));
    }
  }

 private:
  Report& report_;
  std::vector<ports::Column> const& columns_;
  std::vector<std::string> names_;
  std::set<std::string> told_;
};

}  // namespace

void check_columns(Report& report, spec::Experiment const& experiment,
                   std::vector<ports::Column> const& columns) {
  Columns known(report, columns);
  auto const& row = experiment.row;
  known.find(row.key);
  for (auto const& name : row.inputs) known.find(name);
  if (row.expected) known.find(*row.expected);
  for (auto const& name : row.slices) known.find(name);
  if (row.entity) known.find(*row.entity);
  if (row.severity) known.check(*row.severity);
  for (auto const& category : experiment.categories)
    if (category.when) known.check(*category.when);
}

}  // namespace itera::dsl::meaning
