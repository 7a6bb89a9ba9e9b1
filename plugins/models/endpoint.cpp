#include "plugins/models/endpoint.hpp"

#include <algorithm>
#include <cmath>

#include "plugins/models/json.hpp"

namespace itera::models {

char const* const kEndpointSettings = R"(
  "timeout": {"type": "number", "default": 120, "minimum": 0.001, "maximum": 86400, "x-unit": "s",
    "description": "how long one attempt of a call may take"},
  "in_flight": {"type": "integer", "minimum": 1, "maximum": 10000,
    "description": "how many calls the endpoint takes at once"},
  "requests_per_minute": {"type": "number", "minimum": 0.001,
    "description": "how many requests the endpoint takes in a minute"},
  "tokens_per_minute": {"type": "number", "minimum": 1,
    "description": "how many tokens the endpoint takes in a minute"},
  "ca_file": {"type": "string", "x-file": true,
    "description": "a PEM file of certificates to trust instead of the system's"},
)";

Endpoint::Endpoint(sdk::Settings const& settings)
    : timeout_ms_(static_cast<std::uint32_t>(std::lround(settings.number("timeout") * 1000))) {
  if (settings.has("in_flight")) in_flight_ = static_cast<std::uint32_t>(settings.integer("in_flight"));
  if (settings.has("requests_per_minute")) requests_per_minute_ = settings.number("requests_per_minute");
  if (settings.has("tokens_per_minute")) tokens_per_minute_ = settings.number("tokens_per_minute");
  if (settings.has("ca_file")) ca_file_ = settings.text("ca_file");
}

std::string Endpoint::call(Request const& request) const {
  // The longest silence is the whole time: a model that thinks sends nothing.
  Json http = {{"method", request.method}, {"url", request.url},        {"headers", *request.headers},
               {"body", request.body},     {"timeout_ms", timeout_ms_}, {"idle_ms", timeout_ms_}};
  if (!request.first_token.empty()) http["stream"] = {{"first_token", request.first_token}};
  Json limits = Json::object();
  if (in_flight_ > 0) limits["in_flight"] = in_flight_;
  if (requests_per_minute_ > 0) limits["requests_per_minute"] = requests_per_minute_;
  if (tokens_per_minute_ > 0) limits["tokens_per_minute"] = tokens_per_minute_;
  if (!limits.empty()) http["limits"] = limits;
  if (request.most_in) http["tokens"] = {{"in", *request.most_in}, {"out", request.most_out.value_or(0)}};
  if (request.most_usd) http["most_usd"] = *request.most_usd;
  if (!ca_file_.empty()) http["ca_file"] = ca_file_;
  return dump({{"http", http}});
}

std::string checked_url(std::string const& setting, std::string url) {
  bool const web = url.starts_with("https://") || url.starts_with("http://");
  auto const host = web ? url.substr(url.find("://") + 3) : std::string();
  auto const authority = host.substr(0, host.find_first_of("/?#"));
  if (authority.empty() || authority.find_first_of(" \t\r\n") != authority.npos)
    throw sdk::Invalid("`" + setting + "` is no absolute URL: `" + shown(url) + "`",
                       "write it as in `" + setting + " = \"http://localhost:8000/v1\"`");
  if (authority.find('@') != authority.npos)
    throw sdk::Invalid(
        "`" + setting + "` holds a user or a password",
        "a secret that is written down is none any more: name it as in `api_key = env(\"NAME\")`");
  while (url.ends_with('/')) url.pop_back();
  return url;
}

std::pair<std::string, std::string> header_of(std::string const& setting, std::string const& line) {
  auto const colon = line.find(':');
  auto name = line.substr(0, colon);
  auto const token = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  };
  auto const begin = colon == line.npos ? line.npos : line.find_first_not_of(" \t", colon + 1);
  auto value = begin == line.npos ? std::string() : line.substr(begin);
  if (colon == line.npos || name.empty() || !std::all_of(name.begin(), name.end(), token) ||
      value.find_first_of(std::string_view("\r\n\0", 3)) != value.npos)
    throw sdk::Invalid("`" + setting + "` holds no header: `" + shown(line) + "`",
                       "write a name, a colon and a value as in `\"accept: application/json\"`");
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return {name, value};
}

}  // namespace itera::models
