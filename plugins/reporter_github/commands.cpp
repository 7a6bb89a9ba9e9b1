#include "commands.hpp"

#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "inert.hpp"
#include "pages.hpp"

namespace {

using Json = nlohmann::json;
constexpr std::size_t kShown = 10;

std::string at(Json const& object, char const* key) {
  auto const it = object.find(key);
  return it == object.end() || !it->is_string() ? std::string() : it->get<std::string>();
}

int exit_code(std::string const& outcome) {
  return outcome == "ship"            ? 0
         : outcome == "ship narrowly" ? 10
         : outcome == "kill"          ? 20
         : outcome == "inconclusive"  ? 30
                                      : 40;
}

// Line breaks are kept, other control characters are not.
std::string plain(std::string const& text) {
  std::string out;
  for (char const c : text)
    if (static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t') out += c;
  return out;
}

std::string command(char const* level, std::string const& spec, std::string const& title,
                    std::string const& text) {
  return fmt::format("::{} {}title={}::{}\n", level,
                     spec.empty() ? "" : "file=" + command_property(spec) + ",", command_property(title),
                     command_data(text));
}

}  // namespace

std::string outputs(Json const& e) {
  auto const& v = e.at("verdict");
  auto const outcome = at(v, "outcome");
  auto const arm = speaker(e);
  auto out = fmt::format("outcome={}\nexit_code={}\n", outcome, exit_code(outcome));
  for (auto const* key : {"delta", "ci_low", "ci_high", "n"}) {
    Json value;
    if (!arm.empty()) value = e.at("effect_sizes").at(arm).at("aggregate").at(key);
    out += fmt::format("{}={}\n", key, value.is_null() ? "" : value.dump());
  }
  std::vector<std::pair<char const*, std::string>> const texts{
      {"experiment", plain(at(e.at("experiment"), "name"))},
      {"arm", plain(arm)},
      {"winner", plain(at(v, "winner"))},
      {"decided_by", plain(at(v, "decided_by"))},
      {"verdict", plain(at(v, "rationale"))},
      {"deciding_clause", plain(at(v, "deciding_clause"))},
      {"not_shown", plain(at(v, "not_shown"))},
      {"next", plain(at(v, "next"))}};
  std::string delimiter = "itera_" + at(e.at("digests"), "ledger").substr(0, 32);
  for (bool used = true; used;) {
    used = false;
    for (auto const& [name, text] : texts) used = used || text.find(delimiter) != text.npos;
    if (used) delimiter += '_';
  }
  for (auto const& [name, text] : texts) out += fmt::format("{0}<<{1}\n{2}\n{1}\n", name, delimiter, text);
  return out;
}

std::string annotations(Json const& e, std::string const& spec) {
  auto const& v = e.at("verdict");
  auto const outcome = at(v, "outcome");
  auto const title = fmt::format("{}: {}", at(e.at("experiment"), "name"), outcome);
  auto const* level = outcome == "ship" ? "notice" : outcome == "ship narrowly" ? "warning" : "error";
  auto out = command(level, spec, title, at(v, "rationale"));
  std::size_t shown = 1;
  if (!e.contains("arm_verdicts")) return out;
  for (auto const& arm : e.at("arms")) {
    auto const id = at(arm, "id");
    if (!e.at("arm_verdicts").contains(id)) continue;
    for (auto const& check : e.at("arm_verdicts").at(id).at("checks")) {
      auto const status = at(check, "status");
      if (status == "pass" || status == "n/a" || shown++ >= kShown) continue;
      out += command("warning", spec, fmt::format("{} {} {}", id, at(check, "id"), status),
                     fmt::format("{}: {}", at(check, "clause"), at(check, "evidence")));
    }
  }
  return out;
}
