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
    slices.push_back({{"slice", s.slice.value},
                      {"value", s.value},
                      {"floor", to_string(s.floor)},
                      {"relative", s.relative},
                      {"by", mode_word(s.mode)}});
  Json metrics = Json::array();
  for (auto const& m : rule.metrics)
    metrics.push_back({{"metric", m.metric.value},
                       {"floor", to_string(m.floor)},
                       {"relative", m.relative},
                       {"by", mode_word(m.mode)}});
  Json guards = Json::array();
  for (auto const& g : rule.guards)
    guards.push_back({{"of", guard_words(g.of)}, {"most", to_string(g.most)}});
  Json categories = Json::array(), by_harm = Json::array();
  for (auto const& c : rule.categories) {
    categories.push_back(c.category.value);
    if (c.mode == spec::SliceMode::harm) by_harm.push_back(c.category.value);
  }
  Json out = {{"mode", rule.strict ? "strict" : "default"},
              {"effect", to_string(rule.effect)},
              {"relative", rule.relative},
              {"slices", slices},
              {"categories_do_not_rise", categories},
              {"metrics", metrics},
              {"guards", guards}};
  // Only where they are written, so that a rule without them keeps the digest that older ledgers hold.
  if (!by_harm.empty()) out["categories_by_harm"] = by_harm;
  if (rule.over) out["over_traffic_of"] = rule.over->value;
  return out;
}

Json arm_json(PlannedArm const& arm) {
  return {{"name", arm.name},
          {"baseline", arm.baseline},
          {"from", arm.parent},
          {"summary", arm.summary},
          {"ref", arm.ref},
          {"changed", arm.changed},
          {"deterministic", arm.deterministic},
          {"control", arm.control},
          {"mechanism", arm.mechanism},
          {"actor", Json::parse(arm.actor.locked_json)}};
}

Json metric_json(std::string const& name, PinnedActor const& judge) {
  return {{"name", name}, {"judge", Json::parse(judge.locked_json)}};
}

// What enters the ledger for an iteration when it is registered; never part of the plan's digest (F6).
Json sprints_json(Plan const& plan) {
  Json out = Json::array();
  for (auto const& sprint : plan.sprints) {
    Json iterations = Json::array();
    for (auto const& iteration : sprint.iterations) iterations.push_back(arm_json(iteration));
    out.push_back({{"arm", sprint.arm}, {"iterations", iterations}});
  }
  return out;
}

}  // namespace

Json frame_json(Plan const& plan) {
  Json categories = Json::array();
  for (auto const& c : plan.categories)
    categories.push_back({{"name", c.name},
                          {"weight", to_string(c.weight)},
                          {"description", c.description},
                          {"when", c.when}});
  Json also = Json::array();
  for (auto const& metric : plan.secondaries) also.push_back(metric_json(metric.name, metric.judge));
  Json crosscheck;
  if (plan.crosscheck)
    crosscheck = {{"rows", plan.crosscheck->rows},
                  {"judge", Json::parse(plan.crosscheck->judge.locked_json)}};
  return {{"name", plan.name},
          {"question", plan.question},
          {"hypothesis", plan.hypothesis},
          {"origin", plan.origin},
          {"metric", metric_json(plan.metric, plan.judge)},
          {"also", also},
          {"crosscheck", crosscheck},
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
  row["severity"] = plan.row.severity ? Json(plan.row.severity->text) : Json();
  Json traffic = Json::object();
  for (auto const& t : plan.traffic)
    for (auto const& [value, share] : t.shares) traffic[t.column][value] = to_string(share);
  Json accept = Json::object();
  for (auto const& a : plan.accepts) accept[a.what] = a.reason;
  return {{"source", Json::parse(plan.source.locked_json)},
          {"row", row},
          {"sample", plan.sample ? Json(*plan.sample) : Json()},
          {"traffic", traffic},
          {"accept", accept},
          {"budget_usd", plan.budget_usd ? Json(to_string(*plan.budget_usd)) : Json()},
          {"arms", arms}};
}

Json to_json(Plan const& plan) {
  Json reporters = Json::array();
  for (auto const& r : plan.reporters) reporters.push_back(r.info.short_name);
  return {{"schema", 1},
          {"frame", frame_json(plan)},
          {"registration", registration_json(plan)},
          {"sprints", sprints_json(plan)},
          {"report", reporters},
          {"digests", {{"frame", frame_digest(plan)}, {"plan", plan_digest(plan)}}}};
}

std::string frame_digest(Plan const& plan) {
  return sha256(canonical(frame_json(plan)));
}

std::string plan_digest(Plan const& plan) {
  return sha256(canonical({{"frame", frame_json(plan)}, {"registration", registration_json(plan)}}));
}

std::string arm_digest(PlannedArm const& arm) {
  return sha256(arm.actor.locked_json);
}

}  // namespace itera::plan
