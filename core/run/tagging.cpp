#include "core/run/tagging.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace itera::run {
namespace {

plan::Value value_of(nlohmann::json const& facts, std::string const& column) {
  auto const it = facts.find(column);
  plan::Value out;
  if (it == facts.end()) return out;
  if (it->is_boolean())
    out = it->get<bool>();
  else if (it->is_number())
    out = it->get<double>();
  else if (it->is_string())
    out = it->get<std::string>();
  return out;
}

}  // namespace

Result<Tagger> Tagger::of(plan::Plan const& plan) {
  Tagger out(plan);
  for (std::size_t c = 0; c < plan.categories.size(); ++c) {
    if (!plan.categories[c].condition) continue;
    auto condition = plan::Condition::of(*plan.categories[c].condition);
    if (!condition) return fail(condition.error());
    out.conditions_.emplace_back(c, std::move(*condition));
  }
  return out;
}

void Tagger::tag(split::Row const& row, Cell& cell) const {
  if (conditions_.empty() || !has_score(cell) || cell.passed) return;
  auto const facts = row.facts->empty() ? nlohmann::json::object() : nlohmann::json::parse(*row.facts);
  plan::Answered answered;
  answered.column = [&](std::string const& name) { return value_of(facts, name); };
  if (cell.ending == Ending::scored) answered.output = cell.rest->output;
  if (row.expected) answered.expected = *row.expected;
  for (auto const& [category, condition] : conditions_) {
    auto const& name = plan_->categories[category].name;
    auto& rest = cell.rest.edit();
    std::erase(rest.failures, name);
    auto const holds = condition.holds(answered);
    if (!holds) rest.undecided.push_back(name);
    if (holds.value_or(false)) rest.failures.push_back(name);
  }
  std::sort(cell.rest.edit().failures.begin(), cell.rest.edit().failures.end());
}

}  // namespace itera::run
