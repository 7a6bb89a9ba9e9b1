#include "plugins/models/prompt_arm.hpp"

#include <algorithm>

#include "plugins/models/sse.hpp"

namespace itera::models {

char const* const kPromptSettings = R"(
  "system": {"type": "string", "x-template": true, "x-dimension": "prompt",
    "description": "the system prompt; {{name}} stands for an input of the row"},
  "user": {"type": "string", "x-template": true, "x-dimension": "prompt",
    "description": "the user's message; {{name}} stands for an input of the row"},
  "then_system": {"type": "string", "x-template": true, "x-template-names": ["reply"], "x-dimension": "prompt",
    "description": "the system prompt of a second call; {{reply}} stands for the first call's reply"},
  "then_user": {"type": "string", "x-template": true, "x-template-names": ["reply"], "x-dimension": "prompt",
    "description": "the message of a second call, whose reply is the answer; {{reply}} stands for the first one's"},
  "then_model": {"type": "string", "x-dimension": "model",
    "description": "the model of the second call, if it is another one"},
)";

char const* const kReplySettings = R"(
  "json_schema": {"type": "string", "x-dimension": "format",
    "description": "the JSON Schema that the answer has to have, best in a file of its own"
},
  "tools": {"type": "string", "x-dimension": "format",
    "description": "the tools as the API writes them, a JSON list in a file; calls of them are the answer, nothing is run"},
  "output": {"type": "string", "x-dimension": "format",
    "description": "where in a JSON answer the text to judge stands, as in \"/label\""},
  "extra": {"type": "string", "x-dimension": "decoding",
    "description": "a JSON object with more fields of the request's body, best in a file of its own"},
  "stream": {"type": "boolean", "default": false,
    "description": "take the reply as a stream, so that the time to its first token is known"},
)";

char const* const kPriceSettings = R"(
  "price_in": {"type": "number", "minimum": 0, "x-unit": "usd",
    "description": "of a million input tokens, if the table of list prices does not hold or know the model"},
  "price_out": {"type": "number", "minimum": 0, "x-unit": "usd", "description": "of a million output tokens"},
  "price_cached_in": {"type": "number", "minimum": 0, "x-unit": "usd",
    "description": "of a million input tokens that the prompt cache held"},
  "price_cache_write": {"type": "number", "minimum": 0, "x-unit": "usd",
    "description": "of a million input tokens that were written to the prompt cache"},
  "then_price_in": {"type": "number", "minimum": 0, "x-unit": "usd",
    "description": "of a million input tokens of then_model"},
  "then_price_out": {"type": "number", "minimum": 0, "x-unit": "usd",
    "description": "of a million output tokens of then_model"},
)";

namespace {

// Tools come with a prompt of the server's own, which no body shows.
constexpr std::uint64_t kHiddenToolPrompt = 1000;

Template read_template(sdk::Settings const& settings, std::string const& name) {
  return settings.has(name) ? Template(name, settings.text(name)) : Template();
}

std::string text_or_nothing(sdk::Settings const& settings, std::string const& name) {
  return settings.has(name) ? settings.text(name) : std::string();
}

std::optional<Price> read_price(sdk::Settings const& settings, std::string const& prefix) {
  auto const given = [&](char const* name) { return settings.has(prefix + name); };
  if (!given("price_in") && !given("price_out")) {
    if (prefix.empty() && (given("price_cached_in") || given("price_cache_write")))
      throw sdk::Invalid("prices of the prompt cache without a price of input and output",
                         "set `price_in` and `price_out` too");
    return std::nullopt;
  }
  if (!given("price_in") || !given("price_out"))
    throw sdk::Invalid("`" + prefix + "price_in` and `" + prefix + "price_out` belong together",
                       "set both; what costs nothing is $0");
  Price out;
  out.in = settings.number(prefix + "price_in");
  out.out = settings.number(prefix + "price_out");
  out.cached_in = prefix.empty() && given("price_cached_in") ? settings.number("price_cached_in") : out.in;
  out.cache_write =
      prefix.empty() && given("price_cache_write") ? settings.number("price_cache_write") : out.in;
  return out;
}

// `output` of a JSON answer.
Outcome taken_out(std::string const& text, std::string const& pointer) {
  auto const json = Json::parse(text, nullptr, false);
  if (json.is_discarded())
    return {arm_failure("the reply is no JSON, so that nothing stands at `" + pointer + "`: " + shown(text))};
  auto const* found = at(json, pointer);
  if (!found) return {arm_failure("nothing stands at `" + pointer + "` of the reply: " + shown(text))};
  return {{}, found->is_string() ? found->get<std::string>() : dump(*found)};
}

}  // namespace

PromptArm::PromptArm(sdk::Settings const& settings, Provider const& provider)
    : base_url_(checked_url("base_url", settings.text("base_url"))),
      stream_(settings.flag("stream")),
      provider_(provider),
      endpoint_(settings),
      model_(settings.text("model")),
      then_model_(text_or_nothing(settings, "then_model")),
      system_(read_template(settings, "system")),
      user_(read_template(settings, "user")),
      then_system_(read_template(settings, "then_system")),
      then_user_(read_template(settings, "then_user")),
      price_(read_price(settings, "")),
      then_price_(read_price(settings, "then_")) {
  if (model_.empty()) throw sdk::Invalid("`model` is empty", "write the name that the server knows it by");
  if (user_.empty()) throw sdk::Invalid("`user` is empty", "a model without a message has nothing to answer");
  if (then_user_.empty() && (!then_system_.empty() || !then_model_.empty() || then_price_))
    throw sdk::Invalid("there is no `then_user`, so that no second call is made",
                       "write `then_user = \"... {{reply}}\"`, or leave the other settings `then_...` out");
  if (settings.has("api_key")) key_ = settings.text("api_key");
  if (settings.has("max_tokens")) max_tokens_ = static_cast<std::uint64_t>(settings.integer("max_tokens"));
  if (settings.has("output")) output_ = checked_pointer("output", settings.text("output"));
  if (settings.has("json_schema")) {
    schema_ = parsed_setting("json_schema", settings.text("json_schema"));
    if (!schema_->is_object()) throw sdk::Invalid("`json_schema` is no JSON object");
  }
  if (settings.has("tools")) {
    tools_ = parsed_setting("tools", settings.text("tools"));
    if (!tools_->is_array() || tools_->empty())
      throw sdk::Invalid("`tools` is no JSON list of tools", "write them as the API takes them: `[{...}]`");
  }
  if (settings.has("extra")) extra_ = parsed_setting("extra", settings.text("extra"));
  if (!extra_.is_object())
    throw sdk::Invalid("`extra` is no JSON object", "its members become fields of the body");
}

void PromptArm::keep_out_of_extra(std::vector<std::string_view> const& fields) const {
  for (auto const field : fields)
    if (extra_.contains(field))
      throw sdk::Invalid(
          "`extra` holds `" + std::string(field) + "`, which it may not change",
          "what is asked, how much may come back and what it costs are known from the other settings");
}

std::string PromptArm::request(sdk::Step const& item, Json const& row, Turn const& turn) const {
  std::optional<std::string_view> reply;
  if (turn.second) reply = *turn.reply;
  Question const question{.model = turn.second && !then_model_.empty() ? then_model_ : model_,
                          .system = (turn.second ? then_system_ : system_).render(row, reply),
                          .user = (turn.second ? then_user_ : user_).render(row, reply),
                          .seed = item.seed(),
                          .last = turn.second || !follows()};
  auto document = body(question);
  document.merge_patch(extra_);
  auto const all_headers = headers();
  Endpoint::Request out;
  out.url = url(question);
  out.headers = &all_headers;
  out.body = dump(document);
  if (stream_) out.first_token = first_token();
  // A token is a byte at least, so that a body has no more of them than bytes.
  out.most_in = out.body.size() + (tools_ && question.last ? kHiddenToolPrompt : 0);
  out.most_out = max_tokens_;
  bool listed = false;
  if (auto const known = price(turn.second, listed); known && max_tokens_)
    out.most_usd =
        (static_cast<double>(*out.most_in) * std::max({known->in, known->cached_in, known->cache_write}) +
         static_cast<double>(*max_tokens_) * known->out) /
        1e6;
  return endpoint_.call(out);
}

std::optional<Price> PromptArm::price(bool second, bool& listed) const {
  listed = false;
  bool const other = second && !then_model_.empty();
  if (auto const& given = other ? then_price_ : price_) return given;
  if (!public_endpoint()) return std::nullopt;
  listed = true;
  return list_price(provider_.name, other ? then_model_ : model_);
}

Outcome PromptArm::read(Json const& http, bool second, bool last) const {
  auto const body = text_at(http, "/body");
  std::optional<Json> reply;
  // A server that knows no streams answers with the whole document.
  if (auto const start = body.find_first_not_of(" \t\r\n");
      stream_ && start != body.npos && body[start] != '{') {
    std::vector<Json> events;
    for (auto const& data : event_data(body)) {
      auto event = Json::parse(data, nullptr, false);
      if (event.is_object()) events.push_back(std::move(event));
    }
    for (auto const& event : events)
      if (at(event, "/error"))
        return {outside_failure("the server failed in the middle of a reply: " + server_words(dump(event)))};
    reply = joined(events);
    if (!reply) return {outside_failure("the stream ended before the reply did")};
  } else {
    reply = Json::parse(body, nullptr, false);
    if (!reply->is_object())
      return {outside_failure("the response is no JSON object" + (body.empty() ? "" : ": " + shown(body)))};
  }
  auto const words = said(*reply);
  bool listed = false;
  auto known = price(second, listed);
  if (listed && !words.tier.empty()) known.reset();
  auto out = answer(words, last);
  out.spent = Spent::of(words.usage, known);
  if (!known && words.usd) out.spent->usd = out.spent->steady_usd = words.usd;
  return out;
}

Outcome PromptArm::answer(Said const& said, bool last) const {
  if (said.failure) return {said.failure};
  auto const text = said.tool_calls.empty() ? said.text : dump(said.tool_calls);
  if (text.find_first_not_of(" \t\r\n") == text.npos) return {arm_failure("the model gave an empty reply")};
  return last && output_ ? taken_out(text, *output_) : Outcome{{}, text};
}

Advice PromptArm::advice() const {
  return {key_ ? "`api_key`" : "`api_key`: none is set", "`model` and `base_url`"};
}

Json numbers(sdk::Settings const& settings, std::vector<std::string> const& names) {
  Json out = Json::object();
  for (auto const& name : names)
    if (settings.has(name)) out[name] = settings.number(name);
  return out;
}

}  // namespace itera::models
