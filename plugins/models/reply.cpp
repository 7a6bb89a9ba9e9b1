#include "plugins/models/reply.hpp"

#include "plugins/models/json.hpp"

namespace itera::models {
namespace {

std::string said(std::string const& words) {
  return words.empty() ? std::string() : ": " + words;
}

std::string tried(Json const& http) {
  auto const* retries = at(http, "/retries");
  if (!retries || !retries->is_array() || retries->empty()) return {};
  auto const n = retries->size() + 1;
  return " after " + std::to_string(n) + " attempts";
}

Failure by_code(int code, std::string const& body, Json const& http, Advice const& advice) {
  auto const number = " (HTTP " + std::to_string(code) + ")";
  auto const words = said(server_words(body));
  switch (code) {
    case 400:
    case 413:
    case 422: {
      auto const error = Json::parse(body, nullptr, false);
      if (text_at(error, "/error/code") == "content_filter")
        return arm_failure("the server's content filter refused the prompt" + number + words);
      return arm_failure("the server did not accept the request" + number + words);
    }
    case 401:
      return outside_failure("the server does not know the key" + number + words + "; check " + advice.key);
    case 403:
      return outside_failure("the key may not do this" + number + words + "; check " + advice.key +
                             " and what its account may use");
    case 404:
      return outside_failure("the server has nothing there" + number + words + "; check " + advice.path);
    case 429:
      return outside_failure("the server's rate limit or quota is used up" + number + tried(http) + words);
    default:
      if (code >= 500) return outside_failure("the server failed" + number + tried(http) + words);
      if (code >= 300 && code < 400)
        return outside_failure("the server sends the call elsewhere" + number + "; check " + advice.path);
      return outside_failure("the server gave no result" + number + tried(http) + words);
  }
}

}  // namespace

std::string server_words(std::string const& body) {
  auto const json = Json::parse(body, nullptr, false);
  if (json.is_object())
    for (auto const* where : {"/error/message", "/error", "/message", "/detail"})
      if (auto const words = text_at(json, where); !words.empty()) return shown(words);
  return shown(body);
}

std::optional<Failure> http_failure(Json const& http, Advice const& advice) {
  auto const status = text_at(http, "/status");
  auto const error = said(shown(text_at(http, "/error")));
  if (status == "network") return outside_failure("no response came" + tried(http) + error);
  if (status == "timed_out")
    return outside_failure("no response came within `timeout`" + tried(http) + error);
  if (status == "too_large") return outside_failure("the response is longer than a reply may be" + error);
  if (status == "refused") return outside_failure("the call was not made" + error);
  if (status == "cancelled") return outside_failure("stopped on request");
  if (status != "done") return outside_failure("the host gave the unknown status `" + status + "`");
  auto const* code = at(http, "/code");
  auto const number = code && code->is_number_integer() ? code->get<int>() : 0;
  if (number < 200 || number > 299) return by_code(number, text_at(http, "/body"), http, advice);
  if (http.value("invalid_utf8", false)) return outside_failure("the response is not UTF-8");
  return std::nullopt;
}

}  // namespace itera::models
