#pragma once
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/plan/plan.hpp"

namespace itera::plan {

/// What moved between a locked plan.json and the plan of today, one human line each.
struct Moved {
  std::vector<std::string> frame;         ///< refused once framed
  std::vector<std::string> registration;  ///< an amendment until registered, refused after
};

/// `locked` is the text of plan.json. An unreadable one is an Error.
Result<Moved> moved_since(std::string const& locked, Plan const& today);

/// The refusal for a frame or plan that moved: what, why, and the honest way on.
Error refusal(std::string const& experiment, std::vector<std::string> const& changes, bool registered);

}  // namespace itera::plan
