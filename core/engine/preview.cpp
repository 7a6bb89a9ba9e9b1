#include "core/engine/preview.hpp"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

#include "core/engine/lab.hpp"
#include "core/engine/size_phase.hpp"
#include "core/plan/plan_json.hpp"
#include "core/split/assign.hpp"
#include "core/stats/power.hpp"

namespace itera::engine {
namespace {

constexpr double kFloorDiscordance = .1;

std::uint64_t share_of(std::uint64_t rows, double share) {
  return static_cast<std::uint64_t>(std::llround(static_cast<double>(rows) * share));
}

void add_rows(Preview& out, plan::Plan const& plan, std::optional<Standing> const& standing) {
  out.shares = plan.split;
  if (standing && standing->split) {
    auto const& split = *standing->split;
    out.rows_from = RowsFrom::split;
    out.train = split.train, out.dev = split.dev, out.test = split.test;
    out.slices = split.slices;
    out.folds = split.folds;
    if (out.folds) out.shares = split::in_folds(plan.split);
    if (!out.slices.empty()) out.slices_from = RowsFrom::split;
    return;
  }
  if (!plan.sample && !out.source_rows) return;
  out.rows_from = plan.sample ? RowsFrom::sample : RowsFrom::source;
  auto const rows = plan.sample ? *plan.sample : *out.source_rows;
  out.folds = rows < split::kFoldsBelow;
  out.too_few = rows < split::kFewestRows;
  if (out.folds) out.shares = split::in_folds(plan.split);
  out.train = share_of(rows, to_double(out.shares.train));
  out.dev = share_of(rows, to_double(out.shares.dev));
  out.test = share_of(rows, to_double(out.shares.test));
  for (auto const& traffic : plan.traffic) {
    auto const& slices = plan.row.slices;
    if (std::find(slices.begin(), slices.end(), traffic.column) == slices.end()) continue;
    out.slices_from = RowsFrom::traffic;
    for (auto const& [value, share] : traffic.shares)
      out.slices.push_back({traffic.column, value, share_of(*out.train, to_double(share)),
                            share_of(*out.dev, to_double(share)), share_of(*out.test, to_double(share))});
  }
}

void add_calls(Preview& out, plan::Plan const& plan) {
  if (out.dev && out.test) out.answers = 0;
  for (auto const& arm : plan.arms) {
    ArmCalls calls;
    calls.arm = arm.name;
    calls.trials = plan::trials_of(plan, arm);
    if (!arm.deterministic) calls.determinism = 0;
    if (out.dev && out.test) {
      if (arm.deterministic)
        calls.determinism = std::min<std::uint64_t>(*out.dev, kDeterminismRows) * kDeterminismTrials;
      calls.dev = calls.trials * *out.dev;
      calls.test = calls.trials * *out.test;
      calls.judged = calls.pilot + *calls.dev + *calls.test;
      calls.answers = *calls.judged + *calls.determinism;
      *out.answers += *calls.answers;
    }
    out.calls.push_back(std::move(calls));
  }
}

std::optional<double> detectable(std::optional<std::uint64_t> rows, double psi) {
  if (!rows || *rows == 0) return std::nullopt;
  return stats::detectable_effect(static_cast<std::int64_t>(*rows), psi);
}

void add_power(Preview& out, plan::Plan const& plan) {
  // To show that an arm is not worse by a margin takes as many rows as to show a gain of it.
  auto const threshold = std::abs(to_double(plan.rule.effect));
  for (auto const psi : {.05, .1, .2, .3}) {
    PowerLine line{psi, detectable(out.test, psi), {}, {}};
    for (auto const& slice : out.slices) line.by_slice.push_back(detectable(slice.test, psi));
    if (threshold > 0 && threshold < psi && !plan.rule.relative)
      line.rows_needed = stats::connor_rows({psi, threshold});
    out.power.push_back(std::move(line));
  }
  out.heuristic =
      plan.rule.relative
          ? "a threshold relative to the baseline needs rows by the baseline's score, which is not known yet"
      : threshold >= .1  ? "about 30 rows in all for a threshold of 10pp or more"
      : threshold >= .05 ? "about 80 rows in all for a threshold of 5pp or more"
                         : "about 300 rows or more in all for a threshold of 2pp";
}

// A floor by interval is non-inferiority in each slice.
void add_floor_price(Preview& out, plan::Plan const& plan) {
  auto const& floors = plan.rule.slices;
  if (!floors.empty() && !floors.front().relative && floors.front().floor.num < 0)
    out.margin = -to_double(floors.front().floor);
  out.floor_rows_without_gain = stats::non_inferiority_rows({kFloorDiscordance, 0}, out.margin);
  if (auto const gain = to_double(plan.rule.effect);
      !plan.rule.relative && gain > 0 && gain <= kFloorDiscordance)
    out.floor_rows_with_gain = stats::non_inferiority_rows({kFloorDiscordance, gain}, out.margin);
}

void add_outlook(Preview& out, plan::Plan const& plan, std::optional<Standing> const& standing) {
  out.accepted = accepted_underpowered(plan).has_value();
  if (plan.rule.effect.num <= 0) {
    out.outlook = forecast::foresee(plan, {1, 1, {}, {}, {}, {}});
    return;
  }
  auto const rows = plan.sample ? plan.sample : out.source_rows;
  auto const known = standing && standing->split ? standing->split->known
                     : rows                      ? expected_from(plan, *rows)
                                                 : forecast::Known{};
  out.outlook = forecast::foresee(plan, known);
  out.best_case = forecast::best_case(plan, known);
  if (!out.best_case) return;
  out.best_case->upper_bound = out.rows_from != RowsFrom::split;
  if (forecast::too_small(*out.best_case)) out.best_rows = forecast::rows_for_best_case(plan, known);
}

// What a lock covers, in the order of a protocol and the words of the language. Told by what is digested, so
// that the list cannot say less: a member that has no word here is named as it stands in plan.json.
std::vector<std::string> covered(nlohmann::json const& group) {
  constexpr std::pair<std::string_view, std::string_view> words[] = {{"name", "name"},
                                                                     {"question", "question"},
                                                                     {"hypothesis", "hypothesis"},
                                                                     {"origin", "origin"},
                                                                     {"metric", "metric with its judge"},
                                                                     {"also", "secondary metrics"},
                                                                     {"crosscheck", "crosscheck"},
                                                                     {"categories", "failure categories"},
                                                                     {"rule", "ship rule"},
                                                                     {"trials", "trials"},
                                                                     {"split", "split policy"},
                                                                     {"seed", "seed"},
                                                                     {"source", "source"},
                                                                     {"row", "row mapping"},
                                                                     {"sample", "sample"},
                                                                     {"traffic", "traffic"},
                                                                     {"arms", "arms"},
                                                                     {"accept", "accepts"},
                                                                     {"budget_usd", "budget"}};
  auto const is_said = [](nlohmann::json const& value) {
    return !value.is_null() && !((value.is_array() || value.is_object()) && value.empty());
  };
  std::vector<std::string> out;
  for (auto const& [key, word] : words)
    if (auto const it = group.find(key); it != group.end() && is_said(*it)) out.emplace_back(word);
  for (auto const& [key, value] : group.items())
    if (is_said(value) && std::none_of(std::begin(words), std::end(words),
                                       [&, &k = key](auto const& pair) { return pair.first == k; }))
      out.push_back(key);
  return out;
}

}  // namespace

Preview preview(plan::Plan const& plan, std::optional<Standing> const& standing,
                std::optional<std::uint64_t> source_rows, bool with_outlook) {
  Preview out;
  out.source_rows = source_rows;
  add_rows(out, plan, standing);
  add_calls(out, plan);
  add_power(out, plan);
  add_floor_price(out, plan);
  if (with_outlook) add_outlook(out, plan, standing);
  if (standing && standing->split) {
    out.entities = standing->split->entities;
    out.cost_per_test_row = standing->split->cost_per_row;
  }
  auto const entry = [&](auto const& of) {
    return standing ? of(*standing) : std::optional<std::uint64_t>();
  };
  out.locks = {
      {"framed", "before any row is read", covered(plan::frame_json(plan)), plan::frame_digest(plan),
       entry([](Standing const& s) { return std::optional(s.framed); })},
      {"sealed",
       "when the rows are split; opened once, after dev",
       {"test rows"},
       "",
       entry([](Standing const& s) { return s.sealed; })},
      {"registered", "after the pilot, before the first dev score", covered(plan::registration_json(plan)),
       plan::plan_digest(plan), entry([](Standing const& s) { return s.registered; })}};
  return out;
}

}  // namespace itera::engine
