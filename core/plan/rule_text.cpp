#include "core/plan/rule_text.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace itera::plan {

std::string_view mode_word(spec::SliceMode mode) {
  constexpr std::string_view words[] = {"point", "interval", "harm"};
  return words[static_cast<int>(mode)];
}

std::string_view guard_words(spec::GuardClause::Of of) {
  constexpr std::string_view words[] = {"cost", "latency", "latency p95"};
  return words[static_cast<int>(of)];
}

std::string threshold(Rational fraction, bool relative, bool sign) {
  auto out = points(fraction, sign);
  if (relative) out.replace(out.size() - 2, 2, "%");
  return out;
}

std::string points(Rational fraction, bool sign) {
  auto const text = to_string(reduce(fraction.num * 100, fraction.den));
  return fmt::format("{}{}pp", sign && fraction.num > 0 ? "+" : "", text);
}

std::string points(double fraction) {
  auto const text = fmt::format("{:+.1f}pp", fraction * 100);
  return text == "-0.0pp" ? "+0.0pp" : text;
}

PlannedCategory const* heaviest(Plan const& plan) {
  auto const it =
      std::max_element(plan.categories.begin(), plan.categories.end(),
                       [](auto const& a, auto const& b) { return compare(a.weight, b.weight) < 0; });
  return it == plan.categories.end() ? nullptr : &*it;
}

spec::SliceMode mode_of(Plan const& plan, std::string const& category) {
  for (auto const& c : plan.rule.categories)
    if (c.category.value == category) return c.mode;
  return spec::SliceMode::point;
}

std::string_view rise_words(spec::SliceMode mode) {
  return mode == spec::SliceMode::harm ? " by harm" : "";
}

namespace {

// A floor by harm is a question, and its number no part of the answer.
std::string harm_words(spec::SliceMode mode) {
  return mode == spec::SliceMode::harm
             ? ": fails only where the whole interval lies below zero, whatever the floor"
             : "";
}

}  // namespace

std::string over(Plan const& plan) {
  return plan.rule.over ? fmt::format(" over traffic of {}", plan.rule.over->value) : std::string();
}

namespace {
Rational abs_of(Rational r) {
  return r.num < 0 ? negate(r) : r;
}
}  // namespace

std::vector<RuleLine> rule_lines(Plan const& plan) {
  auto const arms = candidates(plan);
  auto const& rule = plan.rule;
  auto const least = threshold(rule.effect, rule.relative);
  bool const not_worse = rule.effect.num <= 0;
  std::vector<RuleLine> out;
  out.push_back({"C0",
                 "the experiment kept its own rules: plan unchanged, test opened once, pilot and audit "
                 "passed, at most 2% of rows without a score",
                 true,
                 {"integrity"}});
  out.push_back({"C1",
                 fmt::format("effect on {}{} >= {}{}{}", plan.metric, over(plan), least,
                             rule.relative ? " of the baseline's score" : "",
                             rule.strict ? " by interval: its low end reaches it" : ""),
                 false,
                 {"effect", "", "", rule.effect, rule.relative, rule.strict ? "interval" : "point",
                  rule.over ? rule.over->value : ""}});
  out.push_back({"C2",
                 not_worse ? fmt::format("effect - ({}) >= 2 x the noise floor of the test pass", least)
                           : std::string("effect >= 2 x the noise floor of the test pass"),
                 true,
                 {"noise"}});
  out.push_back({"C3",
                 fmt::format("evidence{}: one-sided p <= 0.025{}",
                             not_worse ? fmt::format(" that the effect is above {}", least) : std::string(),
                             arms > 1 ? fmt::format(", Holm over {} arms", arms) : ""),
                 true,
                 {"evidence", "", "", Rational{1, 40}}});
  if (plan.rule.slices.empty())
    out.push_back(
        {"C4",
         plan.row.slices.empty() ? "no slice is declared" : "no floor is set on a slice; slices are reported",
         true});
  for (auto const& s : plan.rule.slices)
    out.push_back({"C4",
                   fmt::format("{} >= {} by {}{}",
                               s.value.empty() ? "every major " + s.slice.value
                                               : fmt::format("{}={}", s.slice.value, s.value),
                               threshold(s.floor, s.relative), mode_word(s.mode), harm_words(s.mode)),
                   false,
                   {"slice", s.slice.value, s.value, s.floor, s.relative, std::string(mode_word(s.mode))}});
  if (auto const* top = heaviest(plan)) {
    auto const written = std::any_of(plan.rule.categories.begin(), plan.rule.categories.end(),
                                     [&](auto const& c) { return c.category.value == top->name; });
    auto const term = [&](std::string kind, std::string const& name) {
      RuleTerm of{std::move(kind), name};
      if (mode_of(plan, name) == spec::SliceMode::harm) of.mode = "harm";
      return of;
    };
    out.push_back({"C5",
                   fmt::format("{} (the most severe category) does not rise{}", top->name,
                               rise_words(mode_of(plan, top->name))),
                   !written, term("category", top->name)});
    for (auto const& c : plan.rule.categories)
      if (c.category.value != top->name)
        out.push_back({"C5", fmt::format("{} does not rise{}", c.category.value, rise_words(c.mode)), false,
                       term("category", c.category.value)});
    if (plan.categories.size() > 1)
      out.push_back({"C5",
                     fmt::format("{} does not rise{}{}, nor lie above that of an arm within the threshold",
                                 kSeveritySum, rise_words(mode_of(plan, top->name)),
                                 not_worse ? " where a failure weighs more than the baseline's" : ""),
                     true,
                     {"category sum", "", "", {}, false, term("", top->name).mode}});
  } else {
    out.push_back({"C5", "no failure category is registered, so none can rise", true});
  }
  out.push_back({"C6",
                 plan.row.severity
                     ? fmt::format("severity-weighted by {}: the score is not below the baseline's, and a "
                                   "winner by weight ships only if its unweighted effect reaches the "
                                   "threshold too",
                                   plan.row.severity->text)
                     : fmt::format("severity-weighted effect: n/a, {}", kNoSeverity),
                 true,
                 {plan.row.severity ? "severity" : ""}});
  for (auto const& m : rule.metrics)
    out.push_back({"C7",
                   fmt::format("{} >= {} by {}{}", m.metric.value, threshold(m.floor, m.relative),
                               mode_word(m.mode), harm_words(m.mode)),
                   false,
                   {"metric", m.metric.value, "", m.floor, m.relative, std::string(mode_word(m.mode))}});
  for (auto const& g : rule.guards)
    out.push_back(
        {"C7",
         fmt::format("{} <= {} against the baseline", guard_words(g.of), threshold(g.most, true, true)),
         false,
         {std::string(guard_words(g.of)), "", "", g.most, true}});
  if (not_worse)
    out.push_back({"C7",
                   "at least one registered benefit is shown: a guard that asks for less, or a gain on a "
                   "secondary metric whose interval lies above zero",
                   true,
                   {"benefit"}});
  if (rule.guards.empty() && rule.metrics.empty())
    out.push_back({"C7", fmt::format("cost and latency guards: n/a, {}", kNoGuards), true});
  for (auto const& arm : plan.arms)
    if (arm.control)
      out.push_back(
          {"F7",
           fmt::format("{} (a control) never ships; it is unmoved if its 90% interval lies inside +-{}",
                       arm.name, threshold(abs_of(rule.effect), rule.relative)),
           true,
           {"control", arm.name}});
  return out;
}

std::string written_rule(Plan const& plan) {
  std::string out;
  for (auto const& line : rule_lines(plan))
    if (!line.implied) out += (out.empty() ? "ship when " : " and ") + line.text;
  return out;
}

}  // namespace itera::plan
