#pragma once
#include <optional>
#include <string>
#include <utility>

#include <nlohmann/json_fwd.hpp>

namespace itera::models {

/// Why an item has no answer. `kind` is "arm" (it scores 0) or "infrastructure" (it has no score).
struct Failure {
  std::string kind;
  std::string message;
};

inline Failure arm_failure(std::string message) {
  return {"arm", std::move(message)};
}
inline Failure outside_failure(std::string message) {
  return {"infrastructure", std::move(message)};
}

/// What an error sentence says to look at; each names settings of the plugin.
struct Advice {
  std::string key;   ///< after 401 and 403: "check `api_key`"
  std::string path;  ///< after 404: "check `model` and `base_url`"
};

/// What a server says of an error in its JSON body: OpenAI's and Anthropic's {"error": {"message"}}, Ollama's
/// {"error": text}, vLLM's {"message"}, and {"detail"}; else the beginning of the body.
std::string server_words(std::string const& body);

/// Why the reply {"status", "code", "body", ...} of an http call is no response with a result: nothing if it
/// is a whole response with a code of 2xx in UTF-8.
std::optional<Failure> http_failure(nlohmann::ordered_json const& http, Advice const& advice);

}  // namespace itera::models
