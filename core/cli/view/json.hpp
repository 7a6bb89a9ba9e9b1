#pragma once
#include <iosfwd>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "core/base/diagnostic.hpp"
#include "core/base/result.hpp"
#include "core/base/source_map.hpp"
#include "core/cli/view/plugin_line.hpp"
#include "core/engine/engine.hpp"
#include "core/plan/plan.hpp"

namespace itera::cli::view {

/// An experiment that passed the checks, and the clauses in it because of which `run` would refuse.
struct CheckedExperiment {
  plan::Plan plan;
  std::vector<Diagnostic> not_executed;
};

/// The whole rule, clause by clause; problems with their places.
nlohmann::json rule_json(plan::Plan const& plan);
nlohmann::json diagnostics_json(SourceMap const& source, std::vector<Diagnostic> const& problems);

/// One document a command, on one line, with `ok` first of all.
/// `where` is the place of the mistake ("data.json: /arms/0/id"); empty where there is none. `exit` is what
/// the command exits with.
void json_error(std::ostream& out, Error const& error, int exit, std::string const& where = {});
/// The same for a text with mistakes, of which at least one is an error.
void json_problems(std::ostream& out, SourceMap const& source, std::vector<Diagnostic> const& problems);
void json_check(std::ostream& out, SourceMap const& source, std::vector<Diagnostic> const& problems,
                std::vector<CheckedExperiment> const& experiments);
/// How a run ended: docs/schemas/verdict-1.json.
void json_result(std::ostream& out, plan::Plan const& plan, engine::RunResult const& result, int exit);
void json_plugins(std::ostream& out, std::vector<PluginLine> const& lines);

}  // namespace itera::cli::view
