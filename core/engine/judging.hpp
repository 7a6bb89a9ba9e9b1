#pragma once
#include <memory>
#include <vector>

#include "core/engine/lab.hpp"

/// What keeps a judge honest that is a model.
namespace itera::engine {

/// A judge that knows the categories that it may give: those without a condition of their own.
Result<std::unique_ptr<ports::Judge>> make_judge(Lab& lab, plan::PinnedActor const& judge);

/// Whether a verdict of this judge is what a model says.
bool is_model(plan::PinnedActor const& judge);

/// Before the first real output is judged by a model: made-up outputs on a train row whose verdicts are
/// known. Three that speak to the judge and an empty one have to fail, two identical ones have to score the
/// same. Writes `canaries`, once; refuses where the judge missed one, then and ever after.
Status canary_phase(Lab& lab, run::Cast& cast, std::vector<split::Row> const& train);

/// After dev: the second judge on `crosscheck N rows`, for each arm N of those that the first judge did not
/// score like the baseline. Writes `crosscheck`, once; refuses where the judges disagree.
Status crosscheck_phase(Lab& lab, run::Cast& cast, std::vector<split::Row> const& dev);

}  // namespace itera::engine
