// Fills prompts with a row and asks a model of Anthropic's, or of a server that speaks its messages API.
#include <string>

#include <itera/sdk/plugin.hpp>

#include "messages.hpp"
#include "plugins/models/prompt_arm.hpp"

namespace {

using itera::models::Json, itera::models::PromptArm, itera::models::Provider, itera::models::Question,
    itera::models::Said, itera::models::kEndpointSettings, itera::models::kPriceSettings,
    itera::models::kPromptSettings, itera::models::kReplySettings, itera::models::numbers;
using itera::sdk::Host, itera::sdk::Invalid, itera::sdk::Settings, itera::sdk::make_descriptor;

constexpr Provider kAnthropic{"anthropic", "https://api.anthropic.com"};

std::string schema() {
  return std::string(R"({"type": "object", "properties": {
  "model": {"type": "string", "x-dimension": "model", "description": "the model's name, as the API knows it"},
  "base_url": {"type": "string", "default": "https://api.anthropic.com", "x-dimension": "model",
    "description": "where the API is: what stands before /v1/messages"},
  "api_key": {"type": "string", "x-secret": true, "description": "the account's key"},
  "anthropic_version": {"type": "string", "default": "2023-06-01", "x-dimension": "model",
    "description": "the version of the API"},
  "beta": {"type": "array", "items": {"type": "string"}, "x-dimension": "model",
    "description": "names of beta features, for the header anthropic-beta"},
)") + kPromptSettings +
         R"(
  "max_tokens": {"type": "integer", "minimum": 1, "x-dimension": "decoding",
    "description": "how many tokens a reply may have, thinking included"},
  "temperature": {"type": "number", "minimum": 0, "maximum": 1, "x-dimension": "decoding",
    "description": "how freely the model samples; some models take none"},
  "top_p": {"type": "number", "minimum": 0, "maximum": 1, "x-dimension": "decoding",
    "description": "the share of probability that is sampled from"},
  "top_k": {"type": "integer", "minimum": 1, "x-dimension": "decoding",
    "description": "how many of the likeliest tokens are sampled from"},
  "stop": {"type": "array", "items": {"type": "string"}, "x-dimension": "decoding",
    "description": "texts that end a reply"},
  "effort": {"type": "string", "enum": ["low", "medium", "high", "xhigh", "max"], "x-dimension": "decoding",
    "description": "how much the model spends on a reply"},
)" + kReplySettings +
         kEndpointSettings + kPriceSettings + R"(
  "cache": {"type": "string", "enum": ["none", "system"], "default": "none", "x-dimension": "caching",
    "description": "system: tools and system prompt are written to the prompt cache and read from it"}
}, "required": ["model", "user", "max_tokens"]})";
}

class AnthropicArm final : public PromptArm {
 public:
  static itera_descriptor descriptor() {
    static std::string const settings = schema();
    static constexpr char const* const traits[] = {"reports-tokens", nullptr};
    return make_descriptor<AnthropicArm>({.id = "dev.itera.arm.anthropic",
                                          .short_name = "anthropic",
                                          .version = "1.0.0",
                                          .summary = "a model behind Anthropic's messages API",
                                          .settings_schema = settings.c_str(),
                                          .traits = traits});
  }

  AnthropicArm(Host, Settings const& settings)
      : PromptArm(settings, kAnthropic),
        version_(settings.text("anthropic_version")),
        cached_(settings.text("cache") == "system"),
        decoding_(numbers(settings, {"temperature", "top_p"})) {
    if (settings.has("top_k")) decoding_["top_k"] = settings.integer("top_k");
    if (settings.has("stop")) decoding_["stop_sequences"] = settings.words("stop");
    if (settings.has("effort")) effort_ = settings.text("effort");
    if (settings.has("beta"))
      for (auto const& name : settings.words("beta")) beta_ += (beta_.empty() ? "" : ",") + name;
    if (cached_ && !settings.has("system") && !tools_)
      throw Invalid("`cache = system` without `system` or `tools`", "there is nothing that all rows share");
    keep_out_of_extra({"model", "messages", "system", "stream", "max_tokens", "temperature", "top_p", "top_k",
                       "stop_sequences", "tools"});
  }

 private:
  Json body(Question const& question) const override {
    Json const mark = {{"type", "ephemeral"}};
    Json out = {{"model", question.model}, {"max_tokens", *max_tokens_}};
    // Tools stand before the system prompt in what is cached, so that one mark behind both is enough.
    if (question.last && tools_) {
      out["tools"] = *tools_;
      if (cached_ && question.system.empty() && out["tools"].back().is_object())
        out["tools"].back()["cache_control"] = mark;
    }
    if (!question.system.empty()) {
      if (cached_)
        out["system"] = Json::array({{{"type", "text"}, {"text", question.system}, {"cache_control", mark}}});
      else
        out["system"] = question.system;
    }
    out["messages"] = Json::array({{{"role", "user"}, {"content", question.user}}});
    out.update(decoding_);
    Json config = Json::object();
    if (!effort_.empty()) config["effort"] = effort_;
    if (question.last && schema_) config["format"] = {{"type", "json_schema"}, {"schema", *schema_}};
    if (!config.empty()) out["output_config"] = config;
    if (stream_) out["stream"] = true;
    return out;
  }

  Json headers() const override {
    Json out = {{"content-type", "application/json"}, {"anthropic-version", version_}};
    if (key_) out["x-api-key"] = *key_;
    if (!beta_.empty()) out["anthropic-beta"] = beta_;
    return out;
  }

  std::string url(Question const&) const override { return base_url_ + "/v1/messages"; }
  std::vector<std::string> first_token() const override { return {"/delta/text", "/delta/partial_json"}; }
  std::optional<Json> joined(std::vector<Json> const& events) const override {
    return itera::anthropic::messages_joined(events);
  }
  Said said(Json const& reply) const override { return itera::anthropic::messages_said(reply); }

  std::string version_, beta_, effort_;
  bool cached_;
  Json decoding_;
};

}  // namespace

ITERA_PLUGINS(AnthropicArm)
