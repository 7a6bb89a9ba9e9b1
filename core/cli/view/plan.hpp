#pragma once
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "core/base/diagnostic.hpp"
#include "core/base/source_map.hpp"
#include "core/engine/preview.hpp"
#include "core/engine/standing.hpp"
#include "core/plan/plan.hpp"

namespace itera::cli::view {

/// What `plan` has to say: the compiled plan, what would run, and where the experiment stands.
struct PlanView {
  plan::Plan const& plan;
  engine::Preview const& preview;
  std::optional<engine::Standing> const& standing;
  std::string unforeseen;  ///< why the rule is not simulated; empty if it is
  std::string
      uncounted;  ///< why the rows of the source could not be counted; empty if nobody tried or it worked
};

/// A protocol: where it stands, rows by split and slice, arms, calls, the rule, power, locks.
void human_plan(std::ostream& out, PlanView const& view);
/// The same facts; the keys stand in docs/internals/formats.md.
void json_plan(std::ostream& out, PlanView const& view, SourceMap const& source,
               std::vector<Diagnostic> const& not_executed);

}  // namespace itera::cli::view
