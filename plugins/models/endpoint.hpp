#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <itera/sdk/json.hpp>
#include <nlohmann/json_fwd.hpp>

namespace itera::models {

/// Properties of a settings schema that every plugin with an endpoint has, each followed by a comma:
/// `timeout`, `in_flight`, `requests_per_minute`, `tokens_per_minute`, `ca_file`. They have no dimension:
/// they change how a call is made and not what it asks.
extern char const* const kEndpointSettings;

/// How calls are made, as the settings above say.
class Endpoint {
 public:
  explicit Endpoint(sdk::Settings const& settings);

  struct Request {
    std::string method = "POST";
    std::string url;
    nlohmann::ordered_json const* headers = nullptr;  ///< an object
    std::string body;
    std::optional<std::uint64_t> most_in, most_out;  ///< tokens; both or nothing is known
    std::optional<double> most_usd;
    std::vector<std::string> first_token;  ///< JSON pointers; empty: not streamed
  };
  /// {"http": {...}} as in docs/internals/calls.md.
  std::string call(Request const& request) const;

 private:
  std::uint32_t timeout_ms_;
  std::uint32_t in_flight_ = 0;
  double requests_per_minute_ = 0, tokens_per_minute_ = 0;
  std::string ca_file_;
};

/// Without the slashes at its end. Throws sdk::Invalid if `url` is no absolute http or https URL or holds a
/// user.
std::string checked_url(std::string const& setting, std::string url);

/// "name: value" of a setting as its two parts, the name in small letters. Throws sdk::Invalid.
std::pair<std::string, std::string> header_of(std::string const& setting, std::string const& line);

}  // namespace itera::models
