#pragma once
#include <string>
#include <vector>

namespace itera::cli::view {

/// The audit of a split against production as lines of a table, by dimension, from the JSON of
/// engine::LockedSplit. A dimension has at most 20 values here.
std::vector<std::vector<std::string>> split_audit(std::string const& distribution_json);

}  // namespace itera::cli::view
