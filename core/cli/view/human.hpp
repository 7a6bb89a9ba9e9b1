#pragma once
#include <iosfwd>
#include <string>
#include <vector>

#include "core/base/diagnostic.hpp"
#include "core/base/result.hpp"
#include "core/base/source_map.hpp"
#include "core/cli/context.hpp"
#include "core/cli/view/plugin_line.hpp"
#include "core/engine/engine.hpp"
#include "core/plan/plan.hpp"

namespace itera::cli::view {

void human_error(std::ostream& err, Error const& error);
/// Problems to `err`, then what was found to `err` too, or the rule to `out`.
void human_problems(Context const& context, SourceMap const& source, std::vector<Diagnostic> const& problems);
void human_rule(std::ostream& out, plan::Plan const& plan);
/// The clauses because of which `run` would refuse, one a line; nothing if there are none.
void human_not_executed(std::ostream& out, SourceMap const& source,
                        std::vector<Diagnostic> const& not_executed);
/// The five closing lines.
void human_result(std::ostream& out, engine::RunResult const& result);
void human_plugins(std::ostream& out, std::vector<PluginLine> const& lines);

}  // namespace itera::cli::view
