#pragma once
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/ports/caller.hpp"

namespace itera::run {

/// What a plugin asked for: the call and the state that it wants back.
struct RequestedCall {
  ports::Call call;
  std::string state;  ///< JSON
};

/// Reads {"call": {"exec": {...}} or {"http": {...}}, "state": any}; docs/internals/calls.md has the fields.
/// Other kinds of call are refused by name. `who` names the plugin in errors.
Result<RequestedCall> read_call(std::string_view json, std::string_view who);
/// Reads {"exec": {...}} of a prepare step.
Result<ports::ExecCall> read_exec(std::string_view json, std::string_view who);

/// {"exec": {...}} or {"http": {...}}: what the plugin gets back. Bytes that are not UTF-8 become replacement
/// characters and `"invalid_utf8": true` is set.
std::string reply_json(ports::Reply const& reply);

}  // namespace itera::run
