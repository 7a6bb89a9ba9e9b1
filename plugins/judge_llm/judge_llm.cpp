// A model as a judge. One call for an answer; a reply that is no verdict gets one more, in which the model is
// told what was wrong; then the answer could not be judged ("judge"), which is neither right nor wrong.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <itera/sdk/plugin.hpp>
#include <nlohmann/json.hpp>

#include "fence.hpp"
#include "prompt.hpp"
#include "request.hpp"
#include "verdict.hpp"

namespace judge_llm {
namespace {

using namespace itera::sdk;
using Json = nlohmann::json;

std::string_view trimmed(std::string_view text) {
  auto const begin = text.find_first_not_of(" \t\r\n");
  return begin == text.npos ? std::string_view()
                            : text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

// "name: what it is"
std::vector<std::pair<std::string, std::string>> criteria_of(std::vector<std::string> const& words) {
  std::vector<std::pair<std::string, std::string>> out;
  for (auto const& word : words) {
    auto const colon = std::min(word.find(':'), word.size());
    std::string const name(trimmed(std::string_view(word).substr(0, colon)));
    if (name.empty())
      throw Invalid("`criteria` has one without a name", "write each as \"name: what it asks for\"");
    if (std::any_of(out.begin(), out.end(), [&](auto const& other) { return other.first == name; }))
      throw Invalid("`criteria` has `" + name + "` twice");
    out.emplace_back(name, trimmed(std::string_view(word).substr(std::min(colon + 1, word.size()))));
  }
  return out;
}

// "good = 1"
std::pair<std::string, double> choice_of(std::string const& word) {
  auto const equals = word.rfind('=');
  auto const help = "write each as \"word = value\", the value from 0 to 1";
  if (equals == word.npos) throw Invalid("`choices` has `" + word + "`, which has no value", help);
  std::string const name(trimmed(std::string_view(word).substr(0, equals)));
  auto const number = trimmed(std::string_view(word).substr(equals + 1));
  double value = -1;
  auto const [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
  if (name.empty() || error != std::errc() || end != number.data() + number.size() ||
      !(value >= 0 && value <= 1))
    throw Invalid("`choices` has `" + word + "`, which is no word with a value from 0 to 1", help);
  return {name, value};
}

Scale scale_of(Settings const& settings) {
  Scale out;
  out.lowest = settings.integer("lowest");
  out.highest = settings.integer("highest");
  if (out.lowest >= out.highest) throw Invalid("`highest` is not above `lowest`");
  if (settings.has("choices"))
    for (auto const& word : settings.words("choices")) {
      auto choice = choice_of(word);
      if (std::any_of(out.choices.begin(), out.choices.end(),
                      [&](auto const& c) { return c.first == choice.first; }))
        throw Invalid("`choices` has `" + choice.first + "` twice");
      out.choices.push_back(std::move(choice));
    }
  if (out.choices.size() == 1)
    throw Invalid("`choices` has one word, which says nothing", "give two or more");
  auto const low = out.choices.empty() ? static_cast<double>(out.lowest) : 0.0;
  auto const high = out.choices.empty() ? static_cast<double>(out.highest) : 1.0;
  // Three quarters up: 4 of 1..5, 8 of 0..10, 1 of 0..1.
  out.pass_at = out.choices.empty() ? std::ceil(low + 0.75 * (high - low)) : 0.75;
  if (settings.has("pass_at")) out.pass_at = settings.number("pass_at");
  if (!(out.pass_at > low && out.pass_at <= high))
    throw Invalid("`pass_at` is not above the lowest and at most the highest of the scale");
  return out;
}

Endpoint endpoint_of(Settings const& settings) {
  Endpoint out;
  out.anthropic = settings.text("provider") == "anthropic";
  out.base_url = settings.has("base_url") ? settings.text("base_url")
                 : out.anthropic          ? "https://api.anthropic.com"
                                          : "https://api.openai.com/v1";
  while (out.base_url.ends_with('/')) out.base_url.pop_back();
  out.model = settings.text("model");
  if (settings.has("api_key")) out.api_key = settings.text("api_key");
  if (settings.flag("no_temperature"))
    out.temperature.reset();
  else
    out.temperature = settings.number("temperature");
  out.max_tokens = settings.integer("max_tokens");
  out.timeout_ms = static_cast<std::uint32_t>(std::lround(settings.number("timeout") * 1000));
  out.in_flight = settings.integer("in_flight");
  if (settings.has("price_in") != settings.has("price_out"))
    throw Invalid("one of `price_in` and `price_out` is missing", "a price needs both");
  if (settings.has("price_in")) out.price_in = settings.number("price_in");
  if (settings.has("price_out")) out.price_out = settings.number("price_out");
  return out;
}

class ModelJudge final : public JudgePlugin {
 public:
  static itera_descriptor descriptor() {
    static constexpr char const* const traits[] = {"model-judge", nullptr};
    return make_descriptor<ModelJudge>({.id = "dev.itera.judge.llm",
                                        .short_name = "llm",
                                        .version = "1.0.0",
                                        .summary = "a model that scores the answer by a rubric",
                                        .settings_schema = R"({"type": "object", "properties": {
           "rubric": {"type": "string", "description": "what makes an answer good; best in a file of its own"},
           "criteria": {"type": "array", "items": {"type": "string"},
             "description": "scored one by one, each \"name: what it asks for\"; the score is their mean"},
           "lowest": {"type": "integer", "default": 1, "minimum": -1000, "maximum": 1000, "description": "the worst score of the scale"},
           "highest": {"type": "integer", "default": 5, "minimum": -1000, "maximum": 1000, "description": "the best score of the scale"},
           "choices": {"type": "array", "items": {"type": "string"},
             "description": "words instead of numbers, each \"word = value\" with a value from 0 to 1"},
           "pass_at": {"type": "number", "description": "the least that passes, in the scale's unit; if it is not said, three quarters of the way up"},
           "provider": {"type": "string", "enum": ["openai", "anthropic"], "default": "openai",
             "description": "the form of the requests: chat completions, or Anthropic's messages"},
           "base_url": {"type": "string", "description": "where the model is, if it is not the provider's own address"},
           "model": {"type": "string", "description": "the model's name"},
           "family": {"type": "string", "description": "who made the model, where its name does not tell"},
           "api_key": {"type": "string", "x-secret": true, "description": "the account's key"},
           "temperature": {"type": "number", "default": 0, "minimum": 0, "maximum": 2, "description": "how much chance there is in a verdict"},
           "no_temperature": {"type": "boolean", "default": false, "description": "send none, for models that take none"},
           "max_tokens": {"type": "integer", "default": 1024, "minimum": 16, "maximum": 1000000, "description": "the longest verdict"},
           "max_bytes": {"type": "integer", "default": 50000, "minimum": 100, "maximum": 10000000,
             "description": "what is shown of a row, of an expected answer and of an answer"},
           "timeout": {"type": "number", "default": 120, "minimum": 0.001, "maximum": 86400, "x-unit": "s", "description": "how long one attempt may take"},
           "in_flight": {"type": "integer", "default": 0, "minimum": 0, "maximum": 100000, "description": "the most calls at once; 0: as many as the host makes"},
           "price_in": {"type": "number", "minimum": 0, "x-unit": "usd", "description": "of a million tokens that the model reads"},
           "price_out": {"type": "number", "minimum": 0, "x-unit": "usd", "description": "of a million tokens that the model writes"}
         }, "required": ["rubric", "model"]})",
                                        .traits = traits});
  }

  ModelJudge(Host host, Settings const& settings)
      : task_{settings.text("rubric"),
              criteria_of(settings.has("criteria") ? settings.words("criteria") : std::vector<std::string>()),
              scale_of(settings), host.failures()},
        endpoint_(endpoint_of(settings)),
        most_(static_cast<std::size_t>(settings.integer("max_bytes"))) {
    if (trimmed(task_.rubric).empty()) throw Invalid("`rubric` is empty", "say what makes an answer good");
    system_ = instructions(task_);
  }

  void step(Step const& item) override {
    if (!item.reply())
      return item.call(request(endpoint_, system_, {{"user", asked(item)}}), R"({"calls": 0})");
    auto const state = Json::parse(*item.state());
    auto const reply = read_reply(endpoint_, *item.reply());
    auto usage = usage_of(state);
    if (auto const* nothing = std::get_if<Nothing>(&reply))
      return emit_error(item, nothing->kind, nothing->message, state.at("calls") == 0 ? std::nullopt : usage);
    auto const& said = std::get<Said>(reply);
    usage = state.at("calls") == 0 ? said.usage : sum(usage, said.usage);
    auto const verdict = read_verdict(said.text, task_);
    if (auto const* good = std::get_if<Verdict>(&verdict)) return emit_score(item, *good, usage);
    auto const& why = std::get<std::string>(verdict);
    if (state.at("calls") > 0)
      return emit_error(item, "judge", "the judge gave no verdict, twice: " + why, usage);
    Json next = {{"calls", 1}};
    if (usage) next["tokens"] = {usage->in, usage->out};
    auto const first = asked(item);
    auto const correction = again(why);
    // An empty turn is refused by some servers.
    auto const* const nothing_said = "(nothing)";
    item.call(request(endpoint_, system_,
                      {{"user", first},
                       {"assistant",
                        said.text.empty() ? std::string_view(nothing_said) : std::string_view(said.text)},
                       {"user", correction}}),
              next.dump());
  }

 private:
  std::string asked(Step const& item) const {
    return material({item.row(), item.expected(), item.output()}, nonce(item.seed(), item.label()), most_);
  }

  static std::optional<Usage> usage_of(Json const& state) {
    if (!state.contains("tokens")) return std::nullopt;
    return Usage{state.at("tokens").at(0), state.at("tokens").at(1)};
  }
  // What one of them does not know, both do not.
  static std::optional<Usage> sum(std::optional<Usage> const& a, std::optional<Usage> const& b) {
    if (!a || !b) return std::nullopt;
    return Usage{a->in + b->in, a->out + b->out};
  }

  void add_cost(Json& to, std::optional<Usage> const& usage) const {
    if (!usage) return;
    to["tokens"] = {{"in", usage->in}, {"out", usage->out}};
    if (auto const usd = cost_usd(endpoint_, *usage)) to["cost_usd"] = *usd;
  }

  void emit_score(Step const& item, Verdict const& verdict, std::optional<Usage> const& usage) const {
    Json score = {{"value", verdict.value}, {"passed", verdict.passed}, {"reason", verdict.reason}};
    if (!verdict.failures.empty()) score["failures"] = verdict.failures;
    add_cost(score, usage);
    item.score(score.dump());
  }
  void emit_error(Step const& item, std::string_view kind, std::string const& message,
                  std::optional<Usage> const& usage) const {
    Json error = {{"kind", kind}, {"message", message}};
    add_cost(error, usage);
    item.error(error.dump(-1, ' ', false, Json::error_handler_t::replace));
  }

  Task task_;
  Endpoint endpoint_;
  std::size_t most_;
  std::string system_;
};

}  // namespace
}  // namespace judge_llm

using judge_llm::ModelJudge;
ITERA_PLUGINS(ModelJudge)
