#include "plugins/drawing/forest_rows.hpp"

#include <fmt/format.h>

#include "plugins/drawing/text.hpp"

namespace itera::drawing {
namespace {

void say(ForestRow& row, State state, std::string words) {
  row.state = state;
  row.words = std::move(words);
}

// A control is expected to do nothing, so it fails only if it moved, and no clause of the rule is about it.
void judge_control(ForestRow& row, Arm const& arm) {
  if (row.whole) say(row, arm.outcome == "moved" ? State::fails : State::plain, arm.outcome);
}

// On all rows the clauses C1 to C3 decide; a file that judges nothing has its threshold.
void judge_whole(ForestRow& row, Arm const& arm, Figures const& figures) {
  if (!figures.judged) {
    if (!figures.threshold || !row.effect->delta) return;
    bool const below = *row.effect->delta < *figures.threshold;
    return say(row, below ? State::fails : State::holds, below ? "below threshold" : "holds");
  }
  std::string failed, unproven;
  for (auto const& check : arm.checks) {
    if (check.id != "C1" && check.id != "C2" && check.id != "C3") continue;
    auto* const list = check.status == "fail" ? &failed : check.status == "unproven" ? &unproven : nullptr;
    if (list) *list += (list->empty() ? "" : ", ") + check.id;
  }
  if (!failed.empty()) return say(row, State::fails, "fails " + failed);
  if (!unproven.empty()) return say(row, State::plain, "unproven " + unproven);
  if (!arm.checks.empty()) say(row, State::holds, "holds");
}

void judge_slice(ForestRow& row) {
  auto const& e = *row.effect;
  if (e.status == "fail") return say(row, State::fails, "fails C4");
  if (e.status == "pass")
    return e.by_interval == "fail" ? say(row, State::unsure, "loss not excluded")
                                   : say(row, State::holds, "holds");
  if (!e.status.empty()) return say(row, State::plain, e.status == "unproven" ? "unproven C4" : "no clause");
  if (!row.floor || !e.delta) return;
  if (*e.delta < *row.floor) return say(row, State::fails, "below floor");
  bool const may_lose = e.interval && e.interval->low < *row.floor;
  say(row, may_lose ? State::unsure : State::holds, may_lose ? "loss not excluded" : "holds");
}

}  // namespace

std::vector<ForestBlock> forest_blocks(Figures const& figures) {
  std::vector<ForestBlock> out;
  for (std::size_t i = 1; i < figures.arms.size(); ++i) {
    auto const& arm = figures.arms[i];
    ForestBlock block{&arm, {}};
    if (arm.aggregate) {
      ForestRow row{"all rows", &*arm.aggregate, true, arm.aggregate->n, {}, State::plain, {}};
      if (!row.n) row.n = figures.rows;
      if (arm.decisive && arm.decisive->delta) {
        ForestRow mix{"mix of " + arm.over, &*arm.decisive, true, row.n, {}, State::plain, {}};
        judge_whole(mix, arm, figures);
        block.rows.push_back(std::move(mix));
        say(row, State::plain, "not judged");
      } else {
        arm.control ? judge_control(row, arm) : judge_whole(row, arm, figures);
      }
      block.rows.push_back(std::move(row));
    }
    for (auto const& slice : figures.slices) {
      auto const at = arm.slices.find(slice.id);
      if (at == arm.slices.end()) continue;
      ForestRow row{slice.name, &at->second, false, at->second.n, at->second.floor, State::plain, {}};
      if (!row.n) row.n = slice.n;
      if (!figures.judged && !row.floor) row.floor = kDefaultFloor;
      arm.control ? judge_control(row, arm) : judge_slice(row);
      block.rows.push_back(std::move(row));
    }
    if (!block.rows.empty()) out.push_back(std::move(block));
  }
  return out;
}

std::string interval_text(Interval const& interval, int decimals) {
  return fmt::format("[{}, {}]", points(interval.low, decimals), points(interval.high, decimals));
}

std::string spoken(Arm const& arm, ForestRow const& row, int decimals) {
  auto const& e = *row.effect;
  auto out = fmt::format("{}, {}: ", arm.name, row.label);
  out += e.delta ? points(*e.delta, decimals) + "pp" : "no effect";
  out += e.interval ? " " + interval_text(*e.interval, decimals) : ", no interval";
  if (row.n) out += fmt::format(" on {} rows", count(*row.n));
  if (row.floor) out += fmt::format("; floor {}pp", points_as_written(*row.floor));
  return row.words.empty() ? out : out + "; " + row.words;
}

}  // namespace itera::drawing
