#include "core/verdict/secondary.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/plan/rule_text.hpp"
#include "core/stats/exact.hpp"
#include "core/verdict/contrast.hpp"

namespace itera::verdict {
namespace {

using plan::points;

constexpr std::size_t kFewestRows = 5;
constexpr double kTolerance = 0.02;
constexpr double kUneven = 0.05;

CheckStatus pass_if(bool ok) {
  return ok ? CheckStatus::pass : CheckStatus::fail;
}

bool too_few_known(SecondaryResult const& s) {
  return static_cast<double>(s.lost) > kTolerance * static_cast<double>(s.lost + s.measured.rows.size());
}

void judge(plan::Plan const& plan, Tally const& by_metric, std::size_t arm, SecondaryResult& s) {
  auto const& m = s.measured;
  auto const& clause = *s.clause;
  if (m.rows.size() < kFewestRows || !stats::has_interval(m.paired.status) || too_few_known(s) || s.uneven) {
    s.by_point = s.by_interval = s.by_harm = s.status = CheckStatus::unproven;
    return;
  }
  if (clause.relative) s.to_floor = distance_to(plan, by_metric, arm, m, clause.floor, true, m.paired.c2);
  s.by_point = pass_if(at_least(m, clause.floor, clause.relative));
  s.by_interval = pass_if(s.to_floor ? s.to_floor->ci && s.to_floor->ci->low >= 0
                                     : m.paired.ci_low >= to_double(clause.floor));
  s.by_harm = pass_if(!(m.paired.ci_high < 0));
  s.status = clause.mode == spec::SliceMode::point      ? *s.by_point
             : clause.mode == spec::SliceMode::interval ? *s.by_interval
                                                        : *s.by_harm;
}

std::string evidence(SecondaryResult const& s) {
  auto out = describe(s.measured);
  if (s.to_floor && s.to_floor->ci)
    out += fmt::format("; {} from the floor [{}, {}]", points(s.to_floor->delta), points(s.to_floor->ci->low),
                       points(s.to_floor->ci->high));
  auto const all = s.lost + s.measured.rows.size();
  if (too_few_known(s))
    out += fmt::format("; its score is known on {} of {} rows only, so nothing is shown",
                       s.measured.rows.size(), all);
  else if (s.uneven)
    out += fmt::format(
        "; its score is missing on {} of {} rows, and more in one arm than in the other, so "
        "nothing is shown",
        s.lost, all);
  else if (s.status == CheckStatus::unproven)
    out += fmt::format("; at least {} are needed", kFewestRows);
  else if (s.status == CheckStatus::pass && s.by_interval == CheckStatus::fail &&
           s.measured.paired.ci_low < 0)
    out += fmt::format("; a loss of up to {:.1f}pp is not excluded", -100 * s.measured.paired.ci_low);
  return out;
}

}  // namespace

std::vector<SecondaryResult> measure_secondaries(plan::Plan const& plan, Tally const& tally, std::size_t arm,
                                                 Measurement const& m) {
  std::vector<SecondaryResult> out;
  for (std::size_t metric = 0; metric < plan.secondaries.size(); ++metric) {
    auto const by_metric = by_secondary(tally, metric);
    SecondaryResult s;
    s.metric = metric;
    s.measured = measure(plan, by_metric, arm, m.rows);
    s.lost = s.measured.excluded;
    std::int64_t only_base = 0, only_arm = 0;
    for (auto const row : m.rows) {
      bool const base = by_metric.arms[0].complete[row], has = by_metric.arms[arm].complete[row];
      only_base += !base && has;
      only_arm += base && !has;
    }
    s.uneven = stats::mcnemar(only_base, only_arm).two_sided < kUneven;
    auto const& clauses = plan.rule.metrics;
    auto const clause = std::find_if(clauses.begin(), clauses.end(), [&](auto const& c) {
      return c.metric.value == plan.secondaries[metric].name;
    });
    if (clause != clauses.end()) {
      s.clause = &*clause;
      judge(plan, by_metric, arm, s);
    }
    out.push_back(std::move(s));
  }
  return out;
}

std::vector<Check> check_secondaries(plan::Plan const& plan, std::vector<SecondaryResult> const& results) {
  std::vector<Check> out;
  for (auto const& clause : plan.rule.metrics)
    for (auto const& s : results)
      if (s.clause == &clause)
        out.push_back(
            {"C7",
             fmt::format("{} >= {}{} by {}", clause.metric.value,
                         plan::threshold(clause.floor, clause.relative),
                         clause.relative ? " of the baseline's score" : "", plan::mode_word(clause.mode)),
             s.status, evidence(s)});
  return out;
}

bool is_benefit(spec::MetricClause const& clause) {
  return clause.floor.num > 0 && clause.mode != spec::SliceMode::harm;
}

bool gain_shown(SecondaryResult const& result) {
  return result.clause && is_benefit(*result.clause) && result.status == CheckStatus::pass &&
         result.measured.paired.ci_low > 0;
}

}  // namespace itera::verdict
