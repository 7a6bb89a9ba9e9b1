#include "core/cli/view/json.hpp"

#include <algorithm>
#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/json.hpp"
#include "core/base/render.hpp"
#include "core/cli/app.hpp"
#include "core/plan/rule_text.hpp"

namespace itera::cli::view {
namespace {

using Json = nlohmann::json;

}  // namespace

Json rule_json(plan::Plan const& plan) {
  Json out = Json::array();
  for (auto const& line : plan::rule_lines(plan))
    out.push_back({{"check", line.check}, {"text", line.text}, {"implied", line.implied}});
  return out;
}

Json diagnostics_json(SourceMap const& source, std::vector<Diagnostic> const& problems) {
  Json out = Json::array();
  for (auto const& problem : problems) out.push_back(to_json(problem, source));
  return out;
}

void json_error(std::ostream& out, Error const& error, int exit, std::string const& where) {
  constexpr std::string_view kinds[] = {"invalid", "unavailable", "refused", "stopped", "plugin", "internal"};
  out << canonical({{"ok", false},
                    {"schema", 1},
                    {"status", error.kind == ErrorClass::refused ? "refused" : "failed"},
                    {"exit_code", exit},
                    {"error",
                     {{"kind", kinds[static_cast<int>(error.kind)]},
                      {"code", nullptr},
                      {"where", where.empty() ? Json() : Json(where)},
                      {"message", error.what},
                      {"help", error.help}}}})
      << "\n";
}

void json_problems(std::ostream& out, SourceMap const& source, std::vector<Diagnostic> const& problems) {
  auto const first = std::find_if(problems.begin(), problems.end(),
                                  [](auto const& p) { return p.severity == Severity::error; });
  Json error;
  if (first != problems.end()) {
    auto const at = source.position(first->subject.begin);
    error = {{"kind", "invalid"},
             {"code", first->code},
             {"where", fmt::format("{}:{}:{}", source.path(), at.line, at.column)},
             {"message", first->summary},
             {"help", first->help}};
  }
  out << canonical({{"ok", false},
                    {"schema", 1},
                    {"status", "failed"},
                    {"exit_code", exit_code::usage},
                    {"error", error},
                    {"diagnostics", diagnostics_json(source, problems)}})
      << "\n";
}

void json_check(std::ostream& out, SourceMap const& source, std::vector<Diagnostic> const& problems,
                std::vector<CheckedExperiment> const& experiments) {
  Json document = {{"ok", !experiments.empty()}, {"diagnostics", diagnostics_json(source, problems)}};
  if (experiments.size() == 1) document["rule"] = rule_json(experiments.front().plan);
  for (auto const& one : experiments)
    document["experiments"].push_back({{"name", one.plan.name},
                                       {"rule", rule_json(one.plan)},
                                       {"not_executed", diagnostics_json(source, one.not_executed)}});
  out << canonical(document) << "\n";
}

void json_result(std::ostream& out, plan::Plan const& plan, engine::RunResult const& result, int exit) {
  Json document = {{"status", "stopped"},
                   {"outcome", nullptr},
                   {"experiment", plan.name},
                   {"winner", nullptr},
                   {"killed", Json::array()},
                   {"arms", Json::array()},
                   {"rule", {{"from", "the spec"}, {"text", plan::written_rule(plan)}}},
                   {"verdict", result.verdict_line},
                   {"decided_by", nullptr},
                   {"deciding_clause", result.decided_by},
                   {"not_shown", result.not_shown},
                   {"next", result.next}};
  if (!result.document_json.empty()) document = Json::parse(result.document_json);
  if (result.interrupted) document["status"] = "interrupted";
  document.update({{"ok", !result.interrupted},
                   {"schema", 1},
                   {"command", "run"},
                   {"exit_code", exit},
                   {"phase", result.phase.empty() ? Json() : Json(result.phase)},
                   {"open", result.open},
                   {"folder", result.folder.string()},
                   {"files", result.files}});
  out << canonical(document) << "\n";
}

void json_plugins(std::ostream& out, std::vector<PluginLine> const& lines) {
  Json list = Json::array();
  for (auto const& line : lines) {
    Json entry = {{"kind", to_string(line.kind)}, {"name", line.short_name}};
    if (line.info) {
      entry["id"] = line.info->id;
      entry["version"] = line.info->version;
      entry["summary"] = line.info->summary;
      entry["library"] = line.info->library.string();
      entry["traits"] = line.info->traits;
    } else {
      entry["problem"] = line.problem;
    }
    list.push_back(entry);
  }
  bool const ok = std::all_of(lines.begin(), lines.end(), [](auto const& l) { return l.info != nullptr; });
  out << canonical({{"ok", ok}, {"plugins", list}}) << "\n";
}

}  // namespace itera::cli::view
