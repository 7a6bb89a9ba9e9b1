#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/ports/actors.hpp"
#include "core/spec/spec.hpp"
#include "dsl/check/report.hpp"

namespace itera::dsl::meaning {

/// E230 for each column that the experiment speaks of and the source does not have, once; E231 where an
/// expression takes one for what it is not.
void check_columns(Report& report, spec::Experiment const& experiment,
                   std::vector<ports::Column> const& columns);

}  // namespace itera::dsl::meaning
