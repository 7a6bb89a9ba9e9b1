#include "core/run/call_json.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/json.hpp"
#include "core/base/text.hpp"

namespace itera::run {
namespace {

using Json = nlohmann::json;

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
  } catch (Json::exception const&) {
    return fail(ErrorClass::plugin, fmt::format("{}: asked for a malformed exec call", who));
  }
  if (call.argv.empty() || call.argv.front().empty())
    return fail(ErrorClass::invalid, fmt::format("{}: the command is empty", who));
  return call;
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
  if (!call.contains("exec"))
    return fail(ErrorClass::plugin,
                fmt::format("{}: asked for a call of a kind that this version does not make ({})", who,
                            call.empty() ? "none" : call.begin().key()));
  auto exec = exec_from(call.at("exec"), who);
  if (!exec) return fail(exec.error());
  return RequestedCall{std::move(*exec),
                       document->contains("state") ? canonical(document->at("state")) : "null"};
}

std::string reply_json(ports::ExecReply const& reply) {
  Json exec = {{"status", word(reply.status)},
               {"code", reply.code},
               {"output", reply.output},
               {"error", reply.error},
               {"latency_ms", reply.latency_ms}};
  if (!is_valid_utf8(reply.output)) exec["invalid_utf8"] = true;
  return canonical({{"exec", exec}});
}

}  // namespace itera::run
