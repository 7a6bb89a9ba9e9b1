#pragma once
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "core/verdict/lint.hpp"
#include "core/verdict/reread.hpp"

namespace itera::report {

/// A file that was decided again, with all that is said of it. Borrowed for the call.
struct RereadReport {
  verdict::Imported const& data;
  verdict::RereadRule const& rule;
  verdict::Reread const& reread;
  std::vector<verdict::Finding> const& findings;
  std::vector<std::string> const& notes;  ///< on the rule, one sentence each
};

/// "ship as far as assessed"
std::string outcome_words(verdict::RereadArm const& arm);
/// The outcome and one sentence an arm.
std::string verdict_line(RereadReport const& report);
/// The clause that decided, as it came out.
std::string deciding_clause(RereadReport const& report);
/// What the verdict does not show: the clauses that could not be judged, and what stood in their way.
std::string not_shown(RereadReport const& report);
std::string next_action(RereadReport const& report);
/// "v2 wins, v3 is killed", or that there is no verdict.
std::string stands_in_file(verdict::Imported const& data);
/// The rule as it would be written in a spec.
std::string rule_text(spec::ShipRule const& rule);

/// The document of schema 1 (docs/schemas/verdict-1.json) without `exit_code` and `file`.
nlohmann::json reread_json(RereadReport const& report);

}  // namespace itera::report
