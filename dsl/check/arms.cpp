#include "dsl/check/arms.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/base/text.hpp"
#include "dsl/check/cursor.hpp"
#include "dsl/check/settings.hpp"
#include "dsl/syntax/words.hpp"

namespace itera::dsl::meaning {
namespace {

constexpr std::span kHeads = syntax::words::arm;

bool is_blank(std::string const& text) {
  return squeeze(text).empty();
}

void end(Cursor& cursor, Clause const& part) {
  if (cursor.ok() && (!cursor.at_end() || part.body)) cursor.unexpected("a setting or end of line");
}

// `one mechanism "why"`
void mechanism(Report& report, Clause const& part, Cursor& cursor, ArmDraft& out) {
  cursor.expect("mechanism");
  auto why = cursor.expect_text("a quoted text that says how the changes are one");
  end(cursor, part);
  if (!why || !cursor.ok()) return;
  if (out.arm.mechanism) {
    twice(report, part.head(), "`one mechanism`", out.arm.mechanism->span);
    return;
  }
  if (is_blank(why->value)) {
    report.error(codes::missing_clause, why->span, "the reason is empty");
    return cursor.fail();
  }
  if (out.arm.role == spec::ArmRole::baseline)
    report.error(codes::unknown_clause, part.head(),
                 "a baseline changes nothing, so nothing needs to be one mechanism",
                 "write it in the arm whose changes it explains");
  out.arm.mechanism = std::move(*why);
}

void read_block(Report& report, Clause const& clause, ArmDraft& out) {
  if (!clause.body) return;
  out.clauses = clauses_of(*clause.body, kHeads, true);
  out.sound = out.sound && !has_broken(*clause.body);
  std::optional<Span> deterministic;
  std::optional<Span> ref;
  for (auto const& part : out.clauses) {
    if (part.terms.front().kind == syntax::TermKind::assignment) continue;
    Cursor cursor(report, part);
    if (part.word() == "ref") {
      if (ref) {
        twice(report, part.head(), "`ref`", *ref);
        continue;
      }
      ref = part.head();
      if (auto text = cursor.expect_text("a quoted text such as `\"src/route.ts:42\"`"))
        out.arm.ref = std::move(*text);
      end(cursor, part);
    } else if (part.word() == "deterministic") {
      if (deterministic) twice(report, part.head(), "`deterministic`", *deterministic);
      deterministic = part.head();
      out.arm.deterministic = true;
      end(cursor, part);
    } else if (part.word() == "one") {
      mechanism(report, part, cursor, out);
    }
    out.sound = out.sound && cursor.ok();
  }
  if (out.arm.role == spec::ArmRole::baseline && !ref && !has_broken(*clause.body))
    report.error(codes::no_reference, out.arm.name.span, "the baseline has no `ref`",
                 "say where the deployed version stands: `ref \"src/route.ts:42\"`");
}

void finish(Report& report, Cursor& cursor, Clause const& clause, ArmDraft& out) {
  if (cursor.take("using")) {
    out.plugin = cursor.expect_name("the name of an arm plugin");
  } else if (out.arm.role == spec::ArmRole::baseline) {
    cursor.unexpected("`using`", "say which plugin runs it: `baseline NAME using PLUGIN { ... }`");
  }
  cursor.finish(true);
  out.sound = cursor.ok() && !clause.broken;
  out.arm.head = {clause.head().begin, clause.terms.back().span.end};
  out.arm.actor.span = clause.span();
  if (out.arm.role == spec::ArmRole::baseline && cursor.ok() && !clause.body && !clause.broken)
    report.error(codes::no_reference, out.arm.name.span, "the baseline has no `ref`",
                 "say where the deployed version stands: `{ ref \"src/route.ts:42\" ... }`");
  read_block(report, clause, out);
}

}  // namespace

ArmDraft read_baseline(Report& report, Clause const& clause) {
  ArmDraft out;
  out.arm.role = spec::ArmRole::baseline;
  Cursor cursor(report, clause);
  if (auto name = cursor.expect_name("a name for the baseline")) out.arm.name = std::move(*name);
  finish(report, cursor, clause, out);
  return out;
}

std::string_view noun(spec::ArmRole role) {
  constexpr std::string_view names[] = {"the baseline", "the arm", "the control", "the iteration"};
  return names[static_cast<int>(role)];
}

namespace {

ArmDraft read_derived(Report& report, Clause const& clause, spec::ArmRole role) {
  ArmDraft out;
  out.arm.role = role;
  Cursor cursor(report, clause);
  if (auto name = cursor.expect_name(fmt::format("a name for {}", noun(role))))
    out.arm.name = std::move(*name);
  if (cursor.ok() && !cursor.take("from"))
    cursor.unexpected("`from`",
                      role == spec::ArmRole::arm
                          ? "an arm says which arm it changes: `arm NAME from PARENT { ... }`"
                          : "a control says which arm it changes: `control NAME from PARENT { ... }`");
  out.arm.parent = cursor.expect_name("the name of the arm that it derives from");
  if (cursor.sees(syntax::TermKind::text)) out.arm.summary = cursor.take()->text;
  finish(report, cursor, clause, out);
  return out;
}

// `iteration NAME "hypothesis" [using PLUGIN] { one change }`
ArmDraft read_iteration(Report& report, Clause const& clause) {
  ArmDraft out;
  out.arm.role = spec::ArmRole::iteration;
  Cursor cursor(report, clause);
  if (auto name = cursor.expect_name("a name for the iteration")) out.arm.name = std::move(*name);
  auto const why = cursor.expect_text("its hypothesis, as a quoted text");
  if (why) out.arm.summary = why->value;
  if (why && is_blank(why->value)) {
    report.error(codes::missing_clause, why->span, "the hypothesis is empty",
                 "say before its run what the iteration is expected to show");
    cursor.fail();
  }
  finish(report, cursor, clause, out);
  return out;
}

}  // namespace

ArmDraft read_arm(Report& report, Clause const& clause) {
  return read_derived(report, clause, spec::ArmRole::arm);
}

ArmDraft read_control(Report& report, Clause const& clause) {
  return read_derived(report, clause, spec::ArmRole::control);
}

SprintDraft read_sprint(Report& report, Clause const& clause) {
  constexpr std::span heads = syntax::words::sprint;
  SprintDraft out;
  out.span = clause.head();
  Cursor cursor(report, clause);
  out.arm = cursor.expect_name("the name of the arm that it refines");
  if (cursor.ok() && (!cursor.at_end() || !clause.body)) cursor.unexpected("`{`");
  if (!cursor.ok() || !clause.body) return out;
  bool lost = has_broken(*clause.body);
  for (auto const& part : clauses_of(*clause.body, heads, true)) {
    if (is_word(part.terms.front(), "iteration")) {
      out.iterations.push_back(read_iteration(report, part));
    } else {
      if (!part.broken) unknown_clause(report, part, heads, "a sprint");
      lost = true;
    }
  }
  if (out.iterations.empty() && !lost)
    report.error(codes::missing_clause, clause.head(),
                 fmt::format("the sprint on `{}` has no iteration", out.arm->value),
                 "write `iteration NAME \"hypothesis\" { one change }`");
  if (out.iterations.size() > 3)
    report.error(codes::too_many_iterations, out.iterations[3].arm.name.span,
                 "a sprint has at most three iterations",
                 "finish the sprint, pass the gate, and come back with a fresh hypothesis");
  return out;
}

}  // namespace itera::dsl::meaning
