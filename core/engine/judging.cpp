#include "core/engine/judging.hpp"

namespace itera::engine {

Result<std::unique_ptr<ports::Judge>> make_judge(Lab& lab, plan::PinnedActor const& judge) {
  std::vector<ports::FailureCategory> failures;
  for (auto const& category : lab.plan.categories)
    if (category.when.empty()) failures.push_back({category.name, category.description});
  return lab.with.actors.judge(judge.info, judge.settings_json, failures);
}

bool is_model(plan::PinnedActor const& judge) {
  return ports::has_trait(judge.info, "model-judge");
}

}  // namespace itera::engine
