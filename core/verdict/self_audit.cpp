#include "core/verdict/self_audit.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/plan/plan_json.hpp"
#include "core/verdict/self_audit_lines.hpp"

namespace itera::verdict {
namespace audit {

using Json = nlohmann::json;
using enum Answer;

Json body(plan::Ledger const& ledger, std::string_view kind) {
  auto const* entry = ledger.last(kind);
  return entry ? Json::parse(entry->body_json) : Json();
}

std::string at(plan::Ledger const& ledger, std::string_view kind) {
  auto const* entry = ledger.last(kind);
  return entry ? fmt::format("ledger entry {} ({})", entry->seq, kind)
               : fmt::format("no ledger entry {}", kind);
}

std::string named(std::vector<std::string> const& names) {
  return fmt::format("`{}`", fmt::join(names, "`, `"));
}

namespace {

std::string times(std::size_t n) {
  return n == 1 ? "once" : fmt::format("{} times", n);
}

std::uint64_t place(plan::Ledger const& ledger, std::string_view kind) {
  auto const* entry = ledger.last(kind);
  return entry ? entry->seq : 0;
}

std::size_t count(plan::Ledger const& ledger, std::string_view kind) {
  auto const& all = ledger.entries();
  return static_cast<std::size_t>(
      std::count_if(all.begin(), all.end(), [&](auto const& e) { return e.kind == kind; }));
}

std::string member(Json const& body, char const* key) {
  return body.is_object() ? body.value(key, "") : "";
}

// What an arm's own process could have read is not ours to vouch for.
AuditLine sealed(plan::Plan const& plan, plan::Ledger const& ledger) {
  AuditLine out{"test sealed and opened once", no, {}};
  auto const opened = count(ledger, "unsealed");
  out.evidence = fmt::format("{}; opened {}", at(ledger, "sealed"), times(opened));
  if (opened > 0) out.evidence += fmt::format(", {}", at(ledger, "unsealed"));
  if (!ledger.has("sealed") || opened != 1) return out;
  auto const split = body(ledger, "split");
  auto const digest = member(body(ledger, "sealed"), "digest");
  if (!split.is_object() || split.at("digests").value("test", "") != digest ||
      member(body(ledger, "unsealed"), "digest") != digest) {
    out.evidence += "; the rows that were split, sealed and opened are not the same by their digests";
    return out;
  }
  if (place(ledger, "sealed") > place(ledger, "registered") ||
      place(ledger, "registered") > place(ledger, "unsealed")) {
    out.evidence +=
        fmt::format("; not in the order sealed, registered, opened ({})", at(ledger, "registered"));
    return out;
  }
  out.evidence += ", the same rows by digest";
  std::vector<std::string> open_arms, recorded;
  for (auto const& arm : plan.arms) {
    if (ports::has_trait(arm.actor.info, "recorded"))
      recorded.push_back(arm.name);
    else if (ports::has_trait(arm.actor.info, "runs-programs"))
      open_arms.push_back(arm.name);
  }
  auto const replayed = body(ledger, "replayed");
  out.answer = recorded.empty() && open_arms.empty() && !replayed.is_object() ? yes : cannot_be_shown;
  if (replayed.is_object())
    out.evidence += fmt::format(
        "; but answers come from a recording that was begun at {}: they may be older "
        "than the lock",
        replayed.value("begun", ""));
  else if (!recorded.empty())
    out.evidence += fmt::format("; but the outputs of {} were made before the lock", named(recorded));
  else if (!open_arms.empty())
    out.evidence +=
        fmt::format("; but the programs of {} run as you and could read the source", named(open_arms));
  return out;
}

AuditLine metric_drift(plan::Plan const& plan, plan::Ledger const& ledger) {
  AuditLine out{"no metric drift: question, metric, categories and rule as framed", no, at(ledger, "framed")};
  if (!ledger.has("framed")) return out;
  auto const same = member(body(ledger, "framed"), "frame_digest") == plan::frame_digest(plan);
  out.answer = same ? yes : no;
  out.evidence += same ? " has the digest of the frame that was concluded"
                       : " has another digest than the frame that was concluded";
  return out;
}

bool in_folds(plan::Ledger const& ledger) {
  return body(ledger, "split").contains("folds");
}

AuditLine pilot(plan::Ledger const& ledger) {
  AuditLine out{"pilot passed", no, at(ledger, "pilot")};
  auto const found = body(ledger, "pilot");
  if (!found.is_object()) return out;
  if (!found.value("passed", false)) {
    out.evidence += " failed";
    return out;
  }
  for (auto const* kind : {"amended", "split", "prepared"})
    if (place(ledger, kind) > place(ledger, "pilot")) {
      out.evidence += fmt::format(" passed, but then came {}", at(ledger, kind));
      return out;
    }
  if (place(ledger, "registered") < place(ledger, "pilot")) {
    out.evidence += fmt::format(" does not stand before the registration: {}", at(ledger, "registered"));
    return out;
  }
  out.answer = yes;
  out.evidence +=
      fmt::format(" on {} `{}`, before {}", in_folds(ledger) ? "the reading fold's row" : "train row",
                  found.value("row", ""), at(ledger, "registered"));
  return out;
}

std::string production(plan::Plan const& plan) {
  if (plan.traffic.empty()) return "every row of the source";
  std::vector<std::string> columns;
  for (auto const& traffic : plan.traffic) columns.push_back(traffic.column);
  return fmt::format("what the spec declares for {}, and every row of the source for the rest",
                     named(columns));
}

AuditLine distribution(plan::Plan const& plan, plan::Ledger const& ledger) {
  AuditLine out{"distribution audit against production", no, at(ledger, "split")};
  auto const split = body(ledger, "split");
  if (!split.is_object()) return out;
  auto const audit = split.value("audit", Json::object());
  out.answer = audit.value("passed", false) ? yes : no;
  for (auto const& failure : audit.value("failures", Json::array()))
    out.evidence += "; " + failure.get<std::string>();
  if (in_folds(ledger))
    out.evidence +=
        "; fewer than 50 rows: dev is judged in folds, and the reading fold, which stands in train's place, "
        "is "
        "not audited";
  out.evidence += fmt::format("; production is taken to be {}", production(plan));
  return out;
}

AuditLine determinism(plan::Plan const& plan, plan::Ledger const& ledger) {
  auto const declared =
      std::any_of(plan.arms.begin(), plan.arms.end(), [](auto const& a) { return a.deterministic; });
  AuditLine out{"arms declared deterministic were verified", not_applicable,
                "none is declared deterministic"};
  if (!declared) return out;
  auto const found = body(ledger, "determinism");
  out.answer = found.is_object() && found.value("exact", false) ? yes : no;
  out.evidence = at(ledger, "determinism");
  if (found.is_object())
    out.evidence +=
        fmt::format(": {} dev rows, {} trials, {}", found.value("rows", 0), found.value("trials", 0),
                    out.answer == yes ? "the same outputs" : "outputs that differ");
  return out;
}

// The sizes of the registered test are what a simulation of the whole rule made of them
// (docs/decisions/0022).
AuditLine size(plan::Ledger const& ledger) {
  AuditLine out{"test large enough for twice the threshold", cannot_be_shown, at(ledger, "registered")};
  auto const size = body(ledger, "registered");
  if (!size.is_object() || !size.contains("size")) {
    out.evidence += " does not say";
    return out;
  }
  auto const& best = size.at("size").at("best_case");
  if (best.is_null()) {
    out.answer = not_applicable;
    out.evidence = "the threshold has no twice";
    return out;
  }
  auto const ships = best.at("ships").get<double>();
  auto const of = best.at("replicates").get<double>();
  out.answer = ships * 2 >= of ? yes : no;
  out.evidence += fmt::format(": at best {:.0f} of {:.0f} made-up test sets of {} rows ship", ships, of,
                              size.at("size").at("test_rows").dump());
  if (auto const& reason = size.at("size").at("accepted"); reason.is_string())
    out.evidence +=
        fmt::format("; {}: \"{}\"",
                    out.answer == no ? "accepted as underpowered" : "`accept underpowered` was not needed",
                    reason.get<std::string>());
  return out;
}

AuditLine noise_floor(plan::Plan const& plan, plan::Ledger const& ledger) {
  AuditLine out{"noise floor measured", no, at(ledger, "dev_pass")};
  if (!ledger.has("dev_pass")) return out;
  bool const repeat =
      std::all_of(plan.arms.begin(), plan.arms.end(), [](auto const& a) { return a.deterministic; });
  if (repeat) {
    auto const verified = determinism(plan, ledger);
    out.answer = verified.answer;
    out.evidence = fmt::format("{}: {}",
                               verified.answer == yes ? "every arm repeats itself exactly, the floor is zero"
                                                      : "every arm is declared to repeat itself exactly",
                               verified.evidence);
    return out;
  }
  out.answer = plan.trials >= 3 ? yes : no;
  out.evidence = fmt::format("{} trial{}, {}{}", plan.trials, plan.trials == 1 ? "" : "s",
                             at(ledger, "dev_pass"), out.answer == yes ? "" : "; it takes 3");
  return out;
}

AuditLine blind_judge(plan::Plan const& plan, plan::Ledger const& ledger) {
  AuditLine out{"judge blind to arms", yes,
                "the judge is given a label drawn per row and arm, never an arm's name"};
  if (ports::has_trait(plan.judge.info, "runs-programs")) {
    out.answer = cannot_be_shown;
    out.evidence = fmt::format(
        "`{}` gets a label drawn per row and arm, but its program runs as you and could read "
        "the experiment",
        plan.judge.info.short_name);
  }
  if (!ports::has_trait(plan.judge.info, "model-judge")) return out;
  auto const canaries = body(ledger, "canaries");
  bool const held = canaries.is_object() && canaries.value("held", false) &&
                    place(ledger, "canaries") < place(ledger, "pilot");
  if (!held) out.answer = no;
  out.evidence +=
      fmt::format("; {}: {}", at(ledger, "canaries"),
                  !canaries.is_object()            ? "it was not tried on canaries"
                  : !canaries.value("held", false) ? "it did not hold"
                  : !held                          ? "it was tried only after it had judged"
                          : fmt::format("it held on all {} canaries (orders to the judge, an empty "
                                        "output, two identical ones) before it judged the first real one",
                                        canaries.value("canaries", Json::array()).size()));
  return out;
}

AuditLine cross_judge(plan::Plan const& plan, plan::Ledger const& ledger) {
  AuditLine out{"cross-judge", no, at(ledger, "crosscheck")};
  auto const found = body(ledger, "crosscheck");
  if (!plan.crosscheck) {
    bool const exact = ports::has_trait(plan.judge.info, "deterministic");
    out.answer = exact ? not_applicable : no;
    out.evidence =
        exact ? fmt::format("`{}` is deterministic", plan.judge.info.short_name)
              : fmt::format("only `{}` has judged: the spec has no `crosscheck`", plan.judge.info.short_name);
    return out;
  }
  if (!found.is_object()) return out;
  out.answer = found.value("passed", false) ? yes : no;
  auto const arms = found.value("arms", Json::object());
  for (auto const& [arm, one] : arms.items()) {
    if (!one.value("assessed", false)) {
      if (out.answer == yes) out.answer = cannot_be_shown;
      out.evidence += fmt::format("; `{}`: only {} dev rows have a direction, which is too few", arm,
                                  one.value("preferred", 0));
      continue;
    }
    auto const how = one.value("coefficient", Json::object());
    auto const value = how.value("value", Json());
    out.evidence += fmt::format(
        "; `{}`: `{}` has the direction of `{}` on {} of {} dev rows, {} were asked for{}", arm,
        plan.crosscheck->judge.info.short_name, plan.judge.info.short_name, one.value("agree", 0),
        one.value("compared", 0), one.value("needed", 0),
        value.is_number() ? fmt::format(", {} {:.2f}", how.value("kind", ""), value.get<double>()) : "");
  }
  return out;
}

AuditLine one_change(plan::Plan const& plan) {
  AuditLine out{"one change in each arm", yes, {}};
  std::vector<std::string> changes;
  for (auto const& arm : plan.arms) {
    if (arm.baseline) continue;
    if (arm.changed.size() != 1) out.answer = no;
    changes.push_back(fmt::format(
        "`{}` changes {} of `{}`{}", arm.name,
        arm.changed.empty() ? "nothing" : fmt::format("{}", fmt::join(arm.changed, " and ")), arm.parent,
        arm.mechanism.empty() ? "" : fmt::format(" (one mechanism: \"{}\")", arm.mechanism)));
  }
  out.evidence = fmt::format("{}", fmt::join(changes, "; "));
  return out;
}

AuditLine nothing_moved(plan::Plan const& plan, plan::Ledger const& ledger) {
  AuditLine out{"nothing moved after registration", no, at(ledger, "registered")};
  if (!ledger.has("registered")) return out;
  for (auto const* kind : {"amended", "split", "sealed", "prepared"})
    if (place(ledger, kind) > place(ledger, "registered")) {
      out.evidence += fmt::format("; after it came {}", at(ledger, kind));
      return out;
    }
  if (member(body(ledger, "registered"), "plan_digest") != plan::plan_digest(plan)) {
    out.evidence += " has another digest than the plan that was concluded";
    return out;
  }
  auto const amended = count(ledger, "amended");
  out.answer = yes;
  out.evidence += fmt::format(" has the digest of the plan that was concluded; {} amendment{} before it",
                              amended, amended == 1 ? "" : "s");
  return out;
}

}  // namespace
}  // namespace audit

std::string_view to_string(Answer answer) {
  constexpr std::string_view names[] = {"yes", "no", "not applicable", "cannot be shown"};
  return names[static_cast<int>(answer)];
}

AuditLine label_audit(std::string const& origin, plan::Ledger const& ledger) {
  using enum Answer;
  using audit::at, audit::body;
  AuditLine out{"label-noise audit of generated rows", not_applicable, "rows come from production"};
  if (origin == "production") return out;
  out.answer = no;
  std::uint64_t listed = 0, is_signed = 0, wrong = 0;
  for (auto const* kind : {"dev_pass", "verdict"})
    if (auto const found = body(ledger, kind); found.is_object())
      listed += found.value("baseline_fails", std::uint64_t{0});
  auto const found = body(ledger, "labels_signed");
  if (found.is_object())
    for (auto const* part : {"dev", "test"}) {
      is_signed += found.at(part).at("listed").get<std::uint64_t>();
      wrong += found.at(part).at("wrong").get<std::uint64_t>();
    }
  constexpr auto kWay = "confirm each in label-audit.csv, then `itera labels DIR --sign \"name\"`";
  if (!ledger.has("dev_pass"))
    out.evidence = at(ledger, "dev_pass");
  else if (listed == 0)
    out = {out.line, yes, fmt::format("the baseline fails no row, {}", at(ledger, "dev_pass"))};
  else if (!found.is_object())
    out.evidence =
        fmt::format("none of the {} labels of rows that the baseline fails is signed: {}", listed, kWay);
  else if (wrong > 0)
    out.evidence = fmt::format("{}: {} of {} labels of rows that the baseline fails are wrong, signed by {}",
                               at(ledger, "labels_signed"), wrong, is_signed, found.value("by", ""));
  else if (is_signed < listed)
    out.evidence = fmt::format("{}: {} of {} labels of rows that the baseline fails are signed: {}",
                               at(ledger, "labels_signed"), is_signed, listed, kWay);
  else
    out = {out.line, yes,
           fmt::format("{}: all {} labels of rows that the baseline fails are right, signed by {}",
                       at(ledger, "labels_signed"), listed, found.value("by", ""))};
  return out;
}

std::vector<AuditLine> self_audit(plan::Plan const& plan, plan::Ledger const& ledger,
                                  Verdict const* verdict) {
  using enum Answer;
  std::vector<AuditLine> out;
  out.push_back(audit::sealed(plan, ledger));
  out.push_back(audit::metric_drift(plan, ledger));
  out.push_back(audit::pilot(ledger));
  out.push_back(audit::distribution(plan, ledger));
  out.push_back(audit::failure_rows(ledger, verdict));
  out.push_back(audit::size(ledger));
  out.push_back(label_audit(plan.origin, ledger));
  out.push_back(audit::control_arm(plan, verdict));
  out.push_back(audit::noise_floor(plan, ledger));
  out.push_back(audit::determinism(plan, ledger));
  out.push_back(audit::effect_over_noise(plan, verdict));
  out.push_back(audit::cross_judge(plan, ledger));
  out.push_back(audit::blind_judge(plan, ledger));
  out.push_back(audit::one_change(plan));
  for (auto const* line :
       {"hypotheses written before their iterations", "at most 3 iterations in a sprint",
        "generalization gate between sprints", "at most 3 sprints", "latest gate-passed iteration locked"})
    out.push_back({line, not_applicable, "no iteration was run"});
  out.push_back(audit::per_slice(plan, verdict));
  out.push_back(audit::categories(plan, ledger, verdict));
  out.push_back(audit::weighting(plan, ledger, verdict));
  out.push_back(audit::dev_test_gap(plan, verdict));
  out.push_back(audit::nothing_moved(plan, ledger));
  return out;
}

}  // namespace itera::verdict
