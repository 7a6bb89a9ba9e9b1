// An arm and a judge that ask a server: what they say of money is what the server says.
#include <itera/sdk/plugin.hpp>
#include <nlohmann/json.hpp>

namespace {

using namespace itera::sdk;
using Json = nlohmann::json;

constexpr auto kSettings = R"({"type": "object", "required": ["url"], "properties": {
  "url": {"type": "string", "x-dimension": "model", "description": "who is asked"},
  "style": {"type": "string", "default": "", "x-dimension": "prompt", "description": "goes with the row"},
  "key": {"type": "string", "x-secret": true, "x-dimension": "model", "description": "sent as a bearer"},
  "most": {"type": "number", "minimum": 0, "x-dimension": "model", "description": "dollars that a call can cost"}
}})";

class OverHttp {
 public:
  explicit OverHttp(Settings const& settings)
      : url_(settings.text("url")),
        style_(settings.text("style")),
        key_(settings.has("key") ? settings.text("key") : ""),
        most_(settings.has("most") ? std::optional(settings.number("most")) : std::nullopt) {}

  void ask(Step const& item, Json body) const {
    body["style"] = style_;
    Json http = {{"url", url_}, {"headers", {{"authorization", "Bearer " + key_}}}, {"body", body.dump()}};
    if (most_) http["most_usd"] = *most_;
    item.call(Json{{"http", http}}.dump());
  }

  // The reply's document, or nothing after an error.
  static std::optional<Json> answer(Step const& item) {
    auto const http = Json::parse(*item.reply()).at("http");
    if (http.at("status") == "done" && http.at("code") == 200)
      return Json::parse(http.at("body").get<std::string>());
    item.error("infrastructure", "the server gave no answer: " + http.at("status").get<std::string>() + " " +
                                     std::to_string(http.at("code").get<int>()) + " " +
                                     http.at("error").get<std::string>() +
                                     http.at("body").get<std::string>());
    return std::nullopt;
  }

 private:
  std::string url_, style_, key_;
  std::optional<double> most_;
};

class HttpArm final : public ArmPlugin {
 public:
  static itera_descriptor descriptor() {
    return make_descriptor<HttpArm>({.id = "com.example.arm.over_http",
                                     .short_name = "over_http",
                                     .version = "1.0.0",
                                     .summary = "what a server says",
                                     .settings_schema = kSettings});
  }
  HttpArm(Host, Settings const& settings) : http_(settings) {}
  void step(Step const& item) override {
    if (!item.reply()) return http_.ask(item, {{"row", Json::parse(item.row())}});
    if (auto const answer = OverHttp::answer(item)) item.answer(answer->dump());
  }

 private:
  OverHttp http_;
};

class HttpJudge final : public JudgePlugin {
 public:
  static itera_descriptor descriptor() {
    return make_descriptor<HttpJudge>({.id = "com.example.judge.over_http",
                                       .short_name = "judge_over_http",
                                       .version = "1.0.0",
                                       .summary = "what a server thinks",
                                       .settings_schema = kSettings});
  }
  HttpJudge(Host, Settings const& settings) : http_(settings) {}
  void step(Step const& item) override {
    if (!item.reply())
      return http_.ask(item, {{"output", item.output()}, {"expected", item.expected().value_or("")}});
    if (auto const answer = OverHttp::answer(item)) item.score(answer->dump());
  }

 private:
  OverHttp http_;
};

}  // namespace

ITERA_PLUGINS(HttpArm, HttpJudge)
