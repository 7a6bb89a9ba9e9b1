#pragma once
#include <string_view>

#include "core/base/result.hpp"
#include "core/plan/plan.hpp"
#include "core/ports/actors.hpp"
#include "core/run/cell.hpp"

namespace itera::run {

/// An arm's answer or error into the cell: `scored` (not judged yet), `arm_error` or `missing`. A malformed
/// answer is an Error of class plugin. What it cost is the arm's.
Status read_answer(ports::StepResult const& result, Cell& cell, std::string_view who);
/// A judge's score or error into the cell; failure categories that were not registered are dropped. A value
/// outside 0..1 is an Error of class plugin. What it cost is kept apart from the arm's.
Status read_score(ports::StepResult const& result, plan::Plan const& plan, Cell& cell, std::string_view who);

}  // namespace itera::run
