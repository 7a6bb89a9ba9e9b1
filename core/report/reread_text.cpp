#include "core/report/reread_text.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/base/text.hpp"
#include "core/plan/rule_text.hpp"
#include "core/verdict/reread_clauses.hpp"

namespace itera::report {
namespace {

using verdict::CheckStatus;
using verdict::Outcome;
using verdict::RereadArm;
using verdict::RereadClause;

std::string name_of(RereadReport const& r, RereadArm const& arm) {
  return "`" + r.data.arms[arm.arm].id + "`";
}

std::string said(RereadClause const& c) {
  constexpr std::string_view words[] = {"holds", "fails", "is not shown", "does not apply"};
  return fmt::format("{} {} ({})", c.clause,
                     c.status ? words[static_cast<int>(*c.status)] : std::string_view("is not assessed"),
                     c.evidence);
}

// Of the clauses of a check the one that decides: failed, else open, else the first.
std::string clause(RereadArm const& arm, std::string const& check) {
  RereadClause const* found = nullptr;
  auto const weight = [](RereadClause const& c) {
    return !c.status ? 1 : *c.status == CheckStatus::fail ? 3 : *c.status == CheckStatus::unproven ? 2 : 0;
  };
  for (auto const& c : arm.clauses)
    if (c.check == check && (!found || weight(c) > weight(*found))) found = &c;
  return found ? said(*found) : check;
}

std::string one_arm(RereadReport const& r, RereadArm const& arm) {
  auto const name = name_of(r, arm);
  auto const measured = verdict::describe(verdict::effect_of(r.data, arm.arm));
  switch (arm.decision.outcome) {
    case Outcome::ship:
      return fmt::format("{} ships: {}.", name, measured);
    case Outcome::ship_narrowly:
      return fmt::format("{} ships narrowly, for {} only (not for {}): {} over all rows.", name,
                         fmt::join(arm.ships_for, ", "), fmt::join(arm.not_for, ", "), measured);
    case Outcome::kill:
      return fmt::format("{} is killed{}: {}; {}.", name, arm.unshown ? " (not shown)" : "", measured,
                         clause(arm, arm.decision.decided_by));
    case Outcome::inconclusive:
      return fmt::format("{} is inconclusive: {}; {}.", name, measured, clause(arm, arm.decision.decided_by));
    case Outcome::invalid:
      return fmt::format("{} has no verdict: {}.", name, clause(arm, "C0"));
  }
  return {};
}

RereadArm const& speaker(RereadReport const& r) {
  return r.reread.arms[r.reread.speaker];
}

}  // namespace

std::string outcome_words(RereadArm const& arm) {
  return fmt::format("{}{}{}", to_string(arm.decision.outcome), arm.unshown ? " (not shown)" : "",
                     arm.whole ? "" : " as far as assessed");
}

std::string verdict_line(RereadReport const& r) {
  auto out = outcome_words(speaker(r)) + ".";
  for (auto const& arm : r.reread.arms) out += " " + one_arm(r, arm);
  return out;
}

std::string deciding_clause(RereadReport const& r) {
  auto const& arm = speaker(r);
  if (arm.decision.outcome == Outcome::ship)
    return fmt::format("every clause{}; {}", arm.whole ? "" : " that the file lets be assessed",
                       clause(arm, "C1"));
  return fmt::format("{} {}", arm.decision.decided_by, clause(arm, arm.decision.decided_by));
}

std::string not_shown(RereadReport const& r) {
  std::vector<std::string> out;
  for (auto const& c : speaker(r).clauses)
    if (!c.status) out.push_back(fmt::format("{} {} ({})", c.check, c.clause, c.evidence));
  auto const& id = r.data.arms[speaker(r).arm].id;
  if (std::any_of(r.findings.begin(), r.findings.end(), [&](auto const& f) {
        return f.id == "narrow-interval" &&
               f.sides.front().path.starts_with(verdict::pointer({"effect_sizes", id}));
      }))
    out.emplace_back("what other rows would have given: intervals are narrower than these rows allow (lint)");
  return out.empty() ? "nothing that the rule asks for" : fmt::format("{}", fmt::join(out, "; "));
}

std::string next_action(RereadReport const& r) {
  auto const base = "`" + r.data.arms.front().id + "`";
  auto const name = name_of(r, speaker(r));
  switch (r.reread.outcome) {
    case Outcome::ship:
      return fmt::format("replace {} with {}", base, name);
    case Outcome::ship_narrowly:
      return fmt::format("use {} for {} and keep {} elsewhere", name, fmt::join(speaker(r).ships_for, ", "),
                         base);
    case Outcome::kill:
      return fmt::format("keep {}; a new idea is a new experiment with fresh test rows", base);
    case Outcome::inconclusive:
      return fmt::format("keep {}; to decide, frame a new experiment with rows enough to show the threshold",
                         base);
    case Outcome::invalid:
      return "mend what is named above and start a new experiment with fresh test rows";
  }
  return {};
}

std::string stands_in_file(verdict::Imported const& data) {
  if (!data.has_verdict) return "no verdict";
  std::vector<std::string> killed;
  for (auto const& id : data.killed) killed.push_back("`" + id + "`");
  return fmt::format(
      "{}{}{}", data.outcome ? fmt::format("{}; ", to_string(*data.outcome)) : "",
      data.winner ? fmt::format("`{}` wins", *data.winner) : std::string("no winner"),
      killed.empty() ? ""
                     : fmt::format(", {} {} killed", join_words(killed), killed.size() == 1 ? "is" : "are"));
}

std::string rule_text(spec::ShipRule const& rule) {
  auto const mode = [](spec::SliceMode m) {
    return m == spec::SliceMode::point ? std::string() : fmt::format(" by {}", plan::mode_word(m));
  };
  auto out =
      fmt::format("ship when effect{} >= {}{}", rule.over ? " over traffic of " + rule.over->value : "",
                  plan::threshold(rule.effect, rule.relative), rule.strict ? " by interval" : "");
  for (auto const& c : rule.slices)
    out += fmt::format(" and {} >= {}{}",
                       c.value.empty() ? "every " + c.slice.value : c.slice.value + "=" + c.value,
                       plan::threshold(c.floor, c.relative, true), mode(c.mode));
  for (auto const& c : rule.categories)
    out += fmt::format(" and {} does not rise{}", c.category.value, mode(c.mode));
  for (auto const& c : rule.metrics)
    out += fmt::format(" and {} >= {}{}", c.metric.value, plan::threshold(c.floor, c.relative, true),
                       mode(c.mode));
  for (auto const& c : rule.guards)
    out += fmt::format(" and {} <= {}", plan::guard_words(c.of), plan::threshold(c.most, true, true));
  return out;
}

}  // namespace itera::report
