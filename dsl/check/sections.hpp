#pragma once
#include "core/ports/plugin_info.hpp"
#include "core/spec/spec.hpp"
#include "dsl/check/clause.hpp"

namespace itera::dsl::meaning {

/// `traffic { tier enterprise 60%, smb 40% }`. `row` is null if the row mapping has a mistake of its own:
/// then columns are not looked up.
void read_traffic(Report& report, Clause const& clause, spec::RowMapping const* row, spec::Experiment& out);
/// `crosscheck 5 rows using JUDGE { ... }`. Where the metric has the same plugin, its settings are inherited:
/// the second judge is asked the same, but not with the first one's secrets. E238 if nothing then differs.
/// `judge`: the metric's, nothing if it could not be read; then what is missing here may be what it has.
/// `second_judge` gets the plugin.
void read_crosscheck(Report& report, Clause const& clause, ports::PluginInfo const* judge,
                     spec::Experiment& out, ports::PluginInfo const** second_judge);
/// `budget $40`
void read_budget(Report& report, Clause const& clause, spec::Experiment& out);
/// `accept underpowered "reason"`
void read_accept(Report& report, Clause const& clause, spec::Experiment& out);

}  // namespace itera::dsl::meaning
