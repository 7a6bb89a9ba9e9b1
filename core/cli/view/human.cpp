#include "core/cli/view/human.hpp"

#include <cmath>
#include <filesystem>
#include <ostream>

#include <fmt/format.h>

#include "core/base/render.hpp"
#include "core/base/text.hpp"
#include "core/plan/plan_json.hpp"
#include "core/plan/rule_text.hpp"

namespace itera::cli::view {
namespace {

std::string share(Rational r) {
  return fmt::format("{:.3g}%", to_double(r) * 100);
}
std::string count(std::optional<std::uint64_t> n) {
  return n ? fmt::format("up to {} rows", *n) : std::string("as many rows as the source gives");
}

std::string changes(plan::PlannedArm const& arm) {
  auto out = fmt::format("from {}, changes {}: {}", arm.parent, fmt::join(arm.changed, " and "), arm.summary);
  if (!arm.mechanism.empty()) out += fmt::format(" (one mechanism: {})", arm.mechanism);
  return out;
}

// What stands beside arms and metric, if anything does.
void human_sections(std::ostream& out, plan::Plan const& plan) {
  for (auto const& m : plan.secondaries)
    out << fmt::format("also {} by {} {}\n", m.name, m.judge.info.short_name, m.judge.info.version);
  if (plan.crosscheck)
    out << fmt::format("crosscheck {} dev rows by {} {}\n", plan.crosscheck->rows,
                       plan.crosscheck->judge.info.short_name, plan.crosscheck->judge.info.version);
  for (auto const& c : plan.categories)
    out << fmt::format("failure {} weight {}: {}{}\n", c.name, to_string(c.weight), c.description,
                       c.when.empty() ? "" : fmt::format(" (when {})", c.when));
  if (plan.row.severity) out << fmt::format("severity {}\n", *plan.row.severity);
  for (auto const& t : plan.traffic) {
    std::vector<std::string> shares;
    for (auto const& [value, part] : t.shares) shares.push_back(fmt::format("{} {}", value, share(part)));
    out << fmt::format("traffic {}: {}\n", t.column, fmt::join(shares, ", "));
  }
  if (plan.budget_usd) out << fmt::format("budget ${}\n", to_string(*plan.budget_usd));
  for (auto const& a : plan.accepts) out << fmt::format("accept {}: {}\n", a.what, a.reason);
  for (auto const& sprint : plan.sprints) {
    out << fmt::format("sprint {}, outside of both locks: each iteration is registered by itself\n",
                       sprint.arm);
    for (auto const& iteration : sprint.iterations)
      out << fmt::format("  {}  {}\n", iteration.name, changes(iteration));
  }
}

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

void human_plan(std::ostream& out, plan::Plan const& plan, engine::Preview const& preview) {
  out << fmt::format("experiment {}\n  {}\n\n", plan.name, plan.question);
  out << fmt::format("rows from {} {} ({})\n", plan.source.info.short_name, plan.source.info.version,
                     plan.origin);
  out << fmt::format("  train {:>5}  {}\n  dev   {:>5}  {}\n  test  {:>5}  {}, sealed until the conclusion\n",
                     share(plan.split.train), count(preview.train), share(plan.split.dev), count(preview.dev),
                     share(plan.split.test), count(preview.test));
  out << fmt::format("  stratified by {}; seed {}\n\narms\n",
                     plan.split.stratify.empty() ? std::string("nothing")
                                                 : fmt::format("{}", fmt::join(plan.split.stratify, ", ")),
                     plan.seed);
  for (auto const& arm : plan.arms)
    out << fmt::format(
        "  {}  {} {}, {}, {} trial{}{}\n", arm.name, arm.actor.info.short_name, arm.actor.info.version,
        arm.baseline ? fmt::format("baseline, {}", arm.ref) : (arm.control ? "control " : "") + changes(arm),
        plan::trials_of(plan, arm), plan::trials_of(plan, arm) == 1 ? "" : "s",
        arm.deterministic ? " (declared deterministic, verified on dev first)" : "");
  out << fmt::format("metric {} by {} {}\n", plan.metric, plan.judge.info.short_name,
                     plan.judge.info.version);
  human_sections(out, plan);
  if (preview.arm_steps) out << fmt::format("about {} answers on dev and test\n", *preview.arm_steps);
  out << "\n";
  human_rule(out, plan);
  out << fmt::format(
      "\nwhat the test can show (two-sided 5%, 80% power), by how often baseline and arm differ\n");
  for (auto const& line : preview.power)
    out << fmt::format("  differ on {:>3.0f}% of rows: least effect {}, rows for {}: {}\n",
                       line.discordance * 100,
                       line.detectable ? plan::points(*line.detectable) : std::string("unknown"),
                       plan::threshold(plan.rule.effect, plan.rule.relative),
                       line.rows_needed     ? fmt::format("{:.0f}", std::ceil(*line.rows_needed))
                       : plan.rule.relative ? std::string("by the baseline's score")
                                            : std::string("impossible"));
  out << fmt::format("  rule of thumb beside it: {}\n", preview.heuristic);
  out << fmt::format("\nframe {}\nplan  {}\n", plan::frame_digest(plan), plan::plan_digest(plan));
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
