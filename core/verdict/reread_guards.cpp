#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "core/plan/rule_text.hpp"
#include "core/verdict/reread_clauses.hpp"
#include "core/verdict/secondary.hpp"

namespace itera::verdict {
namespace {

constexpr double kFewestRows = 5;

std::vector<std::string> delta_paths(Imported const& data, std::size_t arm, std::string const& slice) {
  auto const& effects = data.arms[arm].slice_effects;
  auto const it = effects.find(slice);
  if (it != effects.end() && it->second.delta)
    return {pointer({"effect_sizes", data.arms[arm].id, "per_slice", slice})};
  return {pointer({"test_set_per_slice", data.arms[arm].id, slice}),
          pointer({"test_set_per_slice", data.arms.front().id, slice})};
}

// A floor on the slice's effect; relative ones are a share of the baseline's score there.
std::optional<double> floor_of(Imported const& data, spec::SliceClause const& clause, std::string const& id) {
  if (!clause.relative) return to_double(clause.floor);
  auto const& scores = data.arms.front().slice_scores;
  auto const base = scores.find(id);
  return base == scores.end() ? std::nullopt : std::optional(to_double(clause.floor) * base->second);
}

RereadClause judge_slice(Imported const& data, RereadRule const& rule, std::size_t arm,
                         spec::SliceClause const& clause, ImportedSlice const& slice) {
  RereadClause out;
  out.check = "C4";
  out.clause = fmt::format("{} >= {} by {}", slice.id, plan::threshold(clause.floor, clause.relative, true),
                           plan::mode_word(clause.mode));
  auto const effect = effect_of(data, arm, slice.id);
  auto const floor = floor_of(data, clause, slice.id);
  auto const rows = effect.rows ? effect.rows : slice.rows;
  bool const interval = effect.ci_low && effect.ci_high;
  if (!effect.delta) {
    out.evidence = fmt::format("no {} and no scores of the slice",
                               pointer({"effect_sizes", data.arms[arm].id, "per_slice", slice.id, "delta"}));
    return out;
  }
  out.from = delta_paths(data, arm, slice.id);
  out.evidence = describe(effect);
  if (rows && *rows < kFewestRows) {
    out.status = CheckStatus::unproven;
    out.evidence += fmt::format("; {:.0f} rows show nothing", *rows);
    return out;
  }
  if (!floor) {
    out.evidence += fmt::format("; no {}, of which the floor is a share",
                                pointer({"test_set_per_slice", data.arms.front().id, slice.id}));
    return out;
  }
  if (clause.mode == spec::SliceMode::point) {
    out.status = pass_if(reaches(*effect.delta, *floor));
    if (*out.status == CheckStatus::pass && interval && !reaches(*effect.ci_low, *floor))
      out.evidence += fmt::format("; a loss of up to {:.1f}pp not excluded", -100 * *effect.ci_low);
    return out;
  }
  if (!interval) {
    if (data.own) out.status = CheckStatus::unproven;
    out.evidence += "; no interval (ci_low, ci_high)";
    return out;
  }
  bool const above =
      rule.registered && effect.floor_low ? reaches(*effect.floor_low, 0) : reaches(*effect.ci_low, *floor);
  out.status = pass_if(clause.mode == spec::SliceMode::interval ? above : *effect.ci_high >= 0);
  if (*out.status == CheckStatus::fail && clause.mode == spec::SliceMode::harm)
    out.evidence += "; harm is shown: the whole interval lies below zero";
  return out;
}

// A clause that names the value goes before one for every value.
spec::SliceClause const* clause_for(spec::ShipRule const& rule, ImportedSlice const& slice) {
  spec::SliceClause const* out = nullptr;
  for (auto const& c : rule.slices)
    if (c.slice.value == slice.column && (c.value == slice.value || (c.value.empty() && slice.major && !out)))
      out = &c;
  return out;
}

// The file's own rule has the guard as it was tested on the rows.
ImportedGuard const* tested(Imported const& data, RereadRule const& rule, std::size_t arm,
                            spec::GuardClause const& guard) {
  if (!rule.registered) return nullptr;
  for (auto const& g : data.arms[arm].guards)
    if (g.clause.of == guard.of && g.clause.most == guard.most) return &g;
  return nullptr;
}

RereadClause judge_guard(Imported const& data, RereadRule const& rule, std::size_t arm,
                         spec::GuardClause const& guard) {
  using Of = spec::GuardClause::Of;
  RereadClause out;
  out.check = "C7";
  out.clause = fmt::format("{} <= {} against the baseline", plan::guard_words(guard.of),
                           plan::threshold(guard.most, true, true));
  auto const value = [&](ImportedArm const& a) {
    return guard.of == Of::cost      ? a.cost_per_1k_usd
           : guard.of == Of::latency ? a.latency_mean_ms
                                     : a.latency_p95_ms;
  };
  auto const path = [&](std::size_t i) {
    return guard.of == Of::cost ? pointer({"arms", std::to_string(i), "cost_per_1k_usd"})
                                : pointer({"meta", "latency", data.arms[i].id,
                                           guard.of == Of::latency ? "mean_ms" : "p95_ms"});
  };
  if (auto const* own = tested(data, rule, arm, guard)) {
    out.from = {pointer({"arm_verdicts", data.arms[arm].id, "guards"})};
    out.status = !own->p_within                        ? CheckStatus::unproven
                 : *own->p_within <= 0.025             ? CheckStatus::pass
                 : own->p_exceeds.value_or(1) <= 0.025 ? CheckStatus::fail
                                                       : CheckStatus::unproven;
    out.evidence = own->p_within ? fmt::format("p {:.2g} of more, p {:.2g} of at most that", *own->p_within,
                                               own->p_exceeds.value_or(1))
                                 : std::string("not tested on the rows");
    return out;
  }
  auto const base = value(data.arms.front()), now = value(data.arms[arm]);
  if (!base || !now || *base <= 0) {
    out.evidence = base && now ? "the baseline's is zero, so there is no ratio"
                               : fmt::format("no {}", path(base ? arm : 0));
    return out;
  }
  out.from = {path(arm), path(0)};
  out.status = pass_if(*now <= *base * (1 + to_double(guard.most)) * (1 + kSlack));
  out.evidence =
      fmt::format("{:.4g} -> {:.4g}, {:+.1f}%, by the means alone", *base, *now, (*now / *base - 1) * 100);
  return out;
}

RereadClause judge_secondary(Imported const& data, RereadRule const& rule, std::size_t arm,
                             spec::MetricClause const& clause) {
  RereadClause out;
  out.check = "C7";
  out.clause =
      fmt::format("{} >= {} by {}", clause.metric.value, plan::threshold(clause.floor, clause.relative, true),
                  plan::mode_word(clause.mode));
  auto const& all = data.arms[arm].secondaries;
  auto const found = all.find(clause.metric.value);
  if (found == all.end()) {
    out.evidence = data.own ? "the file has no secondary metric of this name"
                            : "a data file of another program holds no "
                              "secondary metric";
    return out;
  }
  auto const& [effect, base, recorded] = found->second;
  out.from = {pointer({"secondaries", clause.metric.value, "arms", data.arms[arm].id, "effect"})};
  out.evidence = describe(effect);
  // How the scores that are missing are spread takes the rows: there what was recorded stands.
  bool const open = rule.registered && recorded == CheckStatus::unproven;
  if (open || !effect.delta || !effect.ci_low || !effect.ci_high || effect.rows.value_or(0) < kFewestRows) {
    out.status = CheckStatus::unproven;
    if (open) out.evidence += "; recorded as not shown";
    return out;
  }
  if (clause.relative && !base) {
    out.evidence += "; no baseline_score, of which the floor is a share";
    return out;
  }
  auto const floor = to_double(clause.floor) * (clause.relative ? *base : 1);
  bool const above =
      rule.registered && effect.floor_low ? reaches(*effect.floor_low, 0) : reaches(*effect.ci_low, floor);
  out.status = pass_if(clause.mode == spec::SliceMode::point      ? reaches(*effect.delta, floor)
                       : clause.mode == spec::SliceMode::interval ? above
                                                                  : *effect.ci_high >= 0);
  out.no_benefit = !(*effect.ci_low > 0);
  return out;
}

// What the rule registers as a benefit, by whether it is shown.
struct Gains {
  std::vector<std::string> held, open, unknown;

  void add(std::string name, RereadClause const& clause) {
    auto& list = !clause.status                                              ? unknown
                 : *clause.status == CheckStatus::pass && !clause.no_benefit ? held
                                                                             : open;
    list.push_back(std::move(name));
  }

  // Not being worse is no reason to change what is deployed.
  RereadClause clause() const {
    RereadClause out;
    out.check = "C7";
    out.clause = "a registered benefit holds";
    if (!held.empty()) {
      out.status = CheckStatus::pass;
      out.evidence = fmt::format("{}", fmt::join(held, ", "));
    } else if (!unknown.empty()) {
      out.evidence = fmt::format("the file does not show it of {}", fmt::join(unknown, ", "));
    } else {
      out.status = CheckStatus::unproven;
      out.evidence = open.empty() ? std::string("the rule registers none")
                                  : fmt::format("none is shown: {}", fmt::join(open, ", "));
    }
    return out;
  }
};

}  // namespace

std::vector<RereadClause> reread_slices(Imported const& data, RereadRule const& rule, std::size_t arm,
                                        std::vector<std::string>& failing) {
  std::vector<RereadClause> out;
  // Values that have a clause of their own are met by it, and the one for every value is not missing them.
  std::set<std::string> met;
  for (auto const& slice : data.slices) {
    auto const* clause = clause_for(rule.rule, slice);
    if (!clause) continue;
    met.insert(slice.column);
    met.insert(slice.column + "=" + slice.value);
    out.push_back(judge_slice(data, rule, arm, *clause, slice));
    if (auto const s = out.back().status; s == CheckStatus::fail || s == CheckStatus::unproven)
      failing.push_back(slice.id);
  }
  for (auto const& clause : rule.rule.slices) {
    auto const every = clause.value.empty();
    auto const name = every ? clause.slice.value : clause.slice.value + "=" + clause.value;
    if (met.contains(name)) continue;
    out.push_back(
        {"C4",
         fmt::format("{}{} >= {} by {}", every ? "every " : "", name,
                     plan::threshold(clause.floor, clause.relative, true), plan::mode_word(clause.mode)),
         data.own ? std::optional(CheckStatus::unproven) : std::nullopt,
         every ? "no value of it holds 10% of production" : "no such value in the file",
         {}});
  }
  if (rule.rule.slices.empty())
    out.push_back({"C4",
                   "slices",
                   CheckStatus::not_applicable,
                   data.slices.empty() ? "the file has no slices" : "the rule sets no floor on a slice",
                   {}});
  return out;
}

std::vector<ImportedCategory const*> guarded(Imported const& data, spec::ShipRule const& rule) {
  std::vector<ImportedCategory const*> out;
  auto const top = std::max_element(data.categories.begin(), data.categories.end(),
                                    [](auto const& a, auto const& b) { return a.weight < b.weight; });
  for (auto const& category : data.categories)
    if (&category == &*top || std::any_of(rule.categories.begin(), rule.categories.end(),
                                          [&](auto const& c) { return c.category.value == category.id; }))
      out.push_back(&category);
  return out;
}

std::vector<RereadClause> reread_categories(Imported const& data, RereadRule const& rule, std::size_t arm) {
  std::vector<RereadClause> out;
  auto const &now = data.arms[arm].counts, &base = data.arms.front().counts;
  bool const tagged = std::any_of(now.begin(), now.end(), [](auto const& c) { return c.second > 0; }) ||
                      std::any_of(base.begin(), base.end(), [](auto const& c) { return c.second > 0; });
  bool const failed = data.arms[arm].score.value_or(1) < 1 || data.arms.front().score.value_or(1) < 1;
  for (auto const* category : guarded(data, rule.rule)) {
    RereadClause clause;
    clause.check = "C5";
    bool const by_harm = mode_of(rule.rule, category->id) == spec::SliceMode::harm;
    clause.clause = fmt::format("{} does not rise{}", category->id, by_harm ? " by harm" : "");
    auto const before = base.find(category->id), after = now.find(category->id);
    auto const path = [&](std::size_t i) {
      return pointer({"failure_modes", "test_set_counts", data.arms[i].id, category->id});
    };
    if (before == base.end() || after == now.end()) {
      clause.evidence = fmt::format("no {}", path(before == base.end() ? 0 : arm));
    } else if (!tagged && failed) {
      clause.status = CheckStatus::not_applicable;
      clause.evidence = "the judge named no category for any failed row";
      clause.from = {path(arm), path(0)};
    } else {
      bool const rises = after->second > before->second + kSlack;
      clause.status = pass_if(!rises);
      clause.evidence = fmt::format("{:.4g} -> {:.4g}{}", before->second, after->second,
                                    data.test_rows ? fmt::format(" of {:.0f} rows", *data.test_rows) : "");
      clause.from = {path(arm), path(0)};
      if (rises && by_harm) {
        auto const& all = data.arms[arm].p_rise;
        judge_rise(clause, all.contains(category->id) ? std::optional(all.at(category->id)) : std::nullopt);
      }
    }
    out.push_back(std::move(clause));
  }
  if (auto sum = reread_sum(data, rule, arm); sum && !out.empty()) {
    if (!tagged && failed) sum->status = CheckStatus::not_applicable, sum->evidence = out.back().evidence;
    out.push_back(std::move(*sum));
  }
  if (out.empty())
    out.push_back({"C5", "failure categories", CheckStatus::not_applicable, "none is registered", {}});
  return out;
}

RereadClause reread_severity(Imported const& data, std::size_t arm) {
  RereadClause out;
  out.check = "C6";
  out.clause = "severity-weighted score not below the baseline's";
  auto const &now = data.arms[arm].weighted_score, &base = data.arms.front().weighted_score;
  auto const path = [&](std::size_t i) {
    return pointer({"severity", "test_set_weighted_accuracy", data.arms[i].id});
  };
  if (auto const& effect = data.arms[arm].weighted_effect) {
    out.status = pass_if(reaches(*effect, 0));
    out.evidence = plan::points(*effect) + " by weight";
    out.from = {pointer({"severity", "effects", data.arms[arm].id, "delta"})};
  } else if (!data.weighted) {
    out.status = CheckStatus::not_applicable;
    out.evidence = "the file has no severity-weighted scores";
  } else if (!now || !base) {
    out.evidence = fmt::format("no {}", path(now ? 0 : arm));
  } else {
    out.status = pass_if(reaches(*now, *base));
    out.evidence = fmt::format("{:.3f} -> {:.3f}", *base, *now);
    out.from = {path(arm), path(0)};
  }
  return out;
}

std::vector<RereadClause> reread_guards(Imported const& data, RereadRule const& rule, std::size_t arm) {
  std::vector<RereadClause> out;
  Gains gains;
  for (auto const& metric : rule.rule.metrics) {
    out.push_back(judge_secondary(data, rule, arm, metric));
    if (is_benefit(metric)) gains.add(metric.metric.value, out.back());
  }
  for (auto const& guard : rule.rule.guards) {
    out.push_back(judge_guard(data, rule, arm, guard));
    if (guard.most.num < 0) gains.add(std::string(plan::guard_words(guard.of)), out.back());
  }
  if (out.empty())
    out.push_back({"C7",
                   "cost, latency and secondary metrics",
                   CheckStatus::not_applicable,
                   "the rule names none",
                   {}});
  if (rule.rule.effect.num <= 0) out.push_back(gains.clause());
  return out;
}

}  // namespace itera::verdict
