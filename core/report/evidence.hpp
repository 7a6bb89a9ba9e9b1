#pragma once
#include <string>
#include <string_view>
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
  bool blind = false;  ///< there is none because test is blind: inconclusive, where else it is invalid
};

/// The evidence document (docs/internals/formats.md): the keys of the field's earlier tool, then our own.
/// Holds no text of a row. Latencies stand under "meta".
nlohmann::json evidence_json(Evidence const& evidence);
/// Its member `ledger`.
nlohmann::json ledger_json(plan::Ledger const& ledger);

/// What to do after an experiment that could not be concluded.
inline constexpr std::string_view kStartAnew = "start a new experiment with fresh test rows";

/// The first paragraph of a conclusion, at most six sentences for somebody who has not read the spec: what
/// was asked, what was found with its uncertainty, what follows, and what was not shown. Names stand in
/// backquotes.
std::string summary(plan::Plan const& plan, verdict::Verdict const& verdict,
                    std::vector<verdict::AuditLine> const& audit);
/// What to do where test was not opened because it would have shown nothing.
inline constexpr std::string_view kMoreSuchRows =
    "frame a new experiment with more rows of the kind on which the arms differ; this test set was not "
    "opened and may be part of it";
/// The same for an experiment without a whole pass on test. `because` is whole sentences.
std::string summary_of_closed(plan::Plan const& plan, std::string const& because, std::string_view next);
/// The end of a summary: what the verdict does not show, and which lines of the self-audit are not `yes`;
/// empty if there is neither.
std::string reservations(std::vector<std::string> const& open_points,
                         std::vector<verdict::AuditLine> const& audit);
/// The verdict on one arm in one paragraph that cites every clause of the registered rule by its id.
std::string clause_by_clause(plan::Plan const& plan, verdict::ArmVerdict const& arm);

/// The sentence that says what to do next; never "run more iterations".
std::string next_action(plan::Plan const& plan, verdict::Verdict const& verdict);
/// What this verdict does not show, each beginning with "that", "whether" or "anything"; empty if nothing
/// stands out.
std::vector<std::string> open_points(plan::Plan const& plan, verdict::Verdict const& verdict);
/// The same in one line for people: "nothing that the rule asks for" if there is nothing.
std::string not_shown(plan::Plan const& plan, verdict::Verdict const& verdict);
/// The clause that decided, as it came out: "C4 every major tier ... fails (...)".
std::string deciding_clause(plan::Plan const& plan, verdict::Verdict const& verdict);
/// "`bigrams` ships: effect +6.1pp [...] ..." in one paragraph.
std::string rationale(plan::Plan const& plan, verdict::Verdict const& verdict);

}  // namespace itera::report
