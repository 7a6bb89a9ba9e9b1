// Fills prompts with a row and asks a model for the answer: /chat/completions or /responses of OpenAI, Azure,
// vLLM, llama.cpp, Ollama, OpenRouter and whatever else speaks one of them.
#include <string>

#include <itera/sdk/plugin.hpp>

#include "plugins/models/prompt_arm.hpp"
#include "shapes.hpp"

namespace {

using itera::models::Json, itera::models::PromptArm, itera::models::Provider, itera::models::Question,
    itera::models::Said, itera::models::kEndpointSettings, itera::models::kPriceSettings,
    itera::models::kPromptSettings, itera::models::kReplySettings, itera::models::numbers;
using itera::sdk::Host, itera::sdk::Invalid, itera::sdk::Settings, itera::sdk::make_descriptor;

constexpr Provider kOpenAi{"openai", "https://api.openai.com/v1"};

std::string schema() {
  return std::string(R"({"type": "object", "properties": {
  "model": {"type": "string", "x-dimension": "model", "description": "the model's name, as the server knows it"},
  "base_url": {"type": "string", "default": "https://api.openai.com/v1", "x-dimension": "model",
    "description": "where the API is: what stands before /chat/completions or /responses"},
  "api": {"type": "string", "enum": ["chat", "responses"], "default": "chat", "x-dimension": "model",
    "description": "chat: /chat/completions, which every server has; responses: /responses"},
  "api_key": {"type": "string", "x-secret": true, "description": "the account's key; a local server needs none"},
  "api_version": {"type": "string", "x-dimension": "model",
    "description": "Azure: the api-version; the path gets a deployment and the key goes into the header api-key"},
  "deployment": {"type": "string", "x-dimension": "model",
    "description": "Azure: the deployment's name, if it is not that of the model"},
)") + kPromptSettings +
         R"(
  "temperature": {"type": "number", "minimum": 0, "maximum": 2, "x-dimension": "decoding",
    "description": "how freely the model samples; some models take none"},
  "top_p": {"type": "number", "minimum": 0, "maximum": 1, "x-dimension": "decoding",
    "description": "the share of probability that is sampled from"},
  "max_tokens": {"type": "integer", "minimum": 1, "x-dimension": "decoding",
    "description": "how many tokens a reply may have, reasoning included; without it no call has a greatest cost"},
  "seed": {"type": "boolean", "default": false, "x-dimension": "decoding",
    "description": "send a seed that is the same for the same row and trial; chat only"},
  "stop": {"type": "array", "items": {"type": "string"}, "x-dimension": "decoding",
    "description": "texts that end a reply; chat only"},
  "reasoning_effort": {"type": "string", "enum": ["none", "minimal", "low", "medium", "high", "xhigh"],
    "x-dimension": "decoding", "description": "how much a reasoning model thinks"},
)" + kReplySettings +
         R"(
  "json": {"type": "boolean", "default": false, "x-dimension": "format",
    "description": "the answer has to be a JSON object; the prompt must say so too"},
)" + kEndpointSettings +
         kPriceSettings + R"(
  "max_tokens_field": {"type": "string", "enum": ["auto", "max_tokens", "max_completion_tokens"], "default": "auto",
    "description": "what chat calls the limit; auto: max_completion_tokens at OpenAI and Azure, else max_tokens"}
}, "required": ["model", "user"]})";
}

class OpenAiArm final : public PromptArm {
 public:
  static itera_descriptor descriptor() {
    static std::string const settings = schema();
    static constexpr char const* const traits[] = {"reports-tokens", nullptr};
    return make_descriptor<OpenAiArm>(
        {.id = "dev.itera.arm.openai",
         .short_name = "openai",
         .version = "1.0.0",
         .summary = "a model behind OpenAI's API or any server that speaks it: chat completions or responses",
         .settings_schema = settings.c_str(),
         .traits = traits});
  }

  OpenAiArm(Host, Settings const& settings)
      : PromptArm(settings, kOpenAi),
        responses_(settings.text("api") == "responses"),
        json_(settings.flag("json")),
        seed_(settings.flag("seed")),
        decoding_(numbers(settings, {"temperature", "top_p"})) {
    if (settings.has("api_version")) api_version_ = settings.text("api_version");
    if (settings.has("deployment")) deployment_ = settings.text("deployment");
    if (settings.has("stop")) stop_ = settings.words("stop");
    if (settings.has("reasoning_effort")) effort_ = settings.text("reasoning_effort");
    auto const field = settings.text("max_tokens_field");
    max_tokens_field_ = field != "auto" ? field
                        : public_endpoint() || !api_version_.empty() ||
                                base_url_.find(".openai.azure.com/") != std::string::npos
                            ? "max_completion_tokens"
                            : "max_tokens";
    // Names that a shape has no field for would be dropped, or refused in every row.
    if (responses_ && seed_)
      throw Invalid("`seed` is not known to the responses API", "write `api = chat`, or leave it out");
    if (responses_ && !stop_.empty())
      throw Invalid("`stop` is not known to the responses API", "write `api = chat`, or leave it out");
    if (!deployment_.empty() && api_version_.empty())
      throw Invalid("`deployment` is Azure's and needs `api_version`",
                    "set `api_version` as in \"2024-10-21\"");
    if (json_ && schema_)
      throw Invalid("`json` and `json_schema` exclude each other", "a schema is JSON anyway");
    for (auto const& text : {api_version_, deployment_})
      if (text.find_first_of("/?#&% ") != text.npos)
        throw Invalid("`" + text + "` cannot be part of a URL", "write it as Azure shows it");
    keep_out_of_extra({"model", "messages", "input", "instructions", "stream", "n", "max_tokens",
                       "max_completion_tokens", "max_output_tokens", "temperature", "top_p", "seed", "stop",
                       "tools", "reasoning_effort", "response_format"});
  }

 private:
  // Seeds of servers are whole numbers of 32 bits with or without a sign.
  static std::uint64_t small(std::uint64_t seed) { return seed >> 33U; }

  Json format(bool flat) const {
    if (!schema_) return {{"type", "json_object"}};
    Json named = schema_->contains("schema") && schema_->contains("name")
                     ? *schema_
                     : Json{{"name", "answer"}, {"schema", *schema_}, {"strict", true}};
    if (!flat) return {{"type", "json_schema"}, {"json_schema", named}};
    Json out = {{"type", "json_schema"}};
    out.update(named);
    return out;
  }

  Json body(Question const& question) const override {
    return responses_ ? response(question) : chat(question);
  }

  Json chat(Question const& question) const {
    Json messages = Json::array();
    if (!question.system.empty()) messages.push_back({{"role", "system"}, {"content", question.system}});
    messages.push_back({{"role", "user"}, {"content", question.user}});
    Json out = {{"model", question.model}, {"messages", messages}};
    out.update(decoding_);
    if (max_tokens_) out[max_tokens_field_] = *max_tokens_;
    if (seed_) out["seed"] = small(question.seed);
    if (!stop_.empty()) out["stop"] = stop_;
    if (!effort_.empty()) out["reasoning_effort"] = effort_;
    if (question.last && (json_ || schema_)) out["response_format"] = format(false);
    if (question.last && tools_) out["tools"] = *tools_;
    if (stream_) {
      out["stream"] = true;
      out["stream_options"] = {{"include_usage", true}};
    }
    return out;
  }

  Json response(Question const& question) const {
    Json out = {{"model", question.model}};
    if (!question.system.empty()) out["instructions"] = question.system;
    out["input"] = question.user;
    out.update(decoding_);
    if (max_tokens_) out["max_output_tokens"] = *max_tokens_;
    if (!effort_.empty()) out["reasoning"] = {{"effort", effort_}};
    if (question.last && (json_ || schema_)) out["text"] = {{"format", format(true)}};
    if (question.last && tools_) out["tools"] = *tools_;
    out["store"] = false;  // rows of an experiment are nobody's history
    if (stream_) out["stream"] = true;
    return out;
  }

  Json headers() const override {
    Json out = {{"content-type", "application/json"}};
    if (key_ && api_version_.empty()) out["authorization"] = "Bearer " + *key_;
    if (key_ && !api_version_.empty()) out["api-key"] = *key_;
    return out;
  }

  std::string url(Question const& question) const override {
    std::string const path = responses_ ? "/responses" : "/chat/completions";
    if (api_version_.empty()) return base_url_ + path;
    // The responses API of Azure has no deployment in its path.
    if (responses_) return base_url_ + "/openai" + path + "?api-version=" + api_version_;
    return base_url_ + "/openai/deployments/" + (deployment_.empty() ? question.model : deployment_) + path +
           "?api-version=" + api_version_;
  }

  std::vector<std::string> first_token() const override {
    if (responses_) return {"/delta"};
    return {"/choices/0/delta/content", "/choices/0/delta/refusal",
            "/choices/0/delta/tool_calls/0/function/name"};
  }
  std::optional<Json> joined(std::vector<Json> const& events) const override {
    return responses_ ? itera::openai::responses_joined(events) : itera::openai::chat_joined(events);
  }
  Said said(Json const& reply) const override {
    auto out = responses_ ? itera::openai::responses_said(reply) : itera::openai::chat_said(reply);
    // Other servers call other things by this name.
    if (!base_url_.starts_with("https://openrouter.ai/")) out.usd.reset();
    return out;
  }

  bool responses_, json_, seed_;
  Json decoding_;
  std::string api_version_, deployment_, effort_, max_tokens_field_;
  std::vector<std::string> stop_;
};

}  // namespace

ITERA_PLUGINS(OpenAiArm)
