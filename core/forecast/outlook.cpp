#include "core/forecast/outlook.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/base/hash.hpp"
#include "core/plan/rule_text.hpp"
#include "core/stats/blind.hpp"
#include "core/stats/power.hpp"

namespace itera::forecast {
namespace {

constexpr double kBaseline = .65, kNoisy = .10, kNoisyPass = .65;
constexpr double kAlike = .5;                // two rows of one entity share their draws with chance 1/4
constexpr std::size_t kRowsWithoutACap = 3;  // rows of one entity, where nothing bounds them
constexpr std::uint32_t kMost = 2000, kLeast = 100;
constexpr double kNullError = .004, kError = .03;  // standard errors that are near enough
// Rows that are made up for one figure: large test sets get fewer replicates, since their answers are
// clearer. The risk of a false ship is worth more of them than a chance of success.
constexpr std::size_t kNullWork = 300'000, kWork = 60'000;

std::uint32_t most_replicates(std::size_t rows, std::size_t work = kWork) {
  return static_cast<std::uint32_t>(
      std::clamp<std::size_t>(work / std::max<std::size_t>(1, rows), 20, kMost));
}

double threshold_of(plan::Plan const& plan, double baseline) {
  auto const effect = to_double(plan.rule.effect);
  return plan.rule.relative ? effect * baseline : effect;
}

bool knows_traffic(plan::Plan const& plan, Known const& known) {
  return !plan.rule.over || std::any_of(known.slices.begin(), known.slices.end(), [&](auto const& column) {
    return column.column == plan.rule.over->value;
  });
}

// The declared plan with the clauses on known slices only.
plan::Plan judged_plan(plan::Plan const& plan, Known const& known, std::size_t arms, bool repeat) {
  auto out = stand_in(plan, arms, repeat);
  out.row.slices.clear();
  for (auto const& column : known.slices) out.row.slices.push_back(column.column);
  auto const unknown = [&](spec::SliceClause const& clause) {
    return std::none_of(known.slices.begin(), known.slices.end(),
                        [&](auto const& s) { return s.column == clause.slice.value; });
  };
  std::erase_if(out.rule.slices, unknown);
  if (!knows_traffic(plan, known)) out.rule.over.reset();
  return out;
}

std::vector<std::string> not_made_up(plan::Plan const& plan, Known const& known) {
  std::vector<std::string> out;
  if (!knows_traffic(plan, known))
    out.push_back(fmt::format("that test has production's mix of {}", plan.rule.over->value));
  auto const judged = judged_plan(plan, known, 1, false);
  for (auto const& line : plan::rule_lines(plan)) {
    bool const is_slice = line.term.kind == "slice";
    bool const is_unseen = line.term.kind == "severity" || line.term.kind == "metric" || line.check == "C7";
    bool const kept =
        is_slice && std::any_of(judged.rule.slices.begin(), judged.rule.slices.end(),
                                [&](auto const& s) { return s.slice.value == line.term.subject; });
    if ((is_slice && !kept) || (is_unseen && !line.term.kind.empty()))
      out.push_back(fmt::format("{} {}", line.check, line.text));
  }
  return out;
}

World world_of(plan::Plan const& plan, Known const& known) {
  World out;
  out.rows = known.test_rows;
  out.slices = known.slices;
  out.categories = plan.categories.size();
  bool const repeat =
      std::all_of(plan.arms.begin(), plan.arms.end(), [](auto const& arm) { return arm.deterministic; });
  out.trials = repeat ? 1 : plan.trials;
  out.baseline = kBaseline;
  out.noisy = repeat ? 0 : kNoisy;
  out.noisy_pass = kNoisyPass;
  if (known.dev) {
    // A noisy row's trials have the variance of one throw.
    if (!repeat)
      out.noisy = std::clamp(known.dev->within_variance / (kNoisyPass * (1 - kNoisyPass)), 0.0, .9);
    out.baseline = std::clamp((known.dev->baseline - out.noisy * kNoisyPass) / (1 - out.noisy), .01, .99);
  }
  if (plan.row.entity) {
    auto const cap = plan.split.cap_per_entity > 0 ? plan.split.cap_per_entity : kRowsWithoutACap;
    out.rows_per_entity = known.entities && *known.entities > 0
                              ? (known.test_rows + *known.entities - 1) / *known.entities
                              : cap;
    out.alike = out.rows_per_entity > 1 ? kAlike : 0;
  }
  return out;
}

// Without a baseline that was measured, one that leaves room for the gain is taken.
std::optional<World> with_effect(World world, Flips first, std::size_t arms, double discordance, bool fixed) {
  Flips const none{discordance / 2, discordance / 2};
  world.arms.assign(arms, {none});
  world.arms[0] = {first};
  if (auto const least = std::max(first.gain, none.gain);
      !fixed && least > (1 - world.noisy) * (1 - world.baseline))
    world.baseline = 1 - least / (1 - world.noisy);
  if (world.baseline <= 0 || world.baseline >= 1 || !possible(world)) return std::nullopt;
  return world;
}

bool near_enough(std::uint32_t hits, std::uint32_t n, double error) {
  auto const p = (hits + 1.0) / (n + 2.0);
  return std::sqrt(p * (1 - p) / n) <= error;
}

Counts until_near(plan::Plan const& judged, Known const& known, Maker& maker, bool null) {
  Counts out;
  auto const most = most_replicates(known.test_rows, null ? kNullWork : kWork);
  while (out.replicates < most) {
    add(out, simulate(judged, known.values, maker, out.replicates, std::min(kLeast, most - out.replicates)));
    if (near_enough(null ? out.any_ships + out.any_narrow : out.first_ships, out.replicates,
                    null ? kNullError : kError))
      break;
  }
  return out;
}

std::uint64_t key_of(plan::Plan const& plan, std::string_view purpose) {
  return purpose_key(std::to_string(plan.seed), fmt::format("forecast {}", purpose));
}

std::size_t scaled(std::size_t rows, std::size_t from, std::size_t to) {
  return from == 0 ? 0
                   : static_cast<std::size_t>(std::llround(
                         static_cast<double>(rows) * static_cast<double>(to) / static_cast<double>(from)));
}

// The same test set with other rows in all: every slice grows in proportion.
Known resized(Known known, std::size_t rows) {
  for (auto& column : known.slices) {
    std::size_t given = 0;
    for (auto& [value, n] : column.values) {
      n = std::min(scaled(n, known.test_rows, rows), rows - given);
      given += n;
    }
    if (!column.values.empty()) column.values.back().second += rows - given;
  }
  if (known.entities)
    known.entities = std::max<std::size_t>(1, scaled(*known.entities, known.test_rows, rows));
  known.test_rows = rows;
  return known;
}

// The least number of rows, to within 5%, at which `ships` is above the wanted chance: doubled until it is,
// then halved back. `ships` answers nothing where the world cannot be.
template <class Ships>
std::optional<std::size_t> search_rows(std::size_t from, Ships ships) {
  std::size_t low = 0;
  auto high = std::clamp<std::size_t>(from, 8, kMostRows);
  while (!ships(high)) {
    if (high == kMostRows) return std::nullopt;
    low = high;
    high = std::min(kMostRows, high + high / 2);
  }
  if (low == 0) low = high / 2;
  while (static_cast<double>(high - low) > std::max(1.0, .05 * static_cast<double>(high))) {
    auto const middle = (low + high) / 2;
    (ships(middle) ? high : low) = middle;
  }
  return high;
}

}  // namespace

double share(Chance chance) {
  return share(chance.hits, chance.replicates);
}

std::string words(Chance chance) {
  return fmt::format("{:.0f}% of {} made-up test sets", share(chance) * 100, chance.replicates);
}

Outlook foresee(plan::Plan const& plan, Known const& known) {
  Outlook out;
  auto const arms = std::max<std::size_t>(1, plan::candidates(plan));
  if (known.test_rows == 0)
    out.not_made = "the number of test rows is not known yet";
  else if (plan.rule.effect.num <= 0)
    out.not_made = "a threshold of zero or less asks for a benefit, which cannot be made up";
  else if (known.test_rows > kMostRows)
    out.not_made = fmt::format("more than {} test rows: the table above says it", kMostRows);
  if (!out.not_made.empty()) return out;

  auto const base = world_of(plan, known);
  bool const repeat = base.trials == 1 && base.noisy == 0;
  auto const judged = judged_plan(plan, known, arms, repeat);
  auto const threshold = threshold_of(plan, known.dev ? known.dev->baseline : base.baseline);
  out.baseline = base.baseline;
  out.noisy = base.noisy;
  out.rows_per_entity = base.rows_per_entity;
  out.alike = base.alike;
  out.categories = base.categories;
  out.assumed = not_made_up(plan, known);
  out.effects = {0, threshold, 1.5 * threshold, 2 * threshold};
  out.measured = known.dev.has_value();
  if (known.dev) {
    // Rows that differ by chance alone were seen as well: two noisy rows of K throws each seldom agree.
    auto const by_chance =
        base.noisy *
        (1 - std::pow(kNoisyPass * kNoisyPass + (1 - kNoisyPass) * (1 - kNoisyPass), base.trials));
    for (auto const q : {.5, .9})
      out.discordance.push_back(
          std::max(.005, *stats::jeffreys_quantile(static_cast<std::int64_t>(known.dev->discordant),
                                                   static_cast<std::int64_t>(known.dev->rows), q) -
                             by_chance));
  } else {
    out.discordance = {.05, .1, .2, .3};
    if (out.effects.back() > .3) out.discordance.push_back(std::min(1.0, out.effects.back()));
  }

  std::uint32_t number = 0;
  for (auto const effect : out.effects) {
    out.cells.emplace_back();
    for (auto const psi : out.discordance) {
      out.cells.back().emplace_back();
      ++number;
      if (effect > psi + 1e-12) continue;
      auto const world = with_effect(base, {(psi + effect) / 2, (psi - effect) / 2}, arms, psi, out.measured);
      if (!world) continue;
      Maker maker(*world, key_of(plan, fmt::format("cell {}", number)));
      auto const c = until_near(judged, known, maker, effect == 0);
      out.cells.back().back() =
          effect == 0 ? Cell{{c.any_ships + c.any_narrow, c.replicates}, {c.any_narrow, c.replicates}}
                      : Cell{{c.first_ships, c.replicates}, {c.first_narrow, c.replicates}};
      if (effect == out.effects.back() && !out.clauses_at) {
        out.clauses = c.clauses;
        out.clauses_at = psi;
      }
    }
  }
  auto const twice = out.effects.back();
  for (auto const psi : out.discordance) {
    out.rows_needed.emplace_back();
    auto const formula = stats::ship_rows({psi, twice}, threshold);
    if (!formula || twice > psi + 1e-12) continue;
    if (*formula > static_cast<double>(kMostRows)) continue;
    auto const flips = Flips{(psi + twice) / 2, (psi - twice) / 2};
    auto const world = with_effect(base, flips, arms, psi, out.measured);
    if (!world) continue;
    out.rows_needed.back() = search_rows(static_cast<std::size_t>(*formula), [&](std::size_t rows) {
      auto const there = resized(known, rows);
      auto larger = *world;
      larger.rows = rows;
      larger.slices = there.slices;
      Maker maker(larger, key_of(plan, "rows needed"));
      auto const c = simulate_until_known(judged, known.values, maker, kWantedChance,
                                          std::min<std::uint32_t>(200, most_replicates(rows)));
      return share(c.first_ships, c.replicates) >= kWantedChance;
    });
  }
  return out;
}

namespace {

// One trial of arms that repeat themselves and win every row on which they differ.
Counts decide_best(plan::Plan const& plan, Known const& known, double limit) {
  auto world = world_of(plan, known);
  world.trials = 1;
  world.noisy = 0;
  world.alike = 0;
  if (world.rows_per_entity > 0) world.rows_per_entity = 1;
  auto const twice = std::min(1.0, 2 * threshold_of(plan, kBaseline));
  world.baseline = std::min(kBaseline, 1 - twice);
  world.arms = {{Flips{twice, 0}}};
  Maker maker(world, key_of(plan, "best case"));
  return simulate_until_known(judged_plan(plan, known, 1, true), known.values, maker, limit,
                              most_replicates(known.test_rows, kNullWork));
}

}  // namespace

bool too_small(BestCase const& best) {
  return share(best.ships) < kLeastChance;
}

std::optional<BestCase> best_case(plan::Plan const& plan, Known const& known) {
  if (plan.rule.effect.num <= 0 || known.test_rows == 0) return std::nullopt;
  // What the largest one decides, still larger ones decide too.
  auto const cut = known.test_rows > kMostRows ? resized(known, kMostRows) : known;
  auto const counts = decide_best(plan, cut, kLeastChance);
  return BestCase{{counts.first_ships, counts.replicates}, known.test_rows, false};
}

std::optional<std::size_t> rows_for_best_case(plan::Plan const& plan, Known const& known) {
  if (plan.rule.effect.num <= 0 || known.test_rows == 0) return std::nullopt;
  return search_rows(known.test_rows, [&](std::size_t rows) {
    auto const counts = decide_best(plan, resized(known, rows), kWantedChance);
    return share(counts.first_ships, counts.replicates) >= kWantedChance;
  });
}

}  // namespace itera::forecast
