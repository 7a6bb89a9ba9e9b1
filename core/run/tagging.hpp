#pragma once
#include <cstddef>
#include <utility>
#include <vector>

#include "core/base/result.hpp"
#include "core/plan/condition.hpp"
#include "core/plan/plan.hpp"
#include "core/run/cell.hpp"
#include "core/split/rows.hpp"

namespace itera::run {

/// Tags failed answers with the categories whose registered condition holds. Such a category is the
/// condition's alone: what the judge says of it does not count.
class Tagger {
 public:
  /// `plan` must outlive it. An Error of class invalid if a condition cannot be made ready.
  static Result<Tagger> of(plan::Plan const& plan);
  /// Nothing for an answer that passed or has no score. `output` is that of the arm.
  void tag(split::Row const& row, Cell& cell) const;

 private:
  explicit Tagger(plan::Plan const& plan) : plan_(&plan) {}
  plan::Plan const* plan_;
  std::vector<std::pair<std::size_t, plan::Condition>> conditions_;  // by category
};

}  // namespace itera::run
