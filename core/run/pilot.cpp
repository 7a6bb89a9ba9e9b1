#include "core/run/pilot.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

#include "core/base/text.hpp"

namespace itera::run {
namespace {

bool is_placeholder(std::string_view output) {
  static constexpr std::array<std::string_view, 12> words{"null",        "none",
                                                          "nil",         "nan",
                                                          "undefined",   "todo",
                                                          "tbd",         "n/a",
                                                          "placeholder", "[object object]",
                                                          "lorem ipsum", "your answer here"};
  auto text = squeeze(output);
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::find(words.begin(), words.end(), text) != words.end() ||
         (text.find("{{") != text.npos && text.find("}}") != text.npos);
}

std::vector<std::string> problems_of(plan::Plan const& plan, plan::PlannedArm const& arm, Cell const& cell) {
  std::vector<std::string> out;
  switch (cell.ending) {
    case Ending::missing:
      return {fmt::format("output: none ({})", cell.rest->error)};
    case Ending::arm_error:
      return {fmt::format("output: the arm failed ({})", cell.rest->error)};
    case Ending::judge_error:
      out.push_back(fmt::format("score: the judge failed ({})", cell.rest->error));
      break;
    case Ending::scored:
      break;
  }
  for (std::size_t s = 0; s < cell.rest->secondaries.size(); ++s)
    if (auto const& said = cell.rest->secondaries[s]; !said.score)
      out.push_back(fmt::format("{}: the judge failed ({})", plan.secondaries[s].name, said.error));
  if (squeeze(cell.rest->output).empty())
    out.emplace_back("output: empty");
  else if (is_placeholder(cell.rest->output))
    out.push_back(fmt::format("output: placeholder text `{}`", squeeze(cell.rest->output)));
  // Outputs that were made elsewhere may have come without their cost and latency; the reports say so. A
  // reply out of a recording takes no time.
  bool const recorded = ports::has_trait(arm.actor.info, "recorded");
  if (!cell.cost_usd && !recorded) out.emplace_back("cost: not reported");
  if (!(cell.latency_ms > 0) && !recorded && !cell.rest->replayed) out.emplace_back("latency: not measured");
  if (!cell.rest->tokens && ports::has_trait(arm.actor.info, "reports-tokens"))
    out.emplace_back("tokens: not reported");
  return out;
}

}  // namespace

bool Pilot::passed() const {
  return std::all_of(lines.begin(), lines.end(), [](PilotLine const& line) { return line.problems.empty(); });
}

Result<Pilot> run_pilot(plan::Plan const& plan, std::vector<split::Row> const& train, Cast& cast) {
  if (train.empty())
    return fail(ErrorClass::refused, "train holds no row for the pilot",
                "give train a larger share (`split`)");
  auto const row = std::min_element(train.begin(), train.end(),
                                    [](auto const& a, auto const& b) { return a.key < b.key; });
  std::vector<split::Row> const one{*row};
  std::vector<Task> tasks;
  for (std::size_t arm = 0; arm < plan.arms.size(); ++arm)
    tasks.push_back({0, static_cast<std::uint32_t>(arm), 0});
  auto const cells = run_pass(plan, one, tasks, cast, {"pilot", true, true});
  if (!cells) return fail(cells.error());
  Pilot out{std::string(row->key), std::string(row->input), {}};
  for (auto const& cell : *cells)
    out.lines.push_back({plan.arms[cell.arm].name, cell, problems_of(plan, plan.arms[cell.arm], cell)});
  return out;
}

}  // namespace itera::run
