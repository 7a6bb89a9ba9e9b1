#include "core/run/answer.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/json.hpp"
#include "core/base/json_scan.hpp"

namespace itera::run {
namespace {

using Json = nlohmann::json;
using Kind = ports::StepResult::Kind;

tl::unexpected<Error> broken(std::string_view who, std::string_view what) {
  return fail(ErrorClass::plugin, fmt::format("{}: {}", who, what));
}

bool is_amount(double usd) {
  return std::isfinite(usd) && usd >= 0;
}

// What the calls of one answer, score or error cost together.
struct Spent {
  std::optional<double> usd, steady_usd;
  std::optional<Tokens> tokens;

  void to_arm(Cell& cell) const {
    if (usd) cell.cost_usd = *usd;
    if (tokens) cell.rest.edit().tokens = tokens;
    if (steady_usd && steady_usd != usd) cell.rest.edit().steady_usd = steady_usd;
  }
  void to_judge(Cell& cell) const {
    if (usd) cell.rest.edit().judge_usd = usd;
    if (tokens) cell.rest.edit().judge_tokens = tokens;
  }
};

// Throws nlohmann's exceptions.
Result<Spent> spent_from(Json const& json, std::string_view who) {
  Spent out;
  for (auto const& [name, to] : {std::pair{"cost_usd", &out.usd}, {"steady_usd", &out.steady_usd}})
    if (json.contains(name) && !json.at(name).is_null()) {
      *to = json.at(name).get<double>();
      if (!is_amount(**to)) return broken(who, "its cost is not a number >= 0");
    }
  if (json.contains("tokens") && json.at("tokens").is_object()) {
    auto const& tokens = json.at("tokens");
    out.tokens =
        Tokens{tokens.at("in").get<std::uint64_t>(), tokens.at("out").get<std::uint64_t>(),
               tokens.value("cached_in", std::uint64_t{0}), tokens.value("cache_write", std::uint64_t{0})};
  }
  return out;
}

// One member of the plain form; nothing if it is of something else, false if it is not plain.
std::optional<bool> plain_spent(std::string_view name, simdjson::dom::element value, Spent& out) {
  if (name == "cost_usd" || name == "steady_usd") {
    double usd = 0;
    if (value.get(usd) != simdjson::SUCCESS || !is_amount(usd)) return false;
    (name == "cost_usd" ? out.usd : out.steady_usd) = usd;
    return true;
  }
  if (name != "tokens") return std::nullopt;
  Tokens tokens;
  if (value["in"].get(tokens.in) != simdjson::SUCCESS || value["out"].get(tokens.out) != simdjson::SUCCESS)
    return false;
  for (auto const& [key, to] :
       {std::pair{"cached_in", &tokens.cached_in}, {"cache_write", &tokens.cache_write}})
    if (auto const found = value[key];
        found.error() == simdjson::SUCCESS && found.get(*to) != simdjson::SUCCESS)
      return false;
  out.tokens = tokens;
  return true;
}

// What a plugin gives for nearly every cell is read without a document in between. False: not of the plain
// form, so that the careful reader below says what it is.

bool plain_answer(std::string_view json, Cell& cell) {
  auto const object = scan_object(json);
  if (!object) return false;
  std::string_view output;
  bool has_output = false;
  double latency_ms = 0;
  Spent spent;
  for (auto const [name, value] : *object) {
    if (name == "output") {
      if (value.get(output) != simdjson::SUCCESS) return false;
      has_output = true;
    } else if (name == "latency_ms") {
      if (value.get(latency_ms) != simdjson::SUCCESS) return false;
    } else if (!plain_spent(name, value, spent).value_or(true)) {
      return false;
    }
  }
  if (!has_output) return false;
  cell.ending = Ending::scored;
  cell.rest.edit().output = output;
  spent.to_arm(cell);
  if (latency_ms != 0) cell.latency_ms = latency_ms;
  return true;
}

bool plain_score(std::string_view json, Cell& cell) {
  auto const object = scan_object(json);
  if (!object) return false;
  double score = -1;
  std::optional<bool> passed;
  Spent spent;
  for (auto const [name, value] : *object) {
    if (name == "value") {
      if (value.get(score) != simdjson::SUCCESS) return false;
    } else if (name == "passed") {
      bool said = false;
      if (value.get(said) != simdjson::SUCCESS) return false;
      passed = said;
    } else if (name == "failures" || !plain_spent(name, value, spent).value_or(true)) {
      return false;
    }
  }
  if (!(score >= 0 && score <= 1)) return false;
  cell.score = millionths(score);
  cell.passed = passed.value_or(cell.score == kScoreUnit);
  spent.to_judge(cell);
  return true;
}

}  // namespace

Status read_answer(ports::StepResult const& result, Cell& cell, std::string_view who) {
  if (result.kind == Kind::answer && plain_answer(result.json, cell)) return {};
  auto const json = parse_json(result.json, who);
  if (!json || !json->is_object()) return broken(who, "its answer is not a JSON object");
  try {
    auto const spent = spent_from(*json, who);
    if (!spent) return fail(spent.error());
    if (result.kind == Kind::error) {
      spent->to_arm(cell);
      cell.ending = json->at("kind") == "infrastructure" ? Ending::missing : Ending::arm_error;
      cell.rest.edit().error = json->at("message").get<std::string>();
      return {};
    }
    if (result.kind != Kind::answer) return broken(who, "an arm gives calls, answers and errors only");
    cell.ending = Ending::scored;
    cell.rest.edit().output = json->at("output").get<std::string>();
    spent->to_arm(cell);
    if (json->contains("latency_ms") && json->at("latency_ms").is_number())
      cell.latency_ms = json->at("latency_ms").get<double>();
  } catch (Json::exception const&) {
    return broken(who, "its answer has a missing or mistyped field");
  }
  return {};
}

Status read_score(ports::StepResult const& result, plan::Plan const& plan, Cell& cell, std::string_view who) {
  if (result.kind == Kind::score && plain_score(result.json, cell)) return {};
  auto const json = parse_json(result.json, who);
  if (!json || !json->is_object()) return broken(who, "its score is not a JSON object");
  try {
    auto const spent = spent_from(*json, who);
    if (!spent) return fail(spent.error());
    spent->to_judge(cell);
    if (result.kind == Kind::error) {
      cell.ending = json->at("kind") == "infrastructure" ? Ending::missing : Ending::judge_error;
      cell.rest.edit().error = json->at("message").get<std::string>();
      return {};
    }
    if (result.kind != Kind::score) return broken(who, "a judge gives calls, scores and errors only");
    auto const value = json->at("value").get<double>();
    if (!(value >= 0 && value <= 1))
      return broken(who, fmt::format("gave the score {}, which is not in 0..1", value));
    cell.score = millionths(value);
    cell.passed = json->value("passed", cell.score == kScoreUnit);
    if (json->contains("failures") && !json->at("failures").empty()) {
      auto& failures = cell.rest.edit().failures;
      for (auto const& name : json->at("failures")) {
        auto const text = name.get<std::string>();
        // A category that nobody registered is what to test next, not evidence of this experiment.
        if (std::any_of(plan.categories.begin(), plan.categories.end(),
                        [&](auto const& c) { return c.name == text; }) &&
            std::find(failures.begin(), failures.end(), text) == failures.end())
          failures.push_back(text);
      }
      std::sort(failures.begin(), failures.end());
    }
  } catch (Json::exception const&) {
    return broken(who, "its score has a missing or mistyped field");
  }
  return {};
}

}  // namespace itera::run
