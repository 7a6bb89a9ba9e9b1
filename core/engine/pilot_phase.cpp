#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/file.hpp"
#include "core/engine/lab.hpp"
#include "core/engine/size_phase.hpp"
#include "core/plan/plan_json.hpp"
#include "core/run/pilot.hpp"

namespace itera::engine {
namespace {

using Json = nlohmann::json;

// Things that the pilot proved stay proved until something moves.
bool pilot_stands(plan::Ledger const& ledger) {
  auto const* pilot = ledger.last("pilot");
  if (!pilot || !Json::parse(pilot->body_json).at("passed").get<bool>()) return false;
  for (auto const* kind : {"amended", "split", "prepared"})
    if (auto const* entry = ledger.last(kind); entry && entry->seq > pilot->seq) return false;
  return true;
}

std::string pilot_md(plan::Plan const& plan, run::Pilot const& pilot, bool folds) {
  auto out = fmt::format("# Pilot of {}\n\nRow `{}` of {}:\n\n```json\n{}\n```\n", plan.name, pilot.row_key,
                         folds ? "the reading fold" : "train", pilot.row_input);
  for (auto const& line : pilot.lines) {
    out +=
        fmt::format("\n## {}: {}\n\n```\n{}\n```\n\nlatency {:.1f} ms, cost {}, {}\n", line.arm,
                    line.problems.empty() ? "passed" : "failed", line.cell.rest->output, line.cell.latency_ms,
                    line.cell.cost_usd ? fmt::format("${:.4g}", *line.cell.cost_usd) : "not reported",
                    run::has_score(line.cell)
                        ? fmt::format("score {}", static_cast<double>(line.cell.score) / run::kScoreUnit)
                        : "no score");
    if (auto const& judging = line.cell.rest->judge_usd; judging && *judging > 0)
      out += fmt::format("\njudging cost {}, which is part of no arm's cost\n", run::money(*judging));
    auto const& also = line.cell.rest->secondaries;
    for (std::size_t s = 0; s < also.size(); ++s)
      if (also[s].score)
        out += fmt::format("{} {}\n", plan.secondaries[s].name,
                           static_cast<double>(*also[s].score) / run::kScoreUnit);
    for (auto const& problem : line.problems) out += fmt::format("- {}\n", problem);
  }
  return out;
}

// What one row costs with all its arms and trials, judging included, by the pilot; 0 if nothing is known to
// cost anything.
double pilot_row_usd(plan::Plan const& plan, run::Pilot const& pilot) {
  double out = 0;
  for (std::size_t i = 0; i < pilot.lines.size(); ++i) {
    auto const& cell = pilot.lines[i].cell;
    out +=
        (cell.cost_usd.value_or(0) + cell.rest->judge_usd.value_or(0)) * plan::trials_of(plan, plan.arms[i]);
  }
  return out;
}

std::string pilot_estimate(double row_usd, Json const& split) {
  auto const rows = [&](char const* part) { return split.at("parts").at(part).get<double>(); };
  return fmt::format(
      "by the pilot's one row, dev costs about {} and test about {}, judging included: a rough figure",
      run::money(row_usd * rows("dev")), run::money(row_usd * rows("test")));
}

}  // namespace

Status pilot_phase(Lab& lab, run::Cast& cast, std::vector<split::Row> const& train, bool register_after) {
  if (!pilot_stands(lab.ledger)) {
    auto const pilot = run::run_pilot(lab.plan, train, cast);
    if (!pilot) return fail(pilot.error());
    if (lab.purse && !lab.purse->overdrawn().empty())
      return fail(ErrorClass::refused,
                  fmt::format("{}: a budget cannot hold without the most that a call can cost",
                              lab.purse->overdrawn()),
                  "give prices that are high enough; of a program, `cost_per_row` is the most");
    auto const row_usd = pilot_row_usd(lab.plan, *pilot);
    auto const text = pilot_md(lab.plan, *pilot, lab.folds.has_value());
    lab.with.progress.note(text);
    if (auto const ok = write_file(lab.folder.state() / "pilot.md", text, 0600); !ok) return ok;
    Json arms = Json::object();
    std::string problems;
    for (auto const& line : pilot->lines) {
      arms[line.arm] = line.problems;
      for (auto const& problem : line.problems) problems += fmt::format("\n  `{}` {}", line.arm, problem);
    }
    Json body = {{"row", pilot->row_key}, {"passed", pilot->passed()}, {"problems", arms}};
    if (row_usd > 0) body["row_usd"] = row_usd;
    if (auto const ok = lab.note("pilot", body); !ok) return ok;
    if (row_usd > 0)
      lab.with.progress.note(pilot_estimate(row_usd, Json::parse(body_of(lab.ledger, "split"))));
    if (auto const ok = write_frame(lab); !ok) return ok;
    if (!pilot->passed())
      return fail(ErrorClass::refused,
                  fmt::format("the pilot failed on row `{}`:{}", pilot->row_key, problems),
                  fmt::format("mend the arm and run again; {} has the outputs whole",
                              (lab.folder.state() / "pilot.md").string()));
  }
  if (!register_after || lab.ledger.has("registered")) return {};
  if (auto const ok =
          lab.note("registered", {{"plan_digest", plan::plan_digest(lab.plan)}, {"size", size_json(lab)}});
      !ok)
    return ok;
  return write_frame(lab);
}

}  // namespace itera::engine
