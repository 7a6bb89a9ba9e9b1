#pragma once
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "core/plan/ledger.hpp"
#include "core/plan/plan.hpp"
#include "core/run/pilot.hpp"
#include "core/verdict/conclude.hpp"
#include "core/verdict/self_audit.hpp"

namespace itera::report {

/// Everything that data.json is made of. Borrowed for the call.
struct Evidence {
  plan::Plan const& plan;
  plan::Ledger const& ledger;
  verdict::Tally const& dev;
  verdict::Tally const* test = nullptr;  ///< nothing if the pass was closed as invalid
  verdict::Verdict const* verdict = nullptr;
  std::vector<verdict::AuditLine> audit;
  std::string closed_because;  ///< why there is no test pass
};

/// The evidence document (docs/internals/formats.md): the keys of the field's earlier tool, then our own.
/// Holds no text of a row. Latencies stand under "meta".
nlohmann::json evidence_json(Evidence const& evidence);

/// The sentence that says what to do next; never "run more iterations".
std::string next_action(plan::Plan const& plan, verdict::Verdict const& verdict);
/// What this verdict does not show; empty if nothing stands out.
std::string not_shown(plan::Plan const& plan, verdict::Verdict const& verdict);
/// The clause that decided, as it came out: "C4 every major tier ... fails (...)".
std::string deciding_clause(plan::Plan const& plan, verdict::Verdict const& verdict);
/// "`bigrams` ships: effect +6.1pp [...] ..." in one paragraph.
std::string rationale(plan::Plan const& plan, verdict::Verdict const& verdict);

}  // namespace itera::report
