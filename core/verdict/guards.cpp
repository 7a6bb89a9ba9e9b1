#include "core/verdict/guards.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/plan/rule_text.hpp"
#include "core/stats/lift.hpp"
#include "core/stats/mean.hpp"
#include "core/stats/order_statistics.hpp"
#include "core/verdict/contrast.hpp"

namespace itera::verdict {
namespace {

using Of = spec::GuardClause::Of;

constexpr double kAlpha = 0.025;
constexpr double kQuantile = 0.95;
constexpr std::size_t kFewestRows = 5;
// Rows whose calls reported nothing may be so many, besides the row of each arm's first call.
constexpr double kTolerance = 0.02;
constexpr std::size_t kFirstCalls = 2;

Calls const& calls_of(Tally const& tally, std::size_t arm, Of of) {
  return of == Of::cost ? tally.arms[arm].cost_usd : tally.arms[arm].latency_ms;
}

std::string_view measured(Of of) {
  return of == Of::cost ? "cost" : "latency";
}

// The row's mean over the trials that report something; nothing if none does.
std::optional<double> row_mean(Tally const& tally, Calls const& calls, std::size_t row) {
  double sum = 0, n = 0;
  for (std::uint32_t k = 0; k < tally.trials; ++k)
    if (auto const v = calls.of[row * tally.trials + k]; !std::isnan(v)) sum += v, ++n;
  return n > 0 ? std::optional(sum / n) : std::nullopt;
}

std::string amount(Of of, double value) {
  return of == Of::cost ? fmt::format("${:.4g} a row", value) : fmt::format("{:.4g} ms", value);
}

std::string change_text(double change) {
  auto const text = fmt::format("{:+.1f}%", change * 100);
  return text == "-0.0%" ? "+0.0%" : text;
}

std::string p_text(double p) {
  return p < 1e-4 ? std::string("p < 0.0001") : fmt::format("p {:.2g}", p);
}

// "p 0.0004: more than +60% is shown", and what one should know of the numbers.
void judge(GuardResult& g, Calls const& base, Calls const& arm) {
  auto const most = plan::threshold(g.clause.most, true, true);
  auto& out = g.check;
  if (*g.p_within <= kAlpha) {
    out.status = CheckStatus::pass;
    out.evidence += fmt::format("; at most {} is shown, {}", most, p_text(*g.p_within));
  } else if (*g.p_exceeds <= kAlpha) {
    out.status = CheckStatus::fail;
    out.evidence += fmt::format("; more than {} is shown, {}", most, p_text(*g.p_exceeds));
  } else {
    out.status = CheckStatus::unproven;
    out.evidence += fmt::format("; not shown to be at most {} ({}), nor to be more ({})", most,
                                p_text(*g.p_within), p_text(*g.p_exceeds));
  }
  if (base.first && arm.first)
    out.evidence += fmt::format("; first calls apart: {} and {}", amount(g.clause.of, *base.first),
                                amount(g.clause.of, *arm.first));
  if (g.clause.of != Of::cost)
    out.evidence += "; as measured in this run: not reproducible, and in no digest";
}

std::string numbers(GuardResult const& g) {
  auto const quantile = g.clause.of == Of::latency_p95;
  auto out = fmt::format("{} -> {}", amount(g.clause.of, *g.baseline), amount(g.clause.of, *g.arm));
  if (g.change) out += fmt::format(", {}", change_text(*g.change));
  if (g.ci) out += fmt::format(" [{}, {}]", change_text(g.ci->low), change_text(g.ci->high));
  return out + fmt::format(" on {} {}", g.n, quantile ? "calls" : "rows");
}

// What is known where answers were quick or cheap shows nothing of the rest.
bool enough_known(GuardResult& g, Measurement const& m, std::size_t known) {
  auto const lost = m.rows.size() - known;
  if (lost <= kFirstCalls ||
      static_cast<double>(lost - kFirstCalls) <= kTolerance * static_cast<double>(m.rows.size()))
    return true;
  g.check.evidence = fmt::format("{} is known on {} of {} rows only, so nothing is shown",
                                 measured(g.clause.of), known, m.rows.size());
  return false;
}

void judge_mean(Tally const& tally, std::size_t arm, Measurement const& m, GuardResult& g) {
  auto const &base_calls = calls_of(tally, 0, g.clause.of), &arm_calls = calls_of(tally, arm, g.clause.of);
  std::vector<double> base, now, excess;
  std::vector<int> clusters;
  auto const factor = 1 + to_double(g.clause.most);
  for (auto const row : m.rows) {
    auto const b = row_mean(tally, base_calls, row), a = row_mean(tally, arm_calls, row);
    if (!a || !b) continue;
    base.push_back(*b);
    now.push_back(*a);
    excess.push_back(*a - factor * *b);
    if (!tally.clusters.empty()) clusters.push_back(tally.clusters[row]);
  }
  g.n = base.size();
  if (!enough_known(g, m, g.n)) return;
  auto const e = stats::mean_estimate(excess, {}, clusters);
  if (g.n < kFewestRows) {
    g.check.evidence = fmt::format("{} rows cannot show it; at least {} are needed", g.n, kFewestRows);
    return;
  }
  auto const before = stats::mean_estimate(base, {}, clusters),
             after = stats::mean_estimate(now, {}, clusters);
  if (!e || !before || !after) {
    g.check.evidence = "numbers as large as these cannot be compared";
    return;
  }
  g.baseline = before->mean;
  g.arm = after->mean;
  auto const lift = stats::fieller(now, base, clusters);
  if (lift.status != stats::Lift::Status::undefined) g.change = lift.lift;
  if (lift.status == stats::Lift::Status::ok) g.ci = lift.ci;
  g.check.evidence = numbers(g);
  if (*g.baseline == 0 && *g.arm == 0) {
    g.check.evidence += "; of nothing there is no share";
    return;
  }
  // What never varies is compared as it is; the bound itself is still within the guard.
  auto const slack = 1e-12 * std::max(std::abs(*g.arm), std::abs(*g.baseline));
  bool const constant = e->se == 0 || e->se <= slack;
  g.p_within = constant ? (e->mean <= slack ? 0.0 : 1.0) : stats::p_below_zero(*e);
  g.p_exceeds = constant ? (e->mean > slack ? 0.0 : 1.0) : stats::p_above_zero(*e);
  judge(g, base_calls, arm_calls);
}

// The calls of one arm on the measured rows, in ascending order, and how many independent ones they are
// worth.
struct Sample {
  std::vector<double> sorted;
  double worth = 0;
  double quantile = 0;
};

Sample sample_of(Tally const& tally, Calls const& calls, Measurement const& m) {
  Sample out;
  std::vector<int> groups;
  for (auto const row : m.rows)
    for (std::uint32_t k = 0; k < tally.trials; ++k)
      if (auto const v = calls.of[row * tally.trials + k]; !std::isnan(v)) {
        out.sorted.push_back(v);
        groups.push_back(tally.clusters.empty() ? static_cast<int>(row) : tally.clusters[row]);
      }
  if (out.sorted.empty()) return out;
  auto values = out.sorted;
  std::sort(out.sorted.begin(), out.sorted.end());
  out.quantile = *stats::sample_quantile(out.sorted, kQuantile);
  out.worth = stats::effective_values(values, out.quantile, groups);
  return out;
}

// The least alpha at which `shown` holds, doubled because two bounds have to; 1 if none up to a half does.
template <class Shown>
double least_alpha(Shown shown) {
  double low = std::log(1e-9), high = std::log(0.5);
  if (!shown(0.5)) return 1;
  for (int i = 0; i < 40; ++i) {
    auto const middle = (low + high) / 2;
    (shown(std::exp(middle)) ? high : low) = middle;
  }
  return 2 * std::exp(high);
}

void judge_quantile(Tally const& tally, std::size_t arm, Measurement const& m, GuardResult& g) {
  auto const &base_calls = calls_of(tally, 0, g.clause.of), &arm_calls = calls_of(tally, arm, g.clause.of);
  auto const known = std::count_if(m.rows.begin(), m.rows.end(), [&](std::size_t row) {
    return row_mean(tally, base_calls, row) && row_mean(tally, arm_calls, row);
  });
  if (known > 0 && !enough_known(g, m, static_cast<std::size_t>(known))) return;
  auto const base = sample_of(tally, base_calls, m), now = sample_of(tally, arm_calls, m);
  g.n = base.sorted.size() + now.sorted.size();
  if (base.sorted.empty() || now.sorted.empty()) {
    g.check.evidence = "no latency is known on these rows";
    return;
  }
  g.baseline = base.quantile;
  g.arm = now.quantile;
  if (base.quantile > 0) g.change = now.quantile / base.quantile - 1;
  g.check.evidence = numbers(g);
  auto const factor = 1 + to_double(g.clause.most);
  auto const bounds = [](Sample const& s, double alpha) {
    return stats::quantile_bounds(s.sorted, kQuantile, alpha, s.worth);
  };
  g.p_within = least_alpha([&](double alpha) {
    auto const a = bounds(now, alpha).high, b = bounds(base, alpha).low;
    return a && b && *a <= factor * *b;
  });
  g.p_exceeds = least_alpha([&](double alpha) {
    auto const a = bounds(now, alpha).low, b = bounds(base, alpha).high;
    return a && b && *a > factor * *b;
  });
  judge(g, base_calls, arm_calls);
  auto const worth = std::floor(std::min(base.worth, now.worth));
  if (g.check.status == CheckStatus::unproven && worth < static_cast<double>(kFewestCallsForP95))
    g.check.evidence += fmt::format(
        "; it could not have been: an arm's calls are worth {:.0f} independent ones, and a bound of the 95% "
        "quantile takes {}",
        worth, kFewestCallsForP95);
}

}  // namespace

std::vector<GuardResult> measure_guards(plan::Plan const& plan, Tally const& tally, std::size_t arm,
                                        Measurement const& m) {
  std::vector<GuardResult> out;
  for (auto const& clause : plan.rule.guards) {
    GuardResult g;
    g.clause = clause;
    g.check = {"C7",
               fmt::format("{} <= {} against the baseline", plan::guard_words(clause.of),
                           plan::threshold(clause.most, true, true)),
               CheckStatus::unproven,
               {}};
    std::vector<std::string> without;
    for (auto const i : {std::size_t{0}, arm})
      if (calls_of(tally, i, clause.of).of.empty()) without.push_back("`" + plan.arms[i].name + "`");
    if (!without.empty())
      g.check.evidence = fmt::format("no {} was reported for {}, so nothing is shown", measured(clause.of),
                                     fmt::join(without, " and "));
    else if (clause.of == Of::latency_p95)
      judge_quantile(tally, arm, m, g);
    else
      judge_mean(tally, arm, m, g);
    out.push_back(std::move(g));
  }
  return out;
}

std::vector<Check> check_guards(plan::Plan const& plan, std::vector<GuardResult> const& guards,
                                std::vector<SecondaryResult> const& secondaries) {
  auto out = check_secondaries(plan, secondaries);
  std::vector<std::string> held, open;
  for (auto const& s : secondaries)
    if (s.clause && is_benefit(*s.clause)) (gain_shown(s) ? held : open).push_back(s.clause->metric.value);
  for (auto const& g : guards) {
    out.push_back(g.check);
    if (g.clause.most.num < 0)
      (g.check.status == CheckStatus::pass ? held : open)
          .push_back(std::string(plan::guard_words(g.clause.of)));
  }
  // Not being worse is no reason to change what is deployed.
  if (non_inferiority(plan) && (!held.empty() || !open.empty()))
    out.push_back({"C7", "a registered benefit holds",
                   held.empty() ? CheckStatus::unproven : CheckStatus::pass,
                   held.empty() ? fmt::format("none is shown: {}", fmt::join(open, ", "))
                                : fmt::format("{}", fmt::join(held, ", "))});
  if (out.empty())
    out.push_back(
        {"C7", "cost and latency guards", CheckStatus::not_applicable, std::string(plan::kNoGuards)});
  return out;
}

}  // namespace itera::verdict
