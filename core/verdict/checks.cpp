#include "core/verdict/checks.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/plan/rule_text.hpp"

namespace itera::verdict {
namespace {

using plan::points;
constexpr std::size_t kFewestRows = 5;

CheckStatus pass_if(bool ok) {
  return ok ? CheckStatus::pass : CheckStatus::fail;
}

SliceResult judge_slice(SliceResult slice, spec::SliceClause const* clause) {
  if (!clause) return slice;
  auto const& m = slice.measured;
  slice.floor = clause->floor;
  auto const floor = to_double(clause->floor);
  auto const named = !clause->value.empty();
  if (!named && !slice.major) return slice;
  if (m.rows.size() < kFewestRows || !stats::has_interval(m.paired.status)) {
    slice.by_point = slice.by_interval = slice.by_harm = slice.status = CheckStatus::unproven;
    return slice;
  }
  slice.by_point = pass_if(at_least(m, clause->floor));
  slice.by_interval = pass_if(m.paired.ci_low >= floor);
  slice.by_harm = pass_if(!(m.paired.ci_high < 0));
  slice.status = clause->mode == spec::SliceMode::point      ? *slice.by_point
                 : clause->mode == spec::SliceMode::interval ? *slice.by_interval
                                                             : *slice.by_harm;
  return slice;
}

}  // namespace

std::string describe(Measurement const& m) {
  if (!stats::has_effect(m.paired.status)) return "no row to measure on";
  if (!stats::has_interval(m.paired.status))
    return fmt::format("{} on {} rows, no interval", points(m.paired.effect), m.rows.size());
  return fmt::format("{} [{}, {}]{} on {} rows", points(m.paired.effect), points(m.paired.ci_low),
                     points(m.paired.ci_high), m.over_traffic ? " over traffic" : "", m.rows.size());
}

CheckStatus worst(std::vector<Check> const& checks) {
  auto const any = [&](CheckStatus status) {
    return std::any_of(checks.begin(), checks.end(), [&](Check const& c) { return c.status == status; });
  };
  for (auto const status : {CheckStatus::fail, CheckStatus::unproven, CheckStatus::pass})
    if (any(status)) return status;
  return CheckStatus::not_applicable;
}

Check check_effect(plan::Plan const& plan, Measurement const& m) {
  return {"C1", fmt::format("effect on {}{} >= {}", plan.metric, plan::over(plan), points(plan.rule.effect)),
          pass_if(at_least(m, plan.rule.effect)), describe(m)};
}

Check check_noise(plan::Plan const&, Measurement const& m) {
  Check out{"C2", "effect >= 2 x noise floor", CheckStatus::unproven,
            "fewer than 3 trials: the noise floor proves nothing"};
  if (!m.noise || !m.noise->enough_trials) return out;
  auto const floor = m.noise->s_noise;
  out.status = pass_if(m.paired.effect >= 2 * floor);
  out.evidence = floor == 0 ? fmt::format("{}; the noise floor is zero: power, not noise, is binding",
                                          points(m.paired.effect))
                            : fmt::format("{} against 2 x {:.2f}pp", points(m.paired.effect), floor * 100);
  return out;
}

Check check_evidence(plan::Plan const& plan, Measurement const& m, std::optional<double> p_adjusted,
                     double limit) {
  Check out{"C3", fmt::format("evidence, one-sided p <= {:.3g}", limit), CheckStatus::unproven,
            "no interval can be computed"};
  if (!p_adjusted || !stats::has_interval(m.paired.status)) return out;
  auto const threshold = to_double(plan.rule.effect);
  bool const harm = m.paired.ci_high < 0;
  bool const below = m.paired.ci_high < threshold;
  out.status = harm || below          ? CheckStatus::fail
               : *p_adjusted <= limit ? CheckStatus::pass
                                      : CheckStatus::unproven;
  out.evidence =
      fmt::format("p {:.2g}{}{}", *p_adjusted,
                  m.sign_flip ? fmt::format(" (exact sign-flip {:.2g}, unadjusted)", *m.sign_flip) : "",
                  harm    ? "; harm is shown: the whole interval lies below zero"
                  : below ? fmt::format("; the whole interval lies below {}", points(plan.rule.effect))
                          : "");
  return out;
}

std::vector<SliceResult> measure_slices(plan::Plan const& plan, Tally const& tally, std::size_t arm,
                                        Measurement const& whole,
                                        std::vector<split::SliceValue> const& values) {
  std::vector<SliceResult> out;
  for (auto const& value : values) {
    auto const column = static_cast<std::size_t>(
        std::find(plan.row.slices.begin(), plan.row.slices.end(), value.column) - plan.row.slices.begin());
    std::vector<std::size_t> rows;
    for (std::size_t row = 0; row < tally.rows; ++row)
      if (tally.slices[column][row] == value.value) rows.push_back(row);
    SliceResult slice;
    slice.column = value.column;
    slice.value = value.value;
    slice.production_share = value.production_share;
    slice.major = value.major;
    slice.measured = measure(plan, tally, arm, rows, whole.paired.c2);
    spec::SliceClause const* clause =
        nullptr;  // a clause that names the value goes before one for every value
    for (auto const& c : plan.rule.slices)
      if (c.slice.value == value.column && (c.value == value.value || (c.value.empty() && !clause)))
        clause = &c;
    out.push_back(judge_slice(std::move(slice), clause));
  }
  return out;
}

std::vector<Check> check_slices(plan::Plan const& plan, std::vector<SliceResult> const& slices) {
  std::vector<Check> out;
  for (auto const& clause : plan.rule.slices) {
    std::size_t judged = 0;
    for (auto const& s : slices) {
      if (s.column != clause.slice.value || (clause.value.empty() ? !s.major : s.value != clause.value) ||
          !s.by_point)
        continue;
      ++judged;
      Check c{"C4",
              fmt::format("{}={} >= {} by {}", s.column, s.value, points(clause.floor),
                          plan::mode_word(clause.mode)),
              s.status, describe(s.measured)};
      if (s.status == CheckStatus::unproven)
        c.evidence += fmt::format("; at least {} are needed", kFewestRows);
      else if (s.status == CheckStatus::pass && s.by_interval == CheckStatus::fail)
        c.evidence +=
            fmt::format("; a loss of up to {:.1f}pp is not excluded", -100 * s.measured.paired.ci_low);
      out.push_back(std::move(c));
    }
    if (judged == 0)
      out.push_back(
          {"C4",
           fmt::format("{}{} >= {}", clause.slice.value, clause.value.empty() ? "" : "=" + clause.value,
                       points(clause.floor)),
           CheckStatus::unproven,
           clause.value.empty() ? "no value of it holds 10% of production" : "no such value in the data"});
  }
  if (plan.rule.slices.empty())
    out.push_back({"C4", "slices", CheckStatus::not_applicable, "the rule sets no floor on a slice"});
  return out;
}

}  // namespace itera::verdict
