#pragma once
#include <string>
#include <unordered_set>
#include <vector>

#include "core/spec/spec.hpp"
#include "dsl/check/report.hpp"

namespace itera::dsl::meaning {

/// The columns by which rows may be told apart in `split` and `traffic`: the slices and the expected answer.
class Strata {
 public:
  /// Without `row` every column may be one: which are is not known.
  explicit Strata(spec::RowMapping const* row);
  /// E208 and false for a column that is none.
  bool require(Report& report, spec::Name const& column) const;

 private:
  bool known_;
  std::vector<std::string> names_;
  std::unordered_set<std::string> set_;
};

}  // namespace itera::dsl::meaning
