#pragma once
#include <optional>
#include <vector>

#include "core/spec/spec.hpp"
#include "dsl/check/clause.hpp"

namespace itera::dsl::meaning {

/// `ship when effect >= 5pp and ...`; nothing after a mistake, which is reported.
std::optional<spec::ShipRule> read_rule(Report& report, Clause const& clause);

/// E208 for slices and categories of the rule that the experiment does not have. Null: not looked up.
void resolve_rule(Report& report, spec::ShipRule const& rule, std::vector<spec::Name> const* slices,
                  std::vector<spec::Category> const* categories);

}  // namespace itera::dsl::meaning
