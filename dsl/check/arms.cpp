#include "dsl/check/arms.hpp"

#include <algorithm>

#include "dsl/check/cursor.hpp"
#include "dsl/check/settings.hpp"

namespace itera::dsl::meaning {
namespace {

constexpr std::string_view kHeads[] = {"ref", "deterministic", "one"};

void end(Cursor& cursor, Clause const& part) {
  if (cursor.ok() && (!cursor.at_end() || part.body)) cursor.unexpected("a setting or end of line");
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
      not_yet(report, part.head(), "`one mechanism`");
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

ArmDraft read_arm(Report& report, Clause const& clause) {
  ArmDraft out;
  Cursor cursor(report, clause);
  if (auto name = cursor.expect_name("a name for the arm")) out.arm.name = std::move(*name);
  if (cursor.ok() && !cursor.take("from"))
    cursor.unexpected("`from`", "an arm says which arm it changes: `arm NAME from PARENT { ... }`");
  out.arm.parent = cursor.expect_name("the name of the arm that it derives from");
  if (cursor.sees(syntax::TermKind::text)) out.arm.summary = cursor.take()->text;
  finish(report, cursor, clause, out);
  return out;
}

}  // namespace itera::dsl::meaning
