#include "core/run/call_json.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/json.hpp"
#include "core/base/text.hpp"

namespace itera::run {
namespace {

using Json = nlohmann::json;

bool is_amount(double usd) {
  return usd >= 0 && usd <= 1e9;
}
tl::unexpected<Error> no_amount(std::string_view who) {
  return fail(ErrorClass::plugin, fmt::format("{}: the `most_usd` of its call is no amount of money", who));
}

Result<ports::ExecCall> exec_from(Json const& exec, std::string_view who) {
  ports::ExecCall call;
  try {
    call.argv = exec.at("argv").get<std::vector<std::string>>();
    auto const framing = exec.value("framing", "once");
    if (framing != "once" && framing != "lines")
      return fail(ErrorClass::plugin, fmt::format("{}: unknown framing `{}`", who, framing));
    call.framing = framing == "once" ? ports::ExecCall::Framing::once : ports::ExecCall::Framing::lines;
    call.input = exec.value("input", "");
    call.id = exec.value("id", "");
    call.timeout_ms = exec.value("timeout_ms", call.timeout_ms);
    if (exec.contains("most_usd")) call.most_usd = exec.at("most_usd").get<double>();
  } catch (Json::exception const&) {
    return fail(ErrorClass::plugin, fmt::format("{}: asked for a malformed exec call", who));
  }
  if (call.most_usd && !is_amount(*call.most_usd)) return no_amount(who);
  if (call.argv.empty() || call.argv.front().empty())
    return fail(ErrorClass::invalid, fmt::format("{}: the command is empty", who));
  return call;
}

Result<ports::HttpCall> http_from(Json const& http, std::string_view who) {
  ports::HttpCall call;
  try {
    call.url = http.at("url").get<std::string>();
    call.method = http.value("method", call.method);
    if (http.contains("headers"))
      for (auto const& [name, value] : http.at("headers").items())
        call.headers.emplace_back(name, value.get<std::string>());
    call.body = http.value("body", "");
    call.timeout_ms = http.value("timeout_ms", call.timeout_ms);
    call.idle_ms = http.value("idle_ms", call.idle_ms);
    if (http.contains("stream"))
      call.first_token = http.at("stream").at("first_token").get<std::vector<std::string>>();
    if (http.contains("limits")) {
      auto const& limits = http.at("limits");
      call.limits = {limits.value("in_flight", 0U), limits.value("requests_per_minute", 0.0),
                     limits.value("tokens_per_minute", 0.0)};
    }
    if (http.contains("tokens")) {
      call.tokens_in = http.at("tokens").value("in", std::uint64_t{0});
      call.tokens_out = http.at("tokens").value("out", std::uint64_t{0});
    }
    if (http.contains("most_usd")) call.most_usd = http.at("most_usd").get<double>();
    call.ca_file = http.value("ca_file", "");
  } catch (Json::exception const&) {
    return fail(ErrorClass::plugin, fmt::format("{}: asked for a malformed http call", who));
  }
  if (call.most_usd && !is_amount(*call.most_usd)) return no_amount(who);
  if (call.method != "GET" && call.method != "POST" && call.method != "PUT")
    return fail(
        ErrorClass::plugin,
        fmt::format("{}: asked for the HTTP method `{}`; there are GET, POST and PUT", who, call.method));
  return call;
}

// Bytes of outside that are not UTF-8 are said to be so: a plugin may not take them for an answer.
std::string dumped(std::string_view kind, Json reply, std::string const& bytes) {
  if (!is_valid_utf8(bytes)) reply["invalid_utf8"] = true;
  return canonical({{kind, std::move(reply)}});
}

std::string_view word(ports::ExecReply::Status status) {
  using Status = ports::ExecReply::Status;
  switch (status) {
    case Status::done:
      return "done";
    case Status::signalled:
      return "signalled";
    case Status::ended:
      return "ended";
    case Status::timed_out:
      return "timed_out";
    case Status::not_started:
      return "not_started";
    case Status::output_limit:
      return "output_limit";
    case Status::cancelled:
      return "cancelled";
  }
  return "cancelled";
}

}  // namespace

Result<ports::ExecCall> read_exec(std::string_view json, std::string_view who) {
  auto const document = parse_json(json, who);
  if (!document) return fail(ErrorClass::plugin, document.error().what);
  if (!document->is_object() || !document->contains("exec"))
    return fail(ErrorClass::plugin, fmt::format("{}: expected an exec call", who));
  return exec_from(document->at("exec"), who);
}

Result<RequestedCall> read_call(std::string_view json, std::string_view who) {
  auto const document = parse_json(json, who);
  if (!document) return fail(ErrorClass::plugin, document.error().what);
  if (!document->is_object() || !document->contains("call") || !document->at("call").is_object())
    return fail(ErrorClass::plugin, fmt::format("{}: its call is not an object", who));
  auto const& call = document->at("call");
  auto state = document->contains("state") ? canonical(document->at("state")) : "null";
  if (call.contains("exec")) {
    auto exec = exec_from(call.at("exec"), who);
    if (!exec) return fail(exec.error());
    return RequestedCall{std::move(*exec), std::move(state)};
  }
  if (call.contains("http")) {
    auto http = http_from(call.at("http"), who);
    if (!http) return fail(http.error());
    return RequestedCall{std::move(*http), std::move(state)};
  }
  return fail(ErrorClass::plugin, fmt::format("{}: asked for a call of an unknown kind ({})", who,
                                              call.empty() ? "none" : call.begin().key()));
}

std::string reply_json(ports::Reply const& reply) {
  if (auto const* exec = std::get_if<ports::ExecReply>(&reply))
    return dumped("exec",
                  {{"status", word(exec->status)},
                   {"code", exec->code},
                   {"output", exec->output},
                   {"error", exec->error},
                   {"latency_ms", exec->latency_ms}},
                  exec->output);
  auto const& http = std::get<ports::HttpReply>(reply);
  Json headers = Json::object();
  for (auto const& [name, value] : http.headers) headers[name] = value;
  return dumped("http",
                {{"status", word(http.status)},
                 {"code", http.code},
                 {"headers", std::move(headers)},
                 {"body", http.body},
                 {"error", http.error},
                 {"latency_ms", http.latency_ms},
                 {"first_token_ms", http.first_token_ms ? Json(*http.first_token_ms) : Json()},
                 {"retries", http.retries},
                 {"replayed", http.replayed}},
                http.body);
}

}  // namespace itera::run
