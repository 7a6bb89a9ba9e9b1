#include "core/forecast/simulate.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace itera::forecast {
namespace {

constexpr std::uint32_t kFirstBatch = 20;
constexpr double kStandardErrors = 4;

void count_clauses(Counts& out, verdict::ArmVerdict const& arm) {
  if (out.clauses.empty())
    for (auto const& c : arm.checks) out.clauses.push_back({c.id, c.clause});
  for (std::size_t i = 0; i < arm.checks.size() && i < out.clauses.size(); ++i) {
    auto const status = arm.checks[i].status;
    out.clauses[i].passed += status == verdict::CheckStatus::pass;
    out.clauses[i].judged += status != verdict::CheckStatus::not_applicable;
  }
}

}  // namespace

double share(std::uint32_t part, std::uint32_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / whole;
}

plan::Plan stand_in(plan::Plan const& plan, std::size_t arms, bool repeat) {
  plan::Plan out;
  out.name = plan.name;
  out.metric = plan.metric;
  out.seed = plan.seed;
  out.trials = plan.trials;
  out.row.key = plan.row.key;
  out.row.slices = plan.row.slices;
  out.row.entity = plan.row.entity;
  out.rule = plan.rule;
  out.rule.metrics.clear();
  out.rule.guards.clear();
  out.categories = plan.categories;
  auto const add_arm = [&](std::string name, bool baseline, bool deterministic) {
    plan::PlannedArm arm;
    arm.name = std::move(name);
    arm.baseline = baseline;
    if (!baseline) arm.parent = "baseline";
    arm.deterministic = deterministic;
    out.arms.push_back(std::move(arm));
  };
  add_arm("baseline", true, repeat);
  for (std::size_t i = 1; i <= arms; ++i) add_arm(fmt::format("arm {}", i), false, repeat);
  return out;
}

Counts simulate(plan::Plan const& stand_in, std::vector<split::SliceValue> const& slices, Maker& maker,
                std::uint32_t first, std::uint32_t replicates) {
  using verdict::Outcome;
  Counts out;
  for (std::uint32_t r = first; r < first + replicates; ++r) {
    auto const verdict = verdict::conclude(stand_in, maker.make(r), slices, {});
    ++out.replicates;
    bool ships = false;
    bool narrow = false;
    for (auto const& arm : verdict.arms) {
      ships |= arm.decision.outcome == Outcome::ship;
      narrow |= arm.decision.outcome == Outcome::ship_narrowly;
    }
    out.any_ships += ships;
    out.any_narrow += narrow && !ships;
    auto const& one = verdict.arms.front();
    out.first_ships += one.decision.outcome == Outcome::ship;
    out.first_narrow += one.decision.outcome == Outcome::ship_narrowly;
    out.first_inconclusive += one.decision.outcome == Outcome::inconclusive;
    out.first_killed += one.decision.outcome == Outcome::kill;
    count_clauses(out, one);
  }
  return out;
}

void add(Counts& to, Counts const& more) {
  to.replicates += more.replicates;
  to.first_ships += more.first_ships;
  to.first_narrow += more.first_narrow;
  to.any_ships += more.any_ships;
  to.any_narrow += more.any_narrow;
  to.first_inconclusive += more.first_inconclusive;
  to.first_killed += more.first_killed;
  if (to.clauses.empty()) to.clauses.resize(more.clauses.size());
  for (std::size_t i = 0; i < more.clauses.size(); ++i) {
    to.clauses[i].id = more.clauses[i].id;
    to.clauses[i].clause = more.clauses[i].clause;
    to.clauses[i].passed += more.clauses[i].passed;
    to.clauses[i].judged += more.clauses[i].judged;
  }
}

Counts simulate_until_known(plan::Plan const& stand_in, std::vector<split::SliceValue> const& slices,
                            Maker& maker, double limit, std::uint32_t most) {
  Counts out;
  auto const spread = limit * (1 - limit);
  for (auto batch = kFirstBatch; out.replicates < most; batch = out.replicates) {
    add(out, simulate(stand_in, slices, maker, out.replicates, std::min(batch, most - out.replicates)));
    auto const off = std::abs(share(out.first_ships, out.replicates) - limit);
    if (off > kStandardErrors * std::sqrt(spread / out.replicates)) break;
  }
  return out;
}

}  // namespace itera::forecast
