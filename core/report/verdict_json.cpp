#include "core/report/verdict_json.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/report/reread_text.hpp"
#include "core/verdict/reread_clauses.hpp"

namespace itera::report {
namespace {

using Json = nlohmann::json;

Json maybe(std::optional<double> value) {
  return value ? Json(*value) : Json();
}

Json one_arm(Json const& evidence, std::string const& id) {
  auto const& v = evidence.at("arm_verdicts").at(id);
  auto const& aggregate = evidence.at("effect_sizes").at(id).at("aggregate");
  Json effect = Json::object();
  for (auto const* key : {"delta", "ci_low", "ci_high", "n"}) effect[key] = aggregate.at(key);
  Json clauses = Json::array();
  for (auto const& c : v.at("checks"))
    clauses.push_back({{"check", c.at("id")},
                       {"clause", c.at("clause")},
                       {"status", c.at("status")},
                       {"evidence", c.at("evidence")}});
  return {{"id", id},          {"outcome", v.at("outcome")},     {"decided_by", v.at("decided_by")},
          {"effect", effect},  {"ships_for", v.at("ships_for")}, {"not_for", v.at("not_for")},
          {"clauses", clauses}};
}

Json one_arm(RereadReport const& r, verdict::RereadArm const& arm) {
  auto const effect = verdict::effect_of(r.data, arm.arm);
  Json clauses = Json::array();
  for (auto const& c : arm.clauses)
    clauses.push_back({{"check", c.check},
                       {"clause", c.clause},
                       {"status", c.status ? Json(to_string(*c.status)) : Json("not assessed")},
                       {"evidence", c.evidence},
                       {"taken_from", c.from}});
  return {{"id", r.data.arms[arm.arm].id},
          {"outcome", to_string(arm.decision.outcome)},
          {"as_far_as_assessed", !arm.whole},
          {"decided_by", arm.decision.decided_by},
          {"effect",
           {{"delta", maybe(effect.delta)},
            {"ci_low", maybe(effect.ci_low)},
            {"ci_high", maybe(effect.ci_high)},
            {"n", effect.rows ? Json(static_cast<std::int64_t>(*effect.rows)) : Json()}}},
          {"ships_for", arm.ships_for},
          {"not_for", arm.not_for},
          {"clauses", clauses}};
}

}  // namespace

Json verdict_json(Json const& evidence) {
  auto const& v = evidence.at("verdict");
  Json arms = Json::array();
  if (evidence.contains("arm_verdicts"))
    for (auto const& arm : evidence.at("arms"))
      if (auto const id = arm.at("id").get<std::string>(); evidence.at("arm_verdicts").contains(id))
        arms.push_back(one_arm(evidence, id));
  return {{"status", "concluded"},
          {"outcome", v.at("outcome")},
          {"experiment", evidence.at("experiment").at("name")},
          {"winner", v.at("winner")},
          {"killed", v.at("killed")},
          {"arms", arms},
          {"rule", {{"from", "the spec"}, {"text", evidence.at("experiment").at("threshold_rule")}}},
          {"verdict",
           fmt::format("{}. {}", v.at("outcome").get<std::string>(), v.at("rationale").get<std::string>())},
          {"decided_by", v.at("decided_by")},
          {"deciding_clause", v.at("deciding_clause")},
          {"not_shown", v.at("not_shown")},
          {"next", v.at("next")}};
}

Json reread_json(RereadReport const& r) {
  auto const& speaker = r.reread.arms[r.reread.speaker];
  Json arms = Json::array(), killed = Json::array(), lint = Json::array();
  for (auto const& arm : r.reread.arms) {
    arms.push_back(one_arm(r, arm));
    if (arm.decision.outcome == verdict::Outcome::kill) killed.push_back(r.data.arms[arm.arm].id);
  }
  for (auto const& finding : r.findings) {
    Json sides = Json::array();
    for (auto const& side : finding.sides)
      sides.push_back({{"path", side.path}, {"value", maybe(side.value)}});
    lint.push_back({{"id", finding.id}, {"message", finding.text}, {"at", sides}});
  }
  auto const winner = r.reread.winner ? Json(r.data.arms[r.reread.arms[*r.reread.winner].arm].id) : Json();
  return {{"status", "concluded"},
          {"outcome", to_string(r.reread.outcome)},
          {"as_far_as_assessed", !speaker.whole},
          {"experiment", r.data.experiment},
          {"winner", winner},
          {"killed", killed},
          {"arms", arms},
          {"rule",
           {{"from", r.rule.from},
            {"text", rule_text(r.rule.rule)},
            {"evidence", r.rule.evidence == verdict::Evidence::literal ? "seed-literal" : "needed"}}},
          {"notes", r.notes},
          {"verdict", verdict_line(r)},
          {"decided_by", speaker.decision.decided_by},
          {"deciding_clause", deciding_clause(r)},
          {"not_shown", not_shown(r)},
          {"next", next_action(r)},
          {"in_file",
           {{"written_by_itera", r.data.own},
            {"outcome", r.data.outcome ? Json(to_string(*r.data.outcome)) : Json()},
            {"winner", r.data.winner ? Json(*r.data.winner) : Json()},
            {"killed", r.data.killed}}},
          {"differences", r.reread.differences},
          {"lint", lint}};
}

}  // namespace itera::report
