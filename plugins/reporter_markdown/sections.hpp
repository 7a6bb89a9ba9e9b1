#pragma once
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

/// Sections of the conclusion. Every number comes from the evidence document; nothing is computed here but
/// rounding, and every table says which members it was made of.
std::string question_section(nlohmann::json const& evidence);
std::string arms_section(nlohmann::json const& evidence);
std::string rule_section(nlohmann::json const& evidence);
std::string dev_section(nlohmann::json const& evidence);
std::string iterations_section(nlohmann::json const& evidence);
std::string test_section(nlohmann::json const& evidence);
std::string verdict_section(nlohmann::json const& evidence);
std::string audit_section(nlohmann::json const& evidence);

/// That the rows were divided into folds and what it means; empty for a fixed split.
std::string folds_paragraph(nlohmann::json const& evidence);
/// The audit against production, a table for each dimension; empty if there is none.
std::string distribution_section(nlohmann::json const& evidence);

/// A chart that another reporter of the experiment draws.
struct Chart {
  std::string file;  ///< relative to the experiment's folder
  std::string alt;   ///< what it shows, in words and numbers
};
/// Those that are to be expected: none without the reporter `charts` or without a pass on test.
std::vector<Chart> charts_of(nlohmann::json const& evidence);

/// A list of the errors of each arm that has any: cells that were not simply scored.
std::string endings(nlohmann::json const& by_arm);

/// "_From `data.json`: `arms`, `dev`._" and an empty line.
std::string from(std::vector<std::string> const& members);
