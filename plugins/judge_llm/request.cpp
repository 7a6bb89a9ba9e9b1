#include "request.hpp"

#include <nlohmann/json.hpp>

namespace judge_llm {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kShown = 300;  // bytes of what a server says

std::string shown(std::string text) {
  if (text.size() <= kShown) return text;
  auto end = kShown;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80) --end;
  return text.substr(0, end) + "...";
}

// Both kinds of server put it there.
std::string complaint(Json const& body) {
  if (body.is_object() && body.contains("error")) {
    auto const& error = body.at("error");
    if (error.is_object() && error.contains("message") && error.at("message").is_string())
      return ": " + shown(error.at("message"));
    if (error.is_string()) return ": " + shown(error);
  }
  return {};
}

std::string text_or_empty(Json const& json, char const* name) {
  return json.is_object() && json.contains(name) && json.at(name).is_string()
             ? json.at(name).get<std::string>()
             : "";
}

std::optional<Usage> usage_of(Json const& body, bool anthropic) {
  auto const usage = body.value("usage", Json());
  auto const number = [&](char const* name) -> std::uint64_t {
    return usage.is_object() && usage.contains(name) && usage.at(name).is_number_unsigned()
               ? usage.at(name).get<std::uint64_t>()
               : 0;
  };
  if (!usage.is_object()) return std::nullopt;
  if (anthropic)
    return Usage{
        number("input_tokens") + number("cache_read_input_tokens") + number("cache_creation_input_tokens"),
        number("output_tokens")};
  return Usage{number("prompt_tokens"), number("completion_tokens")};
}

std::variant<Said, Nothing> from_anthropic(Json const& body) {
  Said out;
  for (auto const& part : body.value("content", Json::array()))
    if (text_or_empty(part, "type") == "text") out.text += text_or_empty(part, "text");
  auto const stop = text_or_empty(body, "stop_reason");
  if (stop == "max_tokens") return Nothing{"judge", "the verdict is cut off at `max_tokens`"};
  if (stop == "refusal") return Nothing{"judge", "the model refused to judge"};
  out.usage = usage_of(body, true);
  return out;
}

std::variant<Said, Nothing> from_openai(Json const& body) {
  auto const choices = body.value("choices", Json::array());
  if (!choices.is_array() || choices.empty() || !choices.front().is_object() ||
      !choices.front().value("message", Json()).is_object())
    return Nothing{"infrastructure", "the server's reply has no choices/0/message"};
  auto const& message = choices.front().at("message");
  auto const finish = text_or_empty(choices.front(), "finish_reason");
  if (finish == "length") return Nothing{"judge", "the verdict is cut off at `max_tokens`"};
  if (finish == "content_filter") return Nothing{"judge", "the server's filter took the verdict away"};
  if (auto const refusal = text_or_empty(message, "refusal"); !refusal.empty())
    return Nothing{"judge", "the model refused to judge: " + shown(refusal)};
  return Said{text_or_empty(message, "content"), usage_of(body, false)};
}

}  // namespace

std::string request(Endpoint const& endpoint, std::string_view system, Turns const& turns) {
  Json messages = Json::array();
  if (!endpoint.anthropic) messages.push_back({{"role", "system"}, {"content", system}});
  for (auto const& [role, text] : turns) messages.push_back({{"role", role}, {"content", text}});
  Json body = {{"model", endpoint.model}, {"messages", messages}};
  if (endpoint.temperature) body["temperature"] = *endpoint.temperature;
  // OpenAI itself has given the limit another name, which other servers do not all know.
  bool const renamed = !endpoint.anthropic && endpoint.base_url.find("//api.openai.com") != std::string::npos;
  body[renamed ? "max_completion_tokens" : "max_tokens"] = endpoint.max_tokens;
  Json headers = {{"content-type", "application/json"}};
  if (endpoint.anthropic) {
    body["system"] = system;
    headers["anthropic-version"] = "2023-06-01";
    if (!endpoint.api_key.empty()) headers["x-api-key"] = endpoint.api_key;
  } else if (!endpoint.api_key.empty()) {
    headers["authorization"] = "Bearer " + endpoint.api_key;
  }
  auto const text = body.dump(-1, ' ', false, Json::error_handler_t::replace);
  Json http = {{"method", "POST"},
               {"url", endpoint.base_url + (endpoint.anthropic ? "/v1/messages" : "/chat/completions")},
               {"headers", headers},
               {"timeout_ms", endpoint.timeout_ms},
               {"idle_ms", endpoint.timeout_ms}};
  if (endpoint.in_flight > 0) http["limits"] = {{"in_flight", endpoint.in_flight}};
  // A token is a byte or more.
  Usage const most{text.size(), static_cast<std::uint64_t>(endpoint.max_tokens)};
  http["tokens"] = {{"in", most.in}, {"out", most.out}};
  if (auto const usd = cost_usd(endpoint, most)) http["most_usd"] = *usd;
  http["body"] = text;
  return Json{{"http", http}}.dump();
}

std::variant<Said, Nothing> read_reply(Endpoint const& endpoint, std::string_view reply) {
  auto const json = Json::parse(reply, nullptr, false);
  if (!json.is_object() || !json.contains("http") || !json.at("http").is_object())
    return Nothing{"infrastructure", "the host gave no reply to the request"};
  auto const& http = json.at("http");
  if (auto const status = text_or_empty(http, "status"); status != "done") {
    auto const error = text_or_empty(http, "error");
    return Nothing{"infrastructure", "the judge's model was not reached (" + status + ")" +
                                         (error.empty() ? "" : ": " + error)};
  }
  auto const code = http.value("code", 0);
  auto const body = Json::parse(text_or_empty(http, "body"), nullptr, false);
  if (code != 200) {
    // What is wrong with this one request is no fault of the network.
    bool const mine = code == 400 || code == 413 || code == 422;
    return Nothing{mine ? "judge" : "infrastructure",
                   "the judge's model answered with HTTP status " + std::to_string(code) + complaint(body)};
  }
  if (!body.is_object()) return Nothing{"infrastructure", "the server's reply is not a JSON object"};
  try {
    return endpoint.anthropic ? from_anthropic(body) : from_openai(body);
  } catch (Json::exception const&) {
    return Nothing{"infrastructure", "the server's reply does not have the form of its interface"};
  }
}

std::optional<double> cost_usd(Endpoint const& endpoint, Usage const& usage) {
  if (!endpoint.price_in || !endpoint.price_out) return std::nullopt;
  return (static_cast<double>(usage.in) * *endpoint.price_in +
          static_cast<double>(usage.out) * *endpoint.price_out) /
         1e6;
}

}  // namespace judge_llm
