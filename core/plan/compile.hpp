#pragma once
#include "core/base/result.hpp"
#include "core/plan/plan.hpp"

namespace itera::plan {

/// The plan without pins: what can be said without looking at a plugin or a file beside the spec.
Plan outline(spec::Experiment const& experiment, std::filesystem::path const& folder);

/// Resolves defaults, reads the files that settings name, and pins plugins and programs by digest. `folder`
/// is the spec's folder: relative paths start there. Reads no row of the source. Errors name the setting and
/// the file. With `resolve_secrets` false (a look at the plan) environment variables need not be set.
Result<Plan> compile(spec::Experiment const& experiment, ports::Catalog& catalog,
                     std::filesystem::path const& folder, bool resolve_secrets);

/// Every secret that calls of the plan's arms and judges may need.
ports::Secrets secrets_of(Plan const& plan);

}  // namespace itera::plan
