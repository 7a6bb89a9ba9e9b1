// The lines of the self-audit that are read off the verdict.
#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/plan/rule_text.hpp"
#include "core/verdict/self_audit_lines.hpp"

namespace itera::verdict::audit {

using enum Answer;

namespace {

constexpr std::size_t kFewestRows = 5;
constexpr double kFewestFailures = 6;  // below, not even an arm that mends them all could be shown to gain

}  // namespace

AuditLine failure_rows(plan::Ledger const& ledger, Verdict const* verdict) {
  AuditLine out{"test holds the rows that the question is about", cannot_be_shown, "no pass on test"};
  if (!verdict || verdict->arms.empty()) return out;
  auto const& first = verdict->arms.front();
  if (!first.measured.baseline_score) return {out.line, cannot_be_shown, "no test row has a score"};
  auto const rows = first.measured.rows.size();
  auto const failing = (1 - *first.measured.baseline_score) * static_cast<double>(rows);
  std::vector<std::string> small;
  std::size_t major = 0;
  for (auto const& s : first.slices) {
    major += s.major;
    if (s.major && s.measured.rows.size() < kFewestRows)
      small.push_back(fmt::format("{}={} has {}", s.column, s.value, s.measured.rows.size()));
  }
  out.answer = failing >= kFewestFailures && small.empty() ? yes : no;
  out.evidence = fmt::format("the baseline fails about {:.0f} of {} test rows", failing, rows);
  if (!small.empty())
    out.evidence += fmt::format("; of the major slices {}", fmt::join(small, ", "));
  else if (major > 0)
    out.evidence += fmt::format("; each of the {} major slices has {} or more", major, kFewestRows);
  out.evidence += fmt::format(" ({})", at(ledger, "split"));
  return out;
}

AuditLine control_arm(plan::Plan const& plan, Verdict const* verdict) {
  AuditLine out{"control arm", not_applicable, "no arm is registered as a control"};
  if (std::none_of(plan.arms.begin(), plan.arms.end(), [](auto const& a) { return a.control; })) return out;
  if (!verdict) return {out.line, cannot_be_shown, "no pass on test"};
  out.answer = yes;
  std::vector<std::string> parts;
  for (auto const& c : verdict->controls) {
    if (c.reading == Reading::moved) out.answer = no;
    if (c.reading == Reading::not_shown && out.answer == yes) out.answer = cannot_be_shown;
    parts.push_back(fmt::format("`{}` {}: {}", plan.arms[c.arm].name, to_string(c.reading), c.evidence));
  }
  out.evidence = fmt::format("{}", fmt::join(parts, "; "));
  return out;
}

AuditLine effect_over_noise(plan::Plan const& plan, Verdict const* verdict) {
  AuditLine out{std::string(kEffectOverNoise), cannot_be_shown, "no pass on test"};
  if (!verdict || verdict->arms.empty()) return out;
  std::vector<std::string> parts;
  out.answer = yes;
  for (auto const& arm : verdict->arms)
    for (auto const& c : arm.checks)
      if (c.id == "C2") {
        if (c.status == CheckStatus::fail) out.answer = no;
        if (c.status == CheckStatus::unproven && out.answer == yes) out.answer = cannot_be_shown;
        parts.push_back(fmt::format("`{}` {}", plan.arms[arm.arm].name, c.evidence));
      }
  out.evidence = fmt::format("{}", fmt::join(parts, "; "));
  return out;
}

AuditLine per_slice(plan::Plan const& plan, Verdict const* verdict) {
  AuditLine out{"result given per slice", not_applicable, "no slice is declared"};
  if (plan.row.slices.empty()) return out;
  if (!verdict || verdict->arms.empty()) return {out.line, cannot_be_shown, "no pass on test"};
  std::vector<std::string> given, missing;
  for (auto const& column : plan.row.slices) {
    bool const everywhere = std::all_of(verdict->arms.begin(), verdict->arms.end(), [&](auto const& arm) {
      return std::any_of(arm.slices.begin(), arm.slices.end(),
                         [&](auto const& s) { return s.column == column; });
    });
    (everywhere ? given : missing).push_back(column);
  }
  if (!missing.empty()) return {out.line, no, fmt::format("nothing by {}", named(missing))};
  return {out.line, yes, fmt::format("by {}, for every arm", named(given))};
}

AuditLine categories(plan::Plan const& plan, plan::Ledger const& ledger, Verdict const* verdict) {
  AuditLine out{"failure categories registered and their deltas given", no, "none is registered"};
  if (plan.categories.empty()) return out;
  out = {out.line, yes,
         fmt::format("{} categor{}, {}", plan.categories.size(), plan.categories.size() == 1 ? "y" : "ies",
                     at(ledger, "framed"))};
  if (!verdict) return {out.line, cannot_be_shown, out.evidence + "; no pass on test"};
  for (auto const& arm : verdict->arms)
    for (auto const& c : arm.checks)
      if (c.id == "C5" && c.status == CheckStatus::not_applicable)
        return {out.line, cannot_be_shown, out.evidence + "; " + c.evidence};
  return out;
}

AuditLine weighting(plan::Plan const& plan, plan::Ledger const& ledger, Verdict const* verdict) {
  AuditLine out{"weighted and unweighted result both given", not_applicable, std::string(plan::kNoSeverity)};
  if (!plan.row.severity) {
    auto const split = body(ledger, "split");
    if (!split.is_object() || !split.contains("impact")) return out;
    auto const& impact = split.at("impact");
    out.answer = cannot_be_shown;
    out.evidence += fmt::format(
        ", though `{}` varies: on train its 95th percentile is {:.6g}, its median "
        "{:.6g} ({})",
        impact.at("column").get<std::string>(), impact.at("p95").get<double>(),
        impact.at("median").get<double>(), at(ledger, "split"));
    return out;
  }
  if (!verdict || verdict->arms.empty()) return {out.line, cannot_be_shown, "no pass on test"};
  std::vector<std::string> given;
  out.answer = yes;
  for (auto const& arm : verdict->arms) {
    auto const name = plan.arms[arm.arm].name;
    if (!arm.weighted) {
      out.answer = no;
      given.push_back(fmt::format("`{}` has none by weight", name));
    } else {
      given.push_back(fmt::format("`{}` {} by weight, {} without{}", name,
                                  plan::points(arm.weighted->paired.effect),
                                  plan::points(arm.measured.paired.effect), reservation(*arm.weighted)));
    }
  }
  out.evidence = fmt::format("severity is {}: {}", plan.row.severity->text, fmt::join(given, "; "));
  return out;
}

// The method's C5: what dev promised against what test kept.
AuditLine dev_test_gap(plan::Plan const& plan, Verdict const* verdict) {
  AuditLine out{"dev and test agree within chance", cannot_be_shown, "no pass on test"};
  if (!verdict || verdict->arms.empty()) return out;
  std::vector<std::string> parts;
  out.answer = yes;
  for (auto const& arm : verdict->arms) {
    auto const name = plan.arms[arm.arm].name;
    if (!arm.gap) {
      if (out.answer == yes) out.answer = cannot_be_shown;
      parts.push_back(fmt::format("`{}` has no interval to compare", name));
      continue;
    }
    if (arm.gap->alarm) out.answer = no;
    parts.push_back(fmt::format("`{}` {} from test to dev, z {:.2f} where 1.96 alarms", name,
                                plan::points(arm.gap->gap), arm.gap->z));
  }
  out.evidence = fmt::format("{}", fmt::join(parts, "; "));
  return out;
}

}  // namespace itera::verdict::audit
