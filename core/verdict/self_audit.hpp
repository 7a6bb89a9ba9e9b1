#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/plan/ledger.hpp"
#include "core/plan/plan.hpp"
#include "core/verdict/conclude.hpp"

namespace itera::verdict {

enum class Answer { yes, no, not_applicable, cannot_be_shown };
std::string_view to_string(Answer answer);

struct AuditLine {
  std::string line;
  Answer answer = Answer::cannot_be_shown;
  std::string evidence;
};

/// The one line that repeats a clause of the rule rather than auditing the experiment.
inline constexpr std::string_view kEffectOverNoise = "effect at least 2 x noise";

/// The line on the labels of generated rows: `yes` once every label of a row that the baseline fails is
/// signed as right, or if it fails none. `origin` is the plan's. Signatures may come after the verdict.
AuditLine label_audit(std::string const& origin, plan::Ledger const& ledger);

/// The discipline self-audit, line by line in the method's order. An answer is computed from what the ledger
/// holds, from the plan whose digest it holds, and from the verdict's counts; the evidence says which entry.
/// `verdict` is nothing when the pass was closed without one.
std::vector<AuditLine> self_audit(plan::Plan const& plan, plan::Ledger const& ledger, Verdict const* verdict);

}  // namespace itera::verdict
