#include "core/plan/plan_json.hpp"

#include <nlohmann/json.hpp>

#include "core/base/hash.hpp"
#include "core/base/json.hpp"
#include "core/plan/rule_text.hpp"

namespace itera::plan {
namespace {

using Json = nlohmann::json;

Json rule_json(spec::ShipRule const& rule) {
  Json slices = Json::array();
  for (auto const& s : rule.slices)
    slices.push_back({{"slice", s.slice.value}, {"value", s.value}, {"floor", to_string(s.floor)}, {"by", mode_word(s.mode)}});
  Json categories = Json::array();
  for (auto const& c : rule.categories) categories.push_back(c.category.value);
  return {{"mode", "default"}, {"effect", to_string(rule.effect)}, {"slices", slices}, {"categories_do_not_rise", categories}};
}

Json arm_json(PlannedArm const& arm) {
  return {{"name", arm.name},       {"baseline", arm.baseline}, {"from", arm.parent},
          {"summary", arm.summary}, {"ref", arm.ref},           {"changed", arm.changed},
          {"deterministic", arm.deterministic}, {"actor", Json::parse(arm.actor.locked_json)}};
}

}  // namespace

Json frame_json(Plan const& plan) {
  Json categories = Json::array();
  for (auto const& c : plan.categories)
    categories.push_back({{"name", c.name}, {"weight", to_string(c.weight)}, {"description", c.description}});
  return {{"name", plan.name},
          {"question", plan.question},
          {"hypothesis", plan.hypothesis},
          {"origin", plan.origin},
          {"metric", {{"name", plan.metric}, {"judge", Json::parse(plan.judge.locked_json)}}},
          {"categories", categories},
          {"rule", rule_json(plan.rule)},
          {"trials", plan.trials},
          {"seed", plan.seed},
          {"split",
           {{"train", to_string(plan.split.train)},
            {"dev", to_string(plan.split.dev)},
            {"test", to_string(plan.split.test)},
            {"stratify", plan.split.stratify},
            {"cap_per_entity", plan.split.cap_per_entity},
            {"cap_share", to_string(plan.split.cap_share)}}}};
}

Json registration_json(Plan const& plan) {
  Json arms = Json::array();
  for (auto const& arm : plan.arms) arms.push_back(arm_json(arm));
  Json row = {{"key", plan.row.key}, {"input", plan.row.inputs}, {"slice", plan.row.slices}};
  row["expected"] = plan.row.expected ? Json(*plan.row.expected) : Json();
  row["entity"] = plan.row.entity ? Json(*plan.row.entity) : Json();
  return {{"source", Json::parse(plan.source.locked_json)},
          {"row", row},
          {"sample", plan.sample ? Json(*plan.sample) : Json()},
          {"arms", arms}};
}

Json to_json(Plan const& plan) {
  Json reporters = Json::array();
  for (auto const& r : plan.reporters) reporters.push_back(r.info.short_name);
  return {{"schema", 1},
          {"frame", frame_json(plan)},
          {"registration", registration_json(plan)},
          {"report", reporters},
          {"digests", {{"frame", frame_digest(plan)}, {"plan", plan_digest(plan)}}}};
}

std::string frame_digest(Plan const& plan) { return sha256(canonical(frame_json(plan))); }

std::string plan_digest(Plan const& plan) {
  return sha256(canonical({{"frame", frame_json(plan)}, {"registration", registration_json(plan)}}));
}

std::string arm_digest(PlannedArm const& arm) { return sha256(arm.actor.locked_json); }

}  // namespace itera::plan
