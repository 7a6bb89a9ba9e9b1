#include "core/plan/lock.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/json.hpp"
#include "core/plan/plan_json.hpp"

namespace itera::plan {

Result<Moved> moved_since(std::string const& locked, Plan const& today) {
  auto const was = parse_json(locked, "plan.json");
  if (!was) return fail(was.error());
  if (!was->is_object() || !was->contains("frame") || !was->contains("registration"))
    return fail(ErrorClass::invalid, "plan.json is not a plan of itera", "restore it from version control");
  return Moved{describe_changes(was->at("frame"), frame_json(today)),
               describe_changes(was->at("registration"), registration_json(today))};
}

Error refusal(std::string const& experiment, std::vector<std::string> const& changes, bool registered) {
  std::string list;
  for (auto const& change : changes) list += "\n  " + change;
  return {ErrorClass::refused,
          fmt::format(
              "experiment `{}` is {}, and this moved:{}", experiment,
              registered ? "registered (dev scores may exist)" : "framed (its question and rule are locked)",
              list),
          "put it back, or start a new experiment under a new name with fresh test rows: a rule that moves "
          "after the "
          "lock proves nothing"};
}

}  // namespace itera::plan
