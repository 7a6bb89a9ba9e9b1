#include "core/verdict/self_audit.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/plan/plan_json.hpp"
#include "core/plan/rule_text.hpp"

namespace itera::verdict {
namespace {

using Json = nlohmann::json;
using enum Answer;

Json body(plan::Ledger const& ledger, std::string_view kind) {
  auto const* entry = ledger.last(kind);
  return entry ? Json::parse(entry->body_json) : Json();
}

std::size_t count(plan::Ledger const& ledger, std::string_view kind) {
  auto const& all = ledger.entries();
  return static_cast<std::size_t>(
      std::count_if(all.begin(), all.end(), [&](auto const& e) { return e.kind == kind; }));
}

std::string at(plan::Ledger const& ledger, std::string_view kind) {
  auto const* entry = ledger.last(kind);
  return entry ? fmt::format("ledger entry {} `{}`", entry->seq, kind)
               : fmt::format("no ledger entry `{}`", kind);
}

// What an arm's own process could have read is not ours to vouch for.
AuditLine sealed(plan::Plan const& plan, plan::Ledger const& ledger) {
  AuditLine out{"test sealed and opened once", yes, {}};
  auto const opened = count(ledger, "unsealed");
  std::string const evidence =
      fmt::format("{}, opened {} time{}", at(ledger, "sealed"), opened, opened == 1 ? "" : "s");
  if (!ledger.has("sealed") || opened != 1) return {out.line, no, evidence};
  std::vector<std::string> open_arms, recorded;
  for (auto const& arm : plan.arms) {
    if (ports::has_trait(arm.actor.info, "recorded"))
      recorded.push_back("`" + arm.name + "`");
    else if (ports::has_trait(arm.actor.info, "runs-programs"))
      open_arms.push_back("`" + arm.name + "`");
  }
  if (!recorded.empty())
    return {out.line, cannot_be_shown,
            fmt::format("{}; but the outputs of {} were made before the lock", evidence,
                        fmt::join(recorded, ", "))};
  if (!open_arms.empty())
    return {out.line, cannot_be_shown,
            fmt::format("{}; but the programs of {} run as you and could read the source", evidence,
                        fmt::join(open_arms, ", "))};
  return {out.line, yes, evidence};
}

AuditLine metric_drift(plan::Plan const& plan, plan::Ledger const& ledger) {
  auto const framed = body(ledger, "framed");
  auto const same = framed.is_object() && framed.value("frame_digest", "") == plan::frame_digest(plan);
  return {"no metric drift: question, metric, categories and rule as framed", same ? yes : no,
          at(ledger, "framed")};
}

std::string production(plan::Plan const& plan) {
  if (plan.traffic.empty()) return "every row of the source";
  std::vector<std::string> columns;
  for (auto const& traffic : plan.traffic) columns.push_back("`" + traffic.column + "`");
  return fmt::format("what the spec declares for {}, and every row of the source for the rest",
                     fmt::join(columns, ", "));
}

AuditLine determinism(plan::Plan const& plan, plan::Ledger const& ledger) {
  std::size_t declared = 0;
  for (auto const& arm : plan.arms) declared += arm.deterministic;
  AuditLine out{"arms declared deterministic were verified", not_applicable,
                "none is declared deterministic"};
  if (declared > 0) {
    auto const all = body(ledger, "determinism");
    out.answer = all.is_object() && all.value("exact", false) ? yes : no;
    out.evidence = at(ledger, "determinism");
  }
  return out;
}

AuditLine failure_rows(plan::Ledger const& ledger, Verdict const* verdict) {
  AuditLine out{"test holds the rows that the question is about", cannot_be_shown, "no pass on test"};
  if (!verdict || verdict->arms.empty()) return out;
  auto const& m = verdict->arms.front().measured;
  if (!m.baseline_score) return out;
  auto const failing = (1 - *m.baseline_score) * static_cast<double>(m.rows.size());
  out.answer = failing >= 6 ? yes : no;
  out.evidence = fmt::format(
      "the baseline fails about {:.0f} of {} test rows; every major slice holds 5 rows or more ({})", failing,
      m.rows.size(), at(ledger, "split"));
  return out;
}

AuditLine categories(plan::Plan const& plan, plan::Ledger const& ledger, Verdict const* verdict) {
  AuditLine out{"failure categories registered and their deltas given", no, "none is registered"};
  if (plan.categories.empty()) return out;
  out = {out.line, yes, fmt::format("{} categories, {}", plan.categories.size(), at(ledger, "framed"))};
  if (!verdict) return {out.line, cannot_be_shown, out.evidence + "; no pass on test"};
  for (auto const& arm : verdict->arms)
    for (auto const& c : arm.checks)
      if (c.id == "C5" && c.status == CheckStatus::not_applicable)
        return {out.line, cannot_be_shown, out.evidence + "; " + c.evidence};
  return out;
}

AuditLine effect_over_noise(Verdict const* verdict) {
  AuditLine out{"effect at least 2 x noise", not_applicable, "no pass on test"};
  if (!verdict) return out;
  std::vector<std::string> parts;
  out.answer = yes;
  for (auto const& arm : verdict->arms)
    for (auto const& c : arm.checks)
      if (c.id == "C2") {
        if (c.status != CheckStatus::pass) out.answer = no;
        parts.push_back(c.evidence);
      }
  out.evidence = fmt::format("{}", fmt::join(parts, "; "));
  return out;
}

}  // namespace

std::string_view to_string(Answer answer) {
  constexpr std::string_view names[] = {"yes", "no", "not applicable", "cannot be shown"};
  return names[static_cast<int>(answer)];
}

std::vector<AuditLine> self_audit(plan::Plan const& plan, plan::Ledger const& ledger,
                                  Verdict const* verdict) {
  std::vector<AuditLine> out;
  out.push_back(sealed(plan, ledger));
  out.push_back(metric_drift(plan, ledger));
  auto const pilot = body(ledger, "pilot");
  out.push_back(
      {"pilot passed", pilot.is_object() && pilot.value("passed", false) ? yes : no, at(ledger, "pilot")});
  auto const audit = body(ledger, "split").value("audit", Json::object());
  out.push_back({"distribution audit against production", audit.value("passed", false) ? yes : no,
                 fmt::format("{}; production is taken to be {}", at(ledger, "split"), production(plan))});
  out.push_back(failure_rows(ledger, verdict));
  bool const generated = plan.origin != "production";
  out.push_back({"label-noise audit of generated rows", generated ? no : not_applicable,
                 generated ? "this version has no label audit" : "rows come from production"});
  out.push_back({"control arm", not_applicable, "no control arm is declared"});
  bool const all_deterministic =
      std::all_of(plan.arms.begin(), plan.arms.end(), [](auto const& a) { return a.deterministic; });
  bool const floor = ledger.has("dev_pass") && (plan.trials >= 3 || all_deterministic);
  out.push_back({"noise floor measured", floor ? yes : no,
                 all_deterministic ? "every arm repeats itself exactly: the floor is zero"
                                   : fmt::format("{} trials, {}", plan.trials, at(ledger, "dev_pass"))});
  out.push_back(determinism(plan, ledger));
  out.push_back(effect_over_noise(verdict));
  bool const exact_judge = ports::has_trait(plan.judge.info, "deterministic");
  out.push_back({"cross-judge", exact_judge ? not_applicable : no,
                 exact_judge ? fmt::format("`{}` is deterministic", plan.judge.info.short_name)
                             : "this version makes no cross-judgement"});
  out.push_back(
      {"judge blind to arms", yes, "the judge is given a label drawn per row and arm, never an arm's name"});
  std::vector<std::string> changes;
  for (auto const& arm : plan.arms)
    if (!arm.baseline)
      changes.push_back(
          fmt::format("`{}` changes {} of `{}`{}", arm.name, fmt::join(arm.changed, " and "), arm.parent,
                      arm.mechanism.empty() ? "" : fmt::format(" (one mechanism: \"{}\")", arm.mechanism)));
  out.push_back({"one change in each arm", yes, fmt::format("{}", fmt::join(changes, "; "))});
  for (auto const* line :
       {"hypotheses written before their iterations", "at most 3 iterations in a sprint",
        "generalization gate between sprints", "at most 3 sprints", "latest gate-passed iteration locked"})
    out.push_back({line, not_applicable, "no iteration was run"});
  out.push_back({"result given per slice", plan.row.slices.empty() ? not_applicable : yes,
                 plan.row.slices.empty() ? "no slice is declared"
                                         : fmt::format("{}", fmt::join(plan.row.slices, ", "))});
  out.push_back(categories(plan, ledger, verdict));
  out.push_back(
      {"weighted and unweighted result both given", not_applicable, std::string(plan::kNoSeverity)});
  auto const amended = count(ledger, "amended");
  out.push_back({"nothing moved after registration", ledger.has("registered") ? yes : no,
                 fmt::format("{}; {} amendment{} before it", at(ledger, "registered"), amended,
                             amended == 1 ? "" : "s")});
  return out;
}

}  // namespace itera::verdict
