#pragma once
#include <string>
#include <vector>

#include "core/run/pass.hpp"

namespace itera::run {

/// What one arm did on the pilot row, to be shown whole.
struct PilotLine {
  std::string arm;
  Cell cell;
  std::vector<std::string> problems;  ///< "output: placeholder text `TODO`"; empty: passed
};

struct Pilot {
  std::string row_key;
  std::string row_input;
  std::vector<PilotLine> lines;
  bool passed() const;
};

/// Baseline and every arm on one train row (the one with the lowest key), and the fields that a full run
/// relies on: an output that is not null, empty or placeholder text; a score by the judge; cost and latency;
/// tokens where the plugin says that it reports them.
Result<Pilot> run_pilot(plan::Plan const& plan, std::vector<split::Row> const& train, Cast& cast);

}  // namespace itera::run
