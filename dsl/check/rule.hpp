#pragma once
#include <optional>
#include <vector>

#include "core/spec/spec.hpp"
#include "dsl/check/clause.hpp"

namespace itera::dsl::meaning {

/// `ship when effect >= 5pp and ...`; nothing after a mistake, which is reported.
std::optional<spec::ShipRule> read_rule(Report& report, Clause const& clause);

/// Which names of the experiment are all known: one that a mistake has lost may be the one that the rule
/// means.
struct Known {
  bool slices = true, categories = true, metrics = true;
};

/// E208 for slices, categories and metrics of the rule that the experiment does not have.
void resolve_rule(Report& report, spec::ShipRule const& rule, spec::Experiment const& experiment,
                  Known known);

}  // namespace itera::dsl::meaning
