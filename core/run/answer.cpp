#include "core/run/answer.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/json.hpp"

namespace itera::run {
namespace {

using Json = nlohmann::json;
using Kind = ports::StepResult::Kind;

tl::unexpected<Error> broken(std::string_view who, std::string_view what) {
  return fail(ErrorClass::plugin, fmt::format("{}: {}", who, what));
}

}  // namespace

Status read_answer(ports::StepResult const& result, Cell& cell, std::string_view who) {
  auto const json = parse_json(result.json, who);
  if (!json || !json->is_object()) return broken(who, "its answer is not a JSON object");
  try {
    if (result.kind == Kind::error) {
      cell.ending = json->at("kind") == "infrastructure" ? Ending::missing : Ending::arm_error;
      cell.error = json->at("message").get<std::string>();
      return {};
    }
    if (result.kind != Kind::answer) return broken(who, "an arm gives calls, answers and errors only");
    cell.ending = Ending::scored;
    cell.output = json->at("output").get<std::string>();
    if (json->contains("cost_usd") && !json->at("cost_usd").is_null()) {
      auto const cost = json->at("cost_usd").get<double>();
      if (!std::isfinite(cost) || cost < 0) return broken(who, "its cost is not a number >= 0");
      cell.cost_usd = cost;
    }
    if (json->contains("tokens") && json->at("tokens").is_object())
      cell.tokens = Tokens{json->at("tokens").at("in").get<std::uint64_t>(),
                           json->at("tokens").at("out").get<std::uint64_t>()};
    if (json->contains("latency_ms") && json->at("latency_ms").is_number())
      cell.latency_ms = json->at("latency_ms").get<double>();
  } catch (Json::exception const&) {
    return broken(who, "its answer has a missing or mistyped field");
  }
  return {};
}

Status read_score(ports::StepResult const& result, plan::Plan const& plan, Cell& cell, std::string_view who) {
  auto const json = parse_json(result.json, who);
  if (!json || !json->is_object()) return broken(who, "its score is not a JSON object");
  try {
    if (result.kind == Kind::error) {
      cell.ending = Ending::judge_error;
      cell.error = json->at("message").get<std::string>();
      return {};
    }
    if (result.kind != Kind::score) return broken(who, "a judge gives calls, scores and errors only");
    auto const value = json->at("value").get<double>();
    if (!(value >= 0 && value <= 1))
      return broken(who, fmt::format("gave the score {}, which is not in 0..1", value));
    cell.score = std::llround(value * static_cast<double>(kScoreUnit));
    cell.passed = json->value("passed", cell.score == kScoreUnit);
    if (json->contains("failures"))
      for (auto const& name : json->at("failures")) {
        auto const text = name.get<std::string>();
        // A category that nobody registered is what to test next, not evidence of this experiment.
        if (std::any_of(plan.categories.begin(), plan.categories.end(),
                        [&](auto const& c) { return c.name == text; }) &&
            std::find(cell.failures.begin(), cell.failures.end(), text) == cell.failures.end())
          cell.failures.push_back(text);
      }
    std::sort(cell.failures.begin(), cell.failures.end());
  } catch (Json::exception const&) {
    return broken(who, "its score has a missing or mistyped field");
  }
  return {};
}

}  // namespace itera::run
