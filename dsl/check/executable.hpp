#pragma once
#include "core/base/diagnostic.hpp"
#include "core/spec/spec.hpp"

namespace itera::dsl {

/// E209 for every clause that this version reads, checks and shows, but does not execute: whoever runs the
/// experiment has to stop here, before anything is locked. Empty for an experiment that can be run.
Diagnostics not_executed(spec::Experiment const& experiment);

}  // namespace itera::dsl
