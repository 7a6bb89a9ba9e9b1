#include "core/verdict/conclude.hpp"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "core/plan/rule_text.hpp"
#include "core/stats/holm.hpp"
#include "core/verdict/contrast.hpp"

namespace itera::verdict {
namespace {

constexpr double kAlpha = 0.025;
constexpr double kTolerance = 0.02;
constexpr double kNarrowShare = 0.20;
constexpr std::size_t kFewestDiscordant = 6;  // fewer rows that differ are never significant at 5%, two-sided

std::vector<std::size_t> all_rows(Tally const& tally) {
  std::vector<std::size_t> out(tally.rows);
  std::iota(out.begin(), out.end(), std::size_t{0});
  return out;
}

void check_attrition(plan::Plan const& plan, Tally const& tally, Integrity& integrity) {
  for (std::size_t arm = 0; arm < tally.arms.size(); ++arm) {
    if (plan.arms[arm].control) continue;
    auto const lost = std::count(tally.arms[arm].complete.begin(), tally.arms[arm].complete.end(), false);
    if (static_cast<double>(lost) > kTolerance * static_cast<double>(tally.rows))
      integrity.broken.push_back(fmt::format(
          "{} of {} test rows have no score for `{}` ({} judge errors, {} missing cells); at most 2% may",
          lost, tally.rows, plan.arms[arm].name, tally.arms[arm].judge_errors, tally.arms[arm].missing));
    std::int64_t only_base = 0, only_arm = 0;
    for (std::size_t row = 0; row < tally.rows; ++row) {
      only_base += !tally.arms[0].complete[row] && tally.arms[arm].complete[row];
      only_arm += tally.arms[0].complete[row] && !tally.arms[arm].complete[row];
    }
    if (auto const p = stats::mcnemar(only_base, only_arm).two_sided; p < 0.05)
      integrity.broken.push_back(
          fmt::format("rows without a score are not spread alike over `{}` and `{}` (p {:.2g})",
                      plan.baseline().name, plan.arms[arm].name, p));
  }
}

bool is_blind(Integrity const& integrity, Tally const& tally, ArmVerdict const& v) {
  auto const& foretold = integrity.foretold_blind;
  if (std::find(foretold.begin(), foretold.end(), v.arm) == foretold.end()) return false;
  std::size_t discordant = 0;
  for (auto const row : v.measured.rows) {
    std::int64_t difference = 0;
    for (std::uint32_t k = 0; k < tally.trials; ++k)
      difference +=
          tally.arms[v.arm].scores[row * tally.trials + k] - tally.arms[0].scores[row * tally.trials + k];
    discordant += difference != 0;
  }
  return discordant < kFewestDiscordant;
}

bool settled(CheckStatus status) {
  return status == CheckStatus::pass || status == CheckStatus::not_applicable;
}

// Ships where it won, if the slices that fail, or of which nothing is shown, can be left out and what remains
// carries the decision alone.
bool narrow(plan::Plan const& plan, Tally const& tally, std::vector<split::SliceValue> const& values,
            ArmVerdict& v) {
  std::vector<std::size_t> failing;
  for (std::size_t s = 0; s < v.slices.size(); ++s)
    if (!settled(v.slices[s].status)) failing.push_back(s);
  std::vector<bool> keep(tally.rows, true);
  double kept_share = 1;
  for (auto const s : failing) {
    auto const& slice = v.slices[s];
    auto const column = static_cast<std::size_t>(
        std::find(plan.row.slices.begin(), plan.row.slices.end(), slice.column) - plan.row.slices.begin());
    for (std::size_t row = 0; row < tally.rows; ++row)
      if (tally.slices[column][row] == slice.value) keep[row] = false;
    kept_share -=
        slice.production_share;  // exact for one column; a lower bound when slices of several overlap
  }
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < tally.rows; ++row)
    if (keep[row]) rows.push_back(row);
  if (kept_share < kNarrowShare || rows.empty()) return false;
  auto m = measure_by_rule(plan, tally, v.arm, rows, v.measured.paired.c2);
  if (plan.rule.over) {
    auto left = values;
    for (auto const s : failing)
      std::erase_if(left, [&](auto const& value) {
        return value.column == v.slices[s].column && value.value == v.slices[s].value;
      });
    std::string why;
    auto const estimand = over_traffic(
        plan, m, effects_over_traffic(plan, tally, v.arm, m.rows, left, v.measured.paired.c2), why);
    if (!estimand) return false;
    m = *estimand;
  }
  v.narrowed_weighted = measure_weighted(tally, v.arm, m);
  v.narrowed_c5 = worst(check_categories(plan, measure_categories(plan, tally, v.arm, m)));
  auto const limit = kAlpha / static_cast<double>(std::max<std::size_t>(1, values.size()));
  v.narrow_guards = worst(
      check_guards(plan, measure_guards(plan, tally, v.arm, m), measure_secondaries(plan, tally, v.arm, m)));
  bool const ok = settled(v.narrow_guards) && check_effect(plan, m).status == CheckStatus::pass &&
                  check_noise(plan, m).status == CheckStatus::pass &&
                  check_evidence(plan, m, deciding_p(plan, m), limit).status == CheckStatus::pass &&
                  settled(v.narrowed_c5) && settled(check_severity(plan, v.narrowed_weighted).status);
  v.narrowed = m;
  v.narrow_limit = limit;
  if (!ok) return false;
  for (auto const& slice : v.slices)
    (settled(slice.status) ? v.narrow_scope : v.narrow_excludes)
        .push_back(fmt::format("{}={}", slice.column, slice.value));
  return true;
}

// An effect that cannot be measured as the rule asks is neither there nor absent.
void judge_estimand(plan::Plan const& plan, std::string const& why, Check& c1, Check& c2, Check& c3) {
  for (auto* c : {&c1, &c2, &c3}) {
    c->status = CheckStatus::unproven;
    c->evidence = fmt::format("no effect{}: {}", plan::over(plan), why);
  }
}

std::optional<stats::Gap> gap_of(Tally const& test, ArmVerdict const& v) {
  if (v.arm >= test.dev.size() || !test.dev[v.arm] || v.measured.paired.status != stats::PairedStatus::ok)
    return std::nullopt;
  auto const& dev = *test.dev[v.arm];
  return stats::dev_test_gap({dev.effect, dev.se}, {v.measured.paired.effect, v.measured.paired.se},
                             v.measured.noise ? v.measured.noise->s_pool : 0, dev.evaluations);
}

// Of arms that ship and are as good as each other, one with more severe errors loses.
void kill_shifted(plan::Plan const& plan, Tally const& test, Verdict& out) {
  std::vector<std::size_t> shipping;
  for (auto const& v : out.arms)
    if (v.decision.outcome == Outcome::ship) shipping.push_back(v.arm);
  if (shipping.size() < 2) return;
  for (auto& v : out.arms) {
    if (v.decision.outcome != Outcome::ship || v.categories.untagged) continue;
    auto check = milder_arm(plan, test, v.arm, shipping);
    if (!check) continue;
    auto const after =
        std::find_if(v.checks.begin(), v.checks.end(), [](auto const& c) { return c.id == "C6"; });
    v.checks.insert(after, std::move(*check));
    v.decision = {Outcome::kill, "C5"};
  }
}

// The best outcome; between equals the ranking, or what is decided by a larger effect.
void choose(plan::Plan const& plan, Tally const& test, std::vector<split::SliceValue> const& slices,
            Verdict& out) {
  std::vector<std::size_t> shipping;
  for (std::size_t i = 0; i < out.arms.size(); ++i) {
    auto const& v = out.arms[i];
    if (v.decision.outcome == Outcome::ship) shipping.push_back(i);
    auto const better = [&](ArmVerdict const& than) {
      if (rank(v.decision.outcome) != rank(than.decision.outcome))
        return rank(v.decision.outcome) > rank(than.decision.outcome);
      return decisive(v).paired.effect > decisive(than).paired.effect;
    };
    if (!out.winner || better(out.arms[*out.winner])) out.winner = i;
  }
  out.ranking = rank_arms(plan, test, out.arms, shipping, slices);
  if (out.ranking) out.winner = out.ranking->chosen;
}

}  // namespace

Verdict conclude(plan::Plan const& plan, Tally const& test, std::vector<split::SliceValue> const& slices,
                 Integrity integrity) {
  check_attrition(plan, test, integrity);
  Verdict out;
  auto const rows = all_rows(test);
  std::vector<double> p, flips;
  std::string no_estimand;
  for (std::size_t arm = 1; arm < plan.arms.size(); ++arm) {
    if (plan.arms[arm].control) {
      out.controls.push_back(read_control(plan, test, arm, slices));
      continue;
    }
    ArmVerdict v;
    v.arm = arm;
    v.measured = measure_by_rule(plan, test, arm, rows);
    auto const parent = std::find_if(plan.arms.begin(), plan.arms.end(),
                                     [&](auto const& a) { return a.name == plan.arms[arm].parent; }) -
                        plan.arms.begin();
    if (parent > 0 && parent < static_cast<std::ptrdiff_t>(plan.arms.size()))
      v.against_parent = measure(plan, test, arm, rows, std::nullopt, static_cast<std::size_t>(parent));
    v.slices = measure_slices(plan, test, arm, v.measured, slices);
    v.traffic = effects_over_traffic(plan, test, arm, v.measured.rows, slices, v.measured.paired.c2);
    if (plan.rule.over) v.estimand = over_traffic(plan, v.measured, v.traffic, no_estimand);
    p.push_back(plan.rule.over && !v.estimand ? 1 : deciding_p(plan, decisive(v)).value_or(1));
    flips.push_back(plan.rule.over && !v.estimand ? 1 : decisive(v).sign_flip.value_or(p.back()));
    out.arms.push_back(std::move(v));
  }
  auto const adjusted = stats::holm(p), adjusted_flips = stats::holm(flips);

  for (std::size_t i = 0; i < out.arms.size(); ++i) {
    auto& v = out.arms[i];
    auto const& m = decisive(v);
    if (deciding_p(plan, m)) v.p_holm = adjusted[i];
    if (m.sign_flip && !tested_at_threshold(plan)) v.sign_flip_holm = adjusted_flips[i];
    v.weighted = measure_weighted(test, v.arm, v.measured);
    v.categories = measure_categories(plan, test, v.arm, v.measured);
    v.gap = gap_of(test, v);
    if (v.measured.noise)
      v.spread = stats::decompose(v.measured.row_variance, v.measured.within_variance,
                                  static_cast<int>(v.measured.trials));
    Check c0{"C0", "the experiment kept its own rules",
             integrity.broken.empty() ? CheckStatus::pass : CheckStatus::fail, integrity.evidence};
    if (!integrity.broken.empty()) c0.evidence = fmt::format("{}", fmt::join(integrity.broken, "; "));
    auto c1 = check_effect(plan, m);
    auto c2 = check_noise(plan, m);
    auto c3 = check_evidence(plan, m, v.p_holm, kAlpha, v.sign_flip_holm);
    bool const lacking = plan.rule.over && !v.estimand;
    v.method_sensitive = !lacking && method_sensitive(plan, m, v.p_holm, v.sign_flip_holm, kAlpha);
    if (lacking) judge_estimand(plan, no_estimand, c1, c2, c3);
    auto const c4 = check_slices(plan, v.slices);
    auto const c5 = check_categories(plan, v.categories);
    auto const c6 = check_severity(plan, v.weighted);
    v.guards = measure_guards(plan, test, v.arm, v.measured);
    v.secondaries = measure_secondaries(plan, test, v.arm, v.measured);
    auto const c7 = check_guards(plan, v.guards, v.secondaries);
    Statuses s;
    s.c0 = c0.status;
    s.c1 = c1.status;
    s.c2 = c2.status;
    s.c3 = c3.status;
    s.c4 = worst(c4);
    s.c5 = worst(c5);
    s.c6 = c6.status;
    s.c7 = worst(c7);
    s.harm_shown = !lacking && harm_shown(plan, m);
    s.below_threshold_shown = !lacking && below_threshold_shown(m);
    s.blind = is_blind(integrity, test, v);
    if (s.c4 == CheckStatus::fail) s.narrow_qualifies = narrow(plan, test, slices, v);
    v.decision = decide(s);
    if (v.decision.outcome != Outcome::ship_narrowly) {
      v.narrow_scope.clear();
      v.narrow_excludes.clear();
    }
    v.checks = {c0, c1, c2, c3};
    v.checks.insert(v.checks.end(), c4.begin(), c4.end());
    v.checks.insert(v.checks.end(), c5.begin(), c5.end());
    v.checks.push_back(c6);
    v.checks.insert(v.checks.end(), c7.begin(), c7.end());
    v.rows_needed = rows_needed(plan, m);
    v.detectable = detectable(plan, m);
  }
  kill_shifted(plan, test, out);
  choose(plan, test, slices, out);
  if (out.winner) {
    out.outcome = out.arms[*out.winner].decision.outcome;
    out.decided_by = out.arms[*out.winner].decision.decided_by;
    if (out.outcome != Outcome::ship && out.outcome != Outcome::ship_narrowly) out.winner.reset();
  }
  return out;
}

}  // namespace itera::verdict
