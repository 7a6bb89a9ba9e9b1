#include "shapes.hpp"

namespace itera::openai {

using models::Json, models::Said, models::Usage, models::at, models::text_at, models::count_at, models::shown,
    models::dump, models::arm_failure, models::outside_failure, models::server_words;

namespace {

// `content` is a text, or a list of parts of which those with a `text` count.
std::string content_of(Json const& message) {
  auto const* content = at(message, "/content");
  if (!content) return {};
  if (content->is_string()) return content->get<std::string>();
  std::string out;
  if (content->is_array())
    for (auto const& part : *content) out += text_at(part, "/text");
  return out;
}

// Adds what a delta holds to the message so far. Parts of one tool call carry its `index`.
void add_delta(Json& message, Json const& delta) {
  for (auto const* name : {"content", "refusal"}) {
    auto const part = text_at(delta, std::string("/") + name);
    if (!part.empty()) message[name] = text_at(message, std::string("/") + name) + part;
  }
  auto const* calls = at(delta, "/tool_calls");
  if (!calls || !calls->is_array()) return;
  auto& all = message["tool_calls"];
  if (!all.is_array()) all = Json::array();
  for (auto const& call : *calls) {
    // A server may leave the index out where there is one call; one that is out of order is not made room
    // for.
    auto const index = std::min<std::size_t>(count_at(call, "/index"), all.size());
    if (index == all.size()) all.push_back({{"function", {{"name", ""}, {"arguments", ""}}}});
    auto& function = all[index]["function"];
    for (auto const* name : {"name", "arguments"})
      function[name] =
          text_at(function, std::string("/") + name) + text_at(call, std::string("/function/") + name);
  }
}

}  // namespace

Said chat_said(Json const& reply) {
  Said out;
  out.usage = usage_of(reply, "/prompt_tokens", "/completion_tokens", "/prompt_tokens_details");
  out.tier = tier_of(reply);
  if (auto const* usd = at(reply, "/usage/cost"); usd && usd->is_number() && usd->get<double>() >= 0)
    out.usd = usd->get<double>();
  auto const* choice = at(reply, "/choices/0");
  if (!choice || !choice->is_object()) {
    // Some servers answer an error with 200.
    auto const words = at(reply, "/error") ? ": " + server_words(dump(reply)) : std::string();
    out.failure = outside_failure("the response has no choice" + words);
    return out;
  }
  auto const* message = at(*choice, "/message");
  auto const reason = text_at(*choice, "/finish_reason");
  auto const refusal = message ? text_at(*message, "/refusal") : std::string();
  if (!refusal.empty()) {
    out.failure = arm_failure("the model refused: " + shown(refusal));
  } else if (reason == "content_filter") {
    out.failure = arm_failure("the server's content filter stopped the reply");
  } else if (reason == "length") {
    out.failure = arm_failure("the reply was cut off at its length limit; raise `max_tokens`");
  } else if (!message) {
    out.failure = outside_failure("the response has no message");
  } else {
    out.text = content_of(*message);
    if (auto const* calls = at(*message, "/tool_calls"); calls && calls->is_array())
      for (auto const& call : *calls)
        out.tool_calls.push_back(
            tool_call(text_at(call, "/function/name"), text_at(call, "/function/arguments")));
  }
  return out;
}

std::optional<Json> chat_joined(std::vector<Json> const& chunks) {
  Json message = Json::object();
  Json reply = Json::object();
  std::string reason;
  for (auto const& chunk : chunks) {
    for (auto const* name : {"usage", "service_tier"})
      if (auto const* value = at(chunk, std::string("/") + name)) reply[name] = *value;
    auto const* choice = at(chunk, "/choices/0");
    if (!choice) continue;
    if (auto const* delta = at(*choice, "/delta")) add_delta(message, *delta);
    if (auto const ended = text_at(*choice, "/finish_reason"); !ended.empty()) reason = ended;
  }
  if (reason.empty()) return std::nullopt;
  reply["choices"] = Json::array({{{"message", message}, {"finish_reason", reason}}});
  return reply;
}

std::optional<Usage> usage_of(Json const& reply, std::string const& in, std::string const& out,
                              std::string const& details) {
  auto const* usage = at(reply, "/usage");
  if (!usage) return std::nullopt;
  auto const* read = at(*usage, in);
  auto const* written = at(*usage, out);
  if (!read || !written || !read->is_number_unsigned() || !written->is_number_unsigned()) return std::nullopt;
  return Usage{.in = read->get<std::uint64_t>(),
               .out = written->get<std::uint64_t>(),
               .cached_in = count_at(*usage, details + "/cached_tokens"),
               .cache_write = count_at(*usage, details + "/cache_write_tokens")};
}

std::string tier_of(Json const& reply) {
  auto const tier = text_at(reply, "/service_tier");
  return tier == "default" || tier == "standard" || tier == "auto" ? std::string() : tier;
}

Json tool_call(std::string const& name, std::string const& arguments) {
  auto parsed = Json::parse(arguments, nullptr, false);
  if (parsed.is_discarded()) parsed = arguments;
  return {{"name", name}, {"arguments", std::move(parsed)}};
}

}  // namespace itera::openai
