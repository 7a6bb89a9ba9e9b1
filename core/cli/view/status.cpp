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

std::string standing_of(engine::Standing const& standing) {
  if (!standing.outcome.empty()) return fmt::format("concluded: {}", standing.outcome);
  if (!standing.work) return "no process works on it";
  auto const& work = *standing.work;
  return work.alive
             ? fmt::format("process {} works on it since {}, phase {}", work.pid, work.begun, work.phase)
             : fmt::format("process {} that worked on it is gone; its last sign of life was {}, phase {}",
                           work.pid, work.updated, work.phase);
}

}  // namespace

void human_status(std::ostream& out, engine::Standing const& standing) {
  out << fmt::format("experiment {}\n  {}\n\n", standing.name, standing_of(standing));
  for (auto const& step : standing.steps)
    out << fmt::format("  {:<20}  {:<13}  {}\n", step.at, step.kind, step.text);
  if (standing.work && !standing.work->pass.empty()) {
    out << "\n";
    for (auto const& line : pass_block(pass_of(*standing.work), std::string::npos)) out << line << "\n";
  }
  out << fmt::format("\nnext  {}\n", standing.next);
}

void json_status(std::ostream& out, engine::Standing const& standing) {
  Json steps = Json::array();
  for (auto const& step : standing.steps)
    steps.push_back({{"kind", step.kind}, {"at", step.at}, {"text", step.text}});
  Json work;
  if (standing.work) {
    auto const& w = *standing.work;
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
                    {"experiment", standing.name},
                    {"folder", standing.folder.string()},
                    {"steps", steps},
                    {"process", work},
                    {"outcome", standing.outcome.empty() ? Json() : Json(standing.outcome)},
                    {"next", standing.next}})
      << "\n";
}

}  // namespace itera::cli::view
