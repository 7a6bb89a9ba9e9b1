#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/plan/rule_text.hpp"
#include "core/report/evidence_parts.hpp"

namespace itera::report {
namespace {

using Json = nlohmann::json;

Json number(std::optional<double> value) {
  return value ? Json(*value) : Json();
}

// The clause as it was judged; null where the metric is only described.
Json clause_json(verdict::SecondaryResult const& s) {
  if (!s.clause) return nullptr;
  Json out = {{"text", fmt::format(">= {}{} by {}", plan::threshold(s.clause->floor, s.clause->relative),
                                   s.clause->relative ? " of the baseline's score" : "",
                                   plan::mode_word(s.clause->mode))},
              {"floor", to_string(s.clause->floor)},
              {"relative", s.clause->relative},
              {"mode", plan::mode_word(s.clause->mode)},
              {"status", to_string(s.status)},
              {"against_floor", nullptr}};
  for (auto const& [mode, status] :
       {std::pair{"by_point", s.by_point}, {"by_interval", s.by_interval}, {"by_harm", s.by_harm}})
    out[mode] = status ? Json(to_string(*status)) : Json();
  if (s.to_floor && s.to_floor->ci)
    out["against_floor"] = {
        {"delta", s.to_floor->delta}, {"ci_low", s.to_floor->ci->low}, {"ci_high", s.to_floor->ci->high}};
  return out;
}

}  // namespace

Json secondaries_json(Evidence const& e) {
  Json out = Json::array();
  for (std::size_t metric = 0; metric < e.plan.secondaries.size(); ++metric) {
    auto const& planned = e.plan.secondaries[metric];
    auto const dev = verdict::by_secondary(e.dev, metric);
    std::optional<verdict::Tally> test;
    if (e.test) test = verdict::by_secondary(*e.test, metric);
    Json arms = Json::array();
    for (std::size_t arm = 0; arm < e.plan.arms.size(); ++arm) {
      Json one = {{"id", e.plan.arms[arm].name},
                  {"dev_score", number(verdict::mean_score(dev, arm))},
                  {"score", test ? number(verdict::mean_score(*test, arm)) : Json()},
                  {"judge_errors", test ? Json(test->arms[arm].secondaries[metric].judge_errors) : Json()},
                  {"effect", nullptr},
                  {"clause", nullptr}};
      if (e.verdict)
        for (auto const& v : e.verdict->arms)
          if (v.arm == arm && metric < v.secondaries.size()) {
            one["effect"] = interval_json(v.secondaries[metric].measured);
            one["clause"] = clause_json(v.secondaries[metric]);
          }
      arms.push_back(std::move(one));
    }
    out.push_back({{"name", planned.name},
                   {"judge", planned.judge.info.short_name},
                   {"version", planned.judge.info.version},
                   {"arms", arms}});
  }
  return out;
}

}  // namespace itera::report
