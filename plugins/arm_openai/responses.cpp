#include "shapes.hpp"

namespace itera::openai {

using models::Json, models::Said, models::at, models::text_at, models::shown, models::dump,
    models::arm_failure, models::outside_failure, models::server_words;

Said responses_said(Json const& reply) {
  Said out;
  out.usage = usage_of(reply, "/input_tokens", "/output_tokens", "/input_tokens_details");
  out.tier = tier_of(reply);
  auto const status = text_at(reply, "/status");
  auto const why = text_at(reply, "/incomplete_details/reason");
  std::string refusal;
  auto const* items = at(reply, "/output");
  if (items && items->is_array())
    for (auto const& item : *items) {
      if (text_at(item, "/type") == "function_call")
        out.tool_calls.push_back(tool_call(text_at(item, "/name"), text_at(item, "/arguments")));
      auto const* parts = at(item, "/content");
      if (text_at(item, "/type") != "message" || !parts || !parts->is_array()) continue;
      for (auto const& part : *parts) {
        out.text += text_at(part, "/text");
        refusal += text_at(part, "/refusal");
      }
    }
  if (!refusal.empty())
    out.failure = arm_failure("the model refused: " + shown(refusal));
  else if (why == "content_filter")
    out.failure = arm_failure("the server's content filter stopped the reply");
  else if (why == "max_output_tokens")
    out.failure = arm_failure("the reply was cut off at its length limit; raise `max_tokens`");
  else if (status == "failed" || at(reply, "/error"))
    out.failure = outside_failure("the server failed in the middle of a reply: " + server_words(dump(reply)));
  else if (!why.empty() || (!status.empty() && status != "completed"))
    out.failure =
        outside_failure("the reply is not whole: " + (why.empty() ? "its status is `" + status + "`" : why));
  else if (!items)
    out.failure = outside_failure("the response has no `output`");
  return out;
}

// The last event holds the whole response.
std::optional<Json> responses_joined(std::vector<Json> const& events) {
  for (auto const& event : events) {
    auto const type = text_at(event, "/type");
    if (type != "response.completed" && type != "response.incomplete" && type != "response.failed") continue;
    if (auto const* response = at(event, "/response")) return *response;
  }
  return std::nullopt;
}

}  // namespace itera::openai
