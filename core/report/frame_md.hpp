#pragma once
#include <string>
#include <vector>

#include "core/plan/plan.hpp"

namespace itera::report {

/// What stands of the experiment so far; sections not reached yet say so.
struct FrameState {
  std::string source;  ///< what was sampled and split
  std::string pilot;
  std::string registered;
  std::vector<std::string> amended;  ///< one change a line
};

/// frame.md: the protocol, written before any row is read and filled as data comes in. Holds no result.
std::string frame_md(plan::Plan const& plan, FrameState const& state);

/// Text that a Markdown table cell or paragraph takes as it is.
std::string markdown_escape(std::string_view text);

}  // namespace itera::report
