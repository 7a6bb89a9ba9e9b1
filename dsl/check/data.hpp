#pragma once
#include "core/spec/spec.hpp"
#include "dsl/check/clause.hpp"

namespace itera::dsl::meaning {

/// Clauses about the rows. Each reads its clause into `out`; false after a mistake, which is reported.
bool read_origin(Report& report, Clause const& clause, spec::Experiment& out);
bool read_row(Report& report, Clause const& clause, spec::RowMapping& out);
bool read_sample(Report& report, Clause const& clause, spec::Experiment& out);
/// `row` is null if the row mapping has a mistake of its own: then columns are not looked up.
bool read_split(Report& report, Clause const& clause, spec::RowMapping const* row, spec::SplitPolicy& out);

}  // namespace itera::dsl::meaning
