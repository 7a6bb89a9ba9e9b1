#pragma once
#include <string>

#include <nlohmann/json_fwd.hpp>

/// The parts of the page as HTML, from the evidence document (docs/internals/formats.md). Every number comes
/// from the document; nothing is computed here but rounding.
namespace itera::html {

std::string verdict_section(nlohmann::json const& evidence);
std::string arms_section(nlohmann::json const& evidence);
/// Scores by arm, effects with intervals, score over cost, as SVG that takes the page's colours.
std::string charts_section(nlohmann::json const& evidence);
/// The rule as it was registered, then each arm's checks, clause by clause.
std::string rule_section(nlohmann::json const& evidence);
/// Each arm by slice, failures by category, severity-weighted scores.
std::string test_section(nlohmann::json const& evidence);
/// How the rows were divided, and the audit of the parts against production.
std::string split_section(nlohmann::json const& evidence);
std::string dev_section(nlohmann::json const& evidence);
std::string audit_section(nlohmann::json const& evidence);
/// Every entry of the ledger, and the digests.
std::string ledger_section(nlohmann::json const& evidence);

}  // namespace itera::html
