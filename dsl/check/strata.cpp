#include "dsl/check/strata.hpp"

#include <fmt/format.h>

#include "core/base/text.hpp"

namespace itera::dsl::meaning {

Strata::Strata(spec::RowMapping const* row) : known_(row != nullptr) {
  if (!row) return;
  for (auto const& slice : row->slices) names_.push_back(slice.value);
  if (row->expected) names_.push_back(row->expected->value);
  set_.insert(names_.begin(), names_.end());
}

bool Strata::require(Report& report, spec::Name const& column) const {
  if (!known_ || set_.contains(column.value)) return true;
  auto const near = report.full() ? std::nullopt : did_you_mean(column.value, names_);
  report.error(codes::unknown_name, column.span,
               fmt::format("`{}` is neither a slice nor the expected answer of `row`", column.value),
               near ? fmt::format("did you mean `{}`?", *near)
                    : fmt::format("add it to `row`: `slice {}`", column.value));
  return false;
}

}  // namespace itera::dsl::meaning
