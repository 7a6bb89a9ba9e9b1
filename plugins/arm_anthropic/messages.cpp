#include "messages.hpp"

namespace itera::anthropic {

using models::Json, models::Said, models::Usage, models::at, models::text_at, models::count_at, models::shown,
    models::dump, models::arm_failure, models::outside_failure, models::server_words;

namespace {

// The API counts input that no cache held; here `in` is all of it.
std::optional<Usage> usage_of(Json const& reply) {
  auto const* in = at(reply, "/usage/input_tokens");
  auto const* out = at(reply, "/usage/output_tokens");
  if (!in || !out || !in->is_number_unsigned() || !out->is_number_unsigned()) return std::nullopt;
  Usage usage;
  usage.out = out->get<std::uint64_t>();
  usage.cached_in = count_at(reply, "/usage/cache_read_input_tokens");
  usage.cache_write = count_at(reply, "/usage/cache_creation_input_tokens");
  usage.in = in->get<std::uint64_t>() + usage.cached_in + usage.cache_write;
  return usage;
}

}  // namespace

Said messages_said(Json const& reply) {
  Said out;
  out.usage = usage_of(reply);
  if (auto const tier = text_at(reply, "/usage/service_tier"); tier != "standard") out.tier = tier;
  auto const* blocks = at(reply, "/content");
  if (blocks && blocks->is_array())
    for (auto const& block : *blocks) {
      auto const type = text_at(block, "/type");
      if (type == "text") out.text += text_at(block, "/text");
      if (type != "tool_use") continue;
      auto const* input = at(block, "/input");
      out.tool_calls.push_back(
          {{"name", text_at(block, "/name")}, {"arguments", input ? *input : Json::object()}});
    }
  auto const reason = text_at(reply, "/stop_reason");
  auto const said = shown(out.text);
  if (reason == "refusal")
    out.failure = arm_failure("the model refused" + (said.empty() ? "" : ": " + said));
  else if (reason == "max_tokens")
    out.failure = arm_failure("the reply was cut off at its length limit; raise `max_tokens`");
  else if (reason == "model_context_window_exceeded")
    out.failure = arm_failure("the reply was cut off where the model's context ends");
  else if (reason == "pause_turn")
    out.failure = arm_failure("the model paused for a tool of the server, which is not waited for");
  else if (!blocks || !blocks->is_array())
    out.failure = outside_failure("the response has no `content`" +
                                  (at(reply, "/error") ? ": " + server_words(dump(reply)) : std::string()));
  return out;
}

std::optional<Json> messages_joined(std::vector<Json> const& events) {
  Json reply = Json::object();
  Json blocks = Json::array();
  std::vector<std::string> inputs;  // of the tool calls, as JSON text in pieces
  bool ended = false;
  for (auto const& event : events) {
    auto const type = text_at(event, "/type");
    if (type == "message_start") {
      if (auto const* usage = at(event, "/message/usage"); usage && usage->is_object())
        reply["usage"] = *usage;
    } else if (type == "content_block_start") {
      auto const* block = at(event, "/content_block");
      blocks.push_back(block ? *block : Json::object());
      inputs.emplace_back();
    } else if (type == "content_block_delta" && !blocks.empty()) {
      // Blocks come one after the other, so that a delta is always the last one's.
      if (auto const text = text_at(event, "/delta/text"); !text.empty())
        blocks.back()["text"] = text_at(blocks.back(), "/text") + text;
      inputs.back() += text_at(event, "/delta/partial_json");
    } else if (type == "message_delta") {
      if (auto const* usage = at(event, "/usage"); usage && usage->is_object()) {
        if (!reply.contains("usage")) reply["usage"] = Json::object();
        reply["usage"].update(*usage);
      }
      reply["stop_reason"] = text_at(event, "/delta/stop_reason");
    } else if (type == "message_stop") {
      ended = true;
    }
  }
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (inputs[i].empty()) continue;
    auto input = Json::parse(inputs[i], nullptr, false);
    blocks[i]["input"] = input.is_discarded() ? Json(inputs[i]) : std::move(input);
  }
  reply["content"] = std::move(blocks);
  return ended ? std::optional(reply) : std::nullopt;
}

}  // namespace itera::anthropic
