#include "core/verdict/checks.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/plan/rule_text.hpp"
#include "core/verdict/contrast.hpp"

namespace itera::verdict {
namespace {

using plan::points;
constexpr std::size_t kFewestRows = 5;

CheckStatus pass_if(bool ok) {
  return ok ? CheckStatus::pass : CheckStatus::fail;
}

SliceResult judge_slice(plan::Plan const& plan, Tally const& tally, std::size_t arm, double c2,
                        SliceResult slice, spec::SliceClause const* clause) {
  if (!clause) return slice;
  auto const& m = slice.measured;
  slice.floor = clause->floor;
  slice.relative = clause->relative;
  auto const named = !clause->value.empty();
  if (!named && !slice.major) return slice;
  if (m.rows.size() < kFewestRows || !stats::has_interval(m.paired.status)) {
    slice.by_point = slice.by_interval = slice.by_harm = slice.status = CheckStatus::unproven;
    return slice;
  }
  if (clause->relative) slice.to_floor = distance_to(plan, tally, arm, m, clause->floor, true, c2);
  slice.by_point = pass_if(at_least(m, clause->floor, clause->relative));
  slice.by_interval = pass_if(slice.to_floor ? slice.to_floor->ci && slice.to_floor->ci->low >= 0
                                             : m.paired.ci_low >= to_double(clause->floor));
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

std::string floor_text(SliceResult const& slice) {
  return plan::threshold(*slice.floor, slice.relative) + (slice.relative ? " of the baseline's score" : "");
}

CheckStatus worst(std::vector<Check> const& checks) {
  auto const any = [&](CheckStatus status) {
    return std::any_of(checks.begin(), checks.end(), [&](Check const& c) { return c.status == status; });
  };
  for (auto const status : {CheckStatus::fail, CheckStatus::unproven, CheckStatus::pass})
    if (any(status)) return status;
  return CheckStatus::not_applicable;
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
    out.push_back(judge_slice(plan, tally, arm, whole.paired.c2, std::move(slice), clause));
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
      Check c{
          "C4",
          fmt::format("{}={} >= {} by {}", s.column, s.value, floor_text(s), plan::mode_word(clause.mode)),
          s.status, describe(s.measured)};
      if (s.to_floor && s.to_floor->ci)
        c.evidence += fmt::format("; {} from the floor [{}, {}]", points(s.to_floor->delta),
                                  points(s.to_floor->ci->low), points(s.to_floor->ci->high));
      if (s.status == CheckStatus::unproven)
        c.evidence += fmt::format("; at least {} are needed", kFewestRows);
      else if (s.status == CheckStatus::fail && clause.mode == spec::SliceMode::harm)
        c.evidence += "; harm is shown: the whole interval lies below zero";
      else if (s.status == CheckStatus::pass && s.by_interval == CheckStatus::fail)
        c.evidence +=
            fmt::format("; a loss of up to {:.1f}pp is not excluded", -100 * s.measured.paired.ci_low);
      out.push_back(std::move(c));
    }
    if (judged == 0)
      out.push_back(
          {"C4",
           fmt::format("{}{} >= {}", clause.slice.value, clause.value.empty() ? "" : "=" + clause.value,
                       plan::threshold(clause.floor, clause.relative)),
           CheckStatus::unproven,
           clause.value.empty() ? "no value of it holds 10% of production" : "no such value in the data"});
  }
  if (plan.rule.slices.empty())
    out.push_back({"C4", "slices", CheckStatus::not_applicable, "the rule sets no floor on a slice"});
  return out;
}

}  // namespace itera::verdict
