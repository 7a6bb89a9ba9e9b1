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

/// The discipline self-audit, each line from the ledger and the records. `verdict` is nothing when the pass
/// was closed without one.
std::vector<AuditLine> self_audit(plan::Plan const& plan, plan::Ledger const& ledger, Verdict const* verdict);

}  // namespace itera::verdict
