#include "verdict.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include <nlohmann/json.hpp>

namespace judge_llm {
namespace {

using Json = nlohmann::json;

std::string_view trimmed(std::string_view text) {
  auto const begin = text.find_first_not_of(" \t\r\n");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

std::string_view without_markdown(std::string_view text) {
  text = trimmed(text);
  if (!text.starts_with("```") || !text.ends_with("```") || text.size() < 6) return text;
  auto const first = text.find('\n');
  return first == text.npos ? text : trimmed(text.substr(first + 1, text.size() - first - 4));
}

// In the scale's own unit.
std::optional<double> told(Json const& json, Scale const& scale) {
  if (scale.choices.empty()) {
    if (!json.is_number()) return std::nullopt;
    auto const number = json.get<double>();
    if (number != std::floor(number) || number < static_cast<double>(scale.lowest) ||
        number > static_cast<double>(scale.highest))
      return std::nullopt;
    return number;
  }
  if (!json.is_string()) return std::nullopt;
  auto const found = std::find_if(scale.choices.begin(), scale.choices.end(),
                                  [&](auto const& choice) { return choice.first == json; });
  return found == scale.choices.end() ? std::nullopt : std::optional(found->second);
}

// A key that stands there twice is two verdicts.
bool has_twice(std::string_view text) {
  std::vector<std::vector<std::string>> open;
  bool twice = false;
  auto const watch = [&](int, Json::parse_event_t event, Json& parsed) {
    if (event == Json::parse_event_t::object_start) open.emplace_back();
    if (event == Json::parse_event_t::object_end) open.pop_back();
    if (event == Json::parse_event_t::key) {
      auto& keys = open.back();
      twice = twice || std::find(keys.begin(), keys.end(), parsed) != keys.end();
      keys.push_back(parsed);
    }
    return true;
  };
  auto const read = Json::parse(text, watch, false);
  return twice || read.is_discarded();
}

}  // namespace

std::variant<Verdict, std::string> read_verdict(std::string_view reply, Task const& task) {
  auto const text = without_markdown(reply);
  auto const json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return "it is not one JSON object";
  if (has_twice(text)) return "a member stands in it twice";
  auto const& scale = task.scale;
  auto const key =
      std::string(scale.choices.empty() ? "score" : "choice") + (task.criteria.empty() ? "" : "s");
  for (auto const& [name, value] : json.items())
    if (name != key && name != "failures" && name != "reason") return "`" + name + "` was not asked for";
  if (!json.contains(key)) return "`" + key + "` is missing";
  auto const& said = json.at(key);

  Verdict out;
  auto const take = [&](Json const& one) {
    auto const number = told(one, scale);
    if (!number) return false;
    out.value += scale.value(*number);
    out.passed = out.passed && *number >= scale.pass_at;
    return true;
  };
  out.passed = true;
  auto const off = "`" + key + "` is not of the scale";
  if (task.criteria.empty()) {
    if (!take(said)) return off;
  } else {
    if (!said.is_object() || said.size() != task.criteria.size())
      return "`" + key + "` has not one for each criterion";
    for (auto const& [name, description] : task.criteria) {
      if (!said.contains(name)) return "`" + key + "` has none for `" + name + "`";
      if (!take(said.at(name))) return off;
    }
    out.value /= static_cast<double>(task.criteria.size());
  }

  if (!json.contains("failures") || !json.at("failures").is_array()) return "`failures` is not a list";
  for (auto const& name : json.at("failures")) {
    auto const known = name.is_string() && std::any_of(task.failures.begin(), task.failures.end(),
                                                       [&](auto const& f) { return f.name == name; });
    if (!known)
      return "`failures` names " + name.dump(-1, ' ', false, Json::error_handler_t::replace) +
             ", which is not in the list";
    if (!out.passed) out.failures.push_back(name);
  }
  if (!json.contains("reason") || !json.at("reason").is_string()) return "`reason` is not a text";
  out.reason = json.at("reason");
  return out;
}

}  // namespace judge_llm
