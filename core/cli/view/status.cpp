#include "core/cli/view/status.hpp"

#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/json.hpp"
#include "core/cli/view/pass_line.hpp"

namespace itera::cli::view {
namespace {

using Json = nlohmann::json;

ports::PassState pass_of(engine::AtWork const& work) {
  ports::PassState out;
  out.name = work.pass;
  out.rows = work.rows;
  out.trials = work.trials;
  out.done = work.done;
  out.total = work.total;
  out.per_second = work.per_second;
  for (auto const& arm : work.arms)
    out.arms.push_back({arm.name, arm.done, arm.total, arm.errors, arm.cost_usd});
  return out;
}

std::string who_works(engine::StatusReport const& report) {
  if (!report.outcome.empty()) return fmt::format("concluded: {}", report.outcome);
  if (!report.work) return "no process works on it";
  auto const& work = *report.work;
  return work.alive
             ? fmt::format("process {} works on it since {}, phase {}", work.pid, work.begun, work.phase)
             : fmt::format("process {} that worked on it is gone; its last sign of life was {}, phase {}",
                           work.pid, work.updated, work.phase);
}

}  // namespace

void human_status(std::ostream& out, engine::StatusReport const& report) {
  out << fmt::format("experiment {}\n  {}\n\n", report.name, who_works(report));
  for (auto const& step : report.steps)
    out << fmt::format("  {:<20}  {:<13}  {}\n", step.at, step.kind, step.text);
  if (report.work && !report.work->pass.empty()) {
    out << "\n";
    for (auto const& line : pass_block(pass_of(*report.work), std::string::npos)) out << line << "\n";
  }
  out << fmt::format("\nnext  {}\n", report.next);
}

void json_status(std::ostream& out, engine::StatusReport const& report) {
  Json steps = Json::array();
  for (auto const& step : report.steps)
    steps.push_back({{"kind", step.kind}, {"at", step.at}, {"text", step.text}});
  Json work;
  if (report.work) {
    auto const& w = *report.work;
    Json arms = Json::array();
    for (auto const& arm : w.arms)
      arms.push_back({{"name", arm.name},
                      {"done", arm.done},
                      {"total", arm.total},
                      {"errors", arm.errors},
                      {"cost_usd", arm.cost_usd}});
    Json const pass = {{"name", w.pass}, {"rows", w.rows},   {"trials", w.trials},
                       {"done", w.done}, {"total", w.total}, {"per_second", w.per_second},
                       {"arms", arms}};
    work = {{"pid", w.pid},         {"alive", w.alive}, {"begun", w.begun},
            {"updated", w.updated}, {"phase", w.phase}, {"pass", w.pass.empty() ? Json() : pass}};
  }
  out << canonical({{"ok", true},
                    {"experiment", report.name},
                    {"folder", report.folder.string()},
                    {"steps", steps},
                    {"process", work},
                    {"outcome", report.outcome.empty() ? Json() : Json(report.outcome)},
                    {"next", report.next}})
      << "\n";
}

}  // namespace itera::cli::view
