#pragma once
#include <map>
#include <string>
#include <string_view>

namespace itera::ports {

/// Values of secrets by the name of the environment variable. Never stored and never printed.
using Secrets = std::map<std::string, std::string>;

/// What stands for a secret wherever text of a spec, a plugin or a call is kept: the value itself is only put
/// in by the caller, and only into headers and environments, at the moment of the call. The form cannot be
/// written into a row by accident, and one that was written on purpose reaches no header.
inline std::string secret_mark(std::string_view name) {
  return std::string("\x1asecret:").append(name).append("\x1a");
}

/// `text` with every mark replaced by its value. A mark without a value stays.
inline std::string with_secrets(std::string text, Secrets const& secrets) {
  for (auto const& [name, value] : secrets) {
    auto const mark = secret_mark(name);
    for (auto at = text.find(mark); at != text.npos; at = text.find(mark, at + value.size()))
      text.replace(at, mark.size(), value);
  }
  return text;
}

/// `text` with every value replaced by its mark's name in brackets: for what comes back from outside.
inline std::string without_secrets(std::string text, Secrets const& secrets) {
  for (auto const& [name, value] : secrets) {
    if (value.size() < 4) continue;  // a value that short stands in ordinary text as well
    auto const said = "[secret " + name + "]";
    for (auto at = text.find(value); at != text.npos; at = text.find(value, at + said.size()))
      text.replace(at, value.size(), said);
  }
  return text;
}

}  // namespace itera::ports
