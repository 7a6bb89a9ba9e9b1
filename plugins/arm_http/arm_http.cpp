// Sends a row to any JSON API and takes the answer out of what comes back.
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <itera/sdk/plugin.hpp>

#include "plugins/models/endpoint.hpp"
#include "plugins/models/json.hpp"
#include "plugins/models/model_arm.hpp"
#include "plugins/models/template.hpp"

namespace {

using itera::models::Advice, itera::models::Endpoint, itera::models::Json, itera::models::ModelArm,
    itera::models::Outcome, itera::models::Spent, itera::models::Template, itera::models::Usage,
    itera::models::arm_failure, itera::models::at, itera::models::checked_pointer, itera::models::checked_url,
    itera::models::dump, itera::models::header_of, itera::models::kEndpointSettings,
    itera::models::parsed_setting, itera::models::shown, itera::models::text_at;
using itera::sdk::Host, itera::sdk::Invalid, itera::sdk::Settings, itera::sdk::Step,
    itera::sdk::make_descriptor;

std::string schema() {
  return std::string(R"({"type": "object", "properties": {
  "url": {"type": "string", "x-template": true, "x-dimension": "request",
    "description": "where the call goes; {{name}} behind the host stands for an input of the row, percent-encoded"},
  "method": {"type": "string", "enum": ["POST", "GET", "PUT"], "default": "POST", "x-dimension": "request",
    "description": "the HTTP method; GET has no body"},
  "headers": {"type": "array", "items": {"type": "string"}, "x-dimension": "request",
    "description": "more headers, each as in \"accept: application/json\""},
  "api_key": {"type": "string", "x-secret": true, "description": "a secret that one header carries"},
  "api_key_header": {"type": "string", "default": "authorization: Bearer", "x-dimension": "request",
    "description": "the header that carries api_key: its name, a colon, and what stands before the secret"},
  "body": {"type": "string", "x-template": true, "x-dimension": "request",
    "description": "the JSON to send: {{name}} inside of strings, {{json name}} as a value"},
  "then_url": {"type": "string", "x-template": true, "x-template-names": ["reply"], "x-dimension": "request",
    "description": "where a second call goes, if elsewhere; {{reply}} stands for the first call's answer"},
  "then_body": {"type": "string", "x-template": true, "x-template-names": ["reply"], "x-dimension": "request",
    "description": "the JSON of a second call, whose answer counts; {{reply}} stands for the first call's answer"},
  "output": {"type": "string", "x-dimension": "request",
    "description": "where in the reply the answer stands, as in \"/data/0/text\"; without it the whole reply is the answer"},
  "then_output": {"type": "string", "x-dimension": "request",
    "description": "the same for the second call, if it is another place"},
  "error": {"type": "string", "x-dimension": "request",
    "description": "where the reply says what went wrong; anything there but null is an error of the arm"},
  "cost": {"type": "string", "description": "where the reply says what it cost, in USD"},
  "cost_per_call": {"type": "number", "minimum": 0, "x-unit": "usd", "description": "what one call costs if the reply does not say"},
  "most_per_call": {"type": "number", "minimum": 0, "x-unit": "usd",
    "description": "the most that one call can cost; a spec with a budget needs it, or cost_per_call"},
  "tokens_in": {"type": "string", "description": "where the reply says how many tokens it read"},
)") + kEndpointSettings +
         R"(
  "tokens_out": {"type": "string", "description": "where the reply says how many tokens it wrote"}
}, "required": ["url"]})";
}

class HttpArm final : public ModelArm {
 public:
  static itera_descriptor descriptor() {
    static std::string const settings = schema();
    return make_descriptor<HttpArm>({.id = "dev.itera.arm.http",
                                     .short_name = "http",
                                     .version = "1.0.0",
                                     .summary = "any JSON API: a URL, a body and where the answer stands",
                                     .settings_schema = settings.c_str()});
  }

  HttpArm(Host, Settings const& settings)
      : endpoint_(settings),
        method_(settings.text("method")),
        calls_{read_call(settings, "url", "body", "output")} {
    bool const second = settings.has("then_body") || settings.has("then_url");
    if (second) {
      auto const own = [&](char const* then, char const* first) { return settings.has(then) ? then : first; };
      calls_.push_back(read_call(settings, own("then_url", "url"), own("then_body", "body"),
                                 own("then_output", "output")));
    } else if (settings.has("then_output")) {
      throw Invalid("`then_output` without a second call",
                    "write `then_body` or `then_url`, or leave it out");
    }
    for (auto const* name : {"error", "cost", "tokens_in", "tokens_out"})
      if (settings.has(name)) places_[name] = checked_pointer(name, settings.text(name));
    if (places_.contains("tokens_in") != places_.contains("tokens_out"))
      throw Invalid("`tokens_in` and `tokens_out` belong together", "set both or neither");
    if (settings.has("cost_per_call")) cost_per_call_ = settings.number("cost_per_call");
    most_per_call_ = settings.has("most_per_call") ? std::optional(settings.number("most_per_call"))
                     : places_.contains("cost")    ? std::nullopt
                                                   : cost_per_call_;
    read_headers(settings);
  }

 private:
  struct CallText {
    Template url, body;
    std::optional<std::string> output;
  };

  static CallText read_call(Settings const& settings, std::string const& url, std::string const& body,
                            std::string const& output) {
    CallText out;
    checked_url(url, settings.text(url));
    out.url = Template(url, settings.text(url), Template::Form::url);
    if (settings.has(body)) {
      if (settings.text("method") == "GET")
        throw Invalid("a GET call has no body", "write `method = POST`, or leave `" + body + "` out");
      out.body = Template(body, settings.text(body), Template::Form::json);
      // Whatever the values are, the rest must be JSON.
      parsed_setting(body, out.body.render(Json::object(), ""));
    }
    if (settings.has(output)) out.output = checked_pointer(output, settings.text(output));
    return out;
  }

  void read_headers(Settings const& settings) {
    if (settings.has("body") || settings.has("then_body")) headers_["content-type"] = "application/json";
    if (settings.has("headers"))
      for (auto const& line : settings.words("headers")) {
        auto const [name, value] = header_of("headers", line);
        headers_[name] = value;
      }
    if (!settings.has("api_key")) return;
    auto const [name, before] = header_of("api_key_header", settings.text("api_key_header"));
    headers_[name] = before + (before.empty() ? "" : " ") + settings.text("api_key");
  }

  bool follows() const override { return calls_.size() > 1; }

  std::string request(Step const&, Json const& row, Turn const& turn) const override {
    auto const& call = calls_[turn.second ? 1 : 0];
    std::optional<std::string_view> reply;
    if (turn.second) reply = *turn.reply;
    Endpoint::Request out;
    out.method = method_;
    out.url = call.url.render(row, reply);
    out.headers = &headers_;
    out.body = call.body.render(row, reply);
    out.most_usd = most_per_call_;
    return endpoint_.call(out);
  }

  Outcome read(Json const& http, bool second, bool) const override {
    auto const body = text_at(http, "/body");
    auto const& output = calls_[second ? 1 : 0].output;
    auto const json = Json::parse(body, nullptr, false);
    auto out = answer(json, body, output);
    out.spent = Spent{tokens(json), cost(json), cost(json)};
    return out;
  }

  Outcome answer(Json const& json, std::string const& body, std::optional<std::string> const& output) const {
    if (json.is_discarded() && (output || places_.contains("error")))
      return {arm_failure("the reply is no JSON" + (body.empty() ? "" : ": " + shown(body)))};
    if (auto const place = places_.find("error"); place != places_.end())
      if (auto const* error = at(json, place->second))
        return {arm_failure("the reply says: " +
                            shown(error->is_string() ? error->get<std::string>() : dump(*error)))};
    if (!output) return body.empty() ? Outcome{arm_failure("the reply is empty")} : Outcome{{}, body};
    auto const* found = at(json, *output);
    if (!found) return {arm_failure("nothing stands at `" + *output + "` of the reply: " + shown(body))};
    return {{}, found->is_string() ? found->get<std::string>() : dump(*found)};
  }

  std::optional<Usage> tokens(Json const& json) const {
    if (!places_.contains("tokens_in")) return std::nullopt;
    auto const* in = at(json, places_.at("tokens_in"));
    auto const* out = at(json, places_.at("tokens_out"));
    if (!in || !out || !in->is_number_unsigned() || !out->is_number_unsigned()) return std::nullopt;
    return Usage{in->get<std::uint64_t>(), out->get<std::uint64_t>(), 0, 0};
  }

  std::optional<double> cost(Json const& json) const {
    if (auto const place = places_.find("cost"); place != places_.end())
      if (auto const* usd = at(json, place->second); usd && usd->is_number()) {
        auto const value = usd->get<double>();
        if (std::isfinite(value) && value >= 0) return value;
      }
    return cost_per_call_;
  }

  Advice advice() const override { return {"`api_key` and `headers`", "`url`"}; }

  Endpoint endpoint_;
  std::string method_;
  std::vector<CallText> calls_;
  Json headers_ = Json::object();
  std::map<std::string, std::string> places_;
  std::optional<double> cost_per_call_, most_per_call_;
};

}  // namespace

ITERA_PLUGINS(HttpArm)
