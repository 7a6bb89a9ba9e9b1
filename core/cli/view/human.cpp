#include "core/cli/view/human.hpp"

#include <filesystem>
#include <ostream>

#include <fmt/format.h>

#include "core/base/render.hpp"
#include "core/base/text.hpp"
#include "core/plan/rule_text.hpp"

namespace itera::cli::view {
namespace {

std::string near(std::string const& path) {
  std::error_code ec;
  auto const relative = std::filesystem::relative(path, ec);
  return !ec && !relative.empty() && !relative.string().starts_with("..") ? relative.string() : path;
}

}  // namespace

void human_error(std::ostream& err, Error const& error) {
  err << (error.kind == ErrorClass::refused ? "stopped: " : "error: ") << error.what << "\n";
  for (auto const& line : split_lines(error.help)) err << "  = help: " << line << "\n";
}

void human_problems(Context const& context, SourceMap const& source,
                    std::vector<Diagnostic> const& problems) {
  std::size_t errors = 0;
  for (auto const& problem : problems) {
    context.err << render(problem, source, context.colour) << "\n";
    errors += problem.severity == Severity::error;
  }
  if (errors > 0)
    context.err << fmt::format("{}: {} error{}\n", source.path(), errors, errors == 1 ? "" : "s");
}

void human_rule(std::ostream& out, plan::Plan const& plan) {
  out << "ship when\n";
  for (auto const& line : plan::rule_lines(plan))
    out << fmt::format("  {}  {}{}\n", line.check, line.text, line.implied ? "  (always applies)" : "");
}

void human_not_executed(std::ostream& out, SourceMap const& source,
                        std::vector<Diagnostic> const& not_executed) {
  if (not_executed.empty()) return;
  out << "\n`run` refuses this experiment:\n";
  for (auto const& problem : not_executed) {
    auto const at = source.position(problem.subject.begin);
    out << fmt::format("  {}:{}:{}  {}\n", source.path(), at.line, at.column, problem.summary);
  }
}

void human_result(std::ostream& out, engine::RunResult const& result) {
  out << fmt::format("verdict     {}\ndecided by  {}\nnot shown   {}\nnext        {}\nopen        {}\n",
                     result.verdict_line, result.decided_by, result.not_shown, result.next,
                     near(result.open));
}

void human_plugins(std::ostream& out, std::vector<PluginLine> const& lines) {
  for (auto const& line : lines) {
    if (line.info)
      out << fmt::format("{:<9} {:<10} {:<8} {}\n", to_string(line.kind), line.short_name, line.info->version,
                         line.info->summary);
    else
      out << fmt::format("{:<9} {:<10} {:<8} {}\n", to_string(line.kind), line.short_name, "broken",
                         line.problem);
  }
}

}  // namespace itera::cli::view
