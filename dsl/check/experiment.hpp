#pragma once
#include "core/spec/spec.hpp"
#include "dsl/check/clause.hpp"

namespace itera::dsl::meaning {

/// Reads `experiment NAME { ... }`. The result means something only if nothing was reported.
spec::Experiment read_experiment(Report& report, Clause const& clause);

}  // namespace itera::dsl::meaning
