#pragma once
#include <memory>
#include <string>
#include <vector>

#include "core/run/pass.hpp"

namespace itera::run {

/// An output that is there already, as if the task's arm had answered it.
struct Given {
  Task task;
  std::string output;
};

/// Judges outputs without running an arm: one cell for each, in their order, with the labels, retries and
/// journal of run_pass(). `who` is a digest of all that the verdicts depend on beside row, trial and arm; two
/// outputs of one (row, arm, trial) need two. Programs of another judge that stay up are ended before and
/// after.
Result<std::vector<Cell>> judge_given(plan::Plan const& plan, std::vector<split::Row> const& rows,
                                      std::vector<Given> const& given, std::unique_ptr<ports::Judge> judge,
                                      Cast& cast, std::string const& who, std::string const& name);

}  // namespace itera::run
