#include "pages.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "inert.hpp"

namespace {

using Json = nlohmann::json;

std::string at(Json const& object, char const* key) {
  auto const it = object.find(key);
  return it == object.end() || !it->is_string() ? std::string() : it->get<std::string>();
}

std::string points(Json const& value) {
  if (!value.is_number()) return "n/a";
  auto const out = fmt::format("{:+.1f}pp", value.get<double>() * 100);
  return out == "-0.0pp" ? "+0.0pp" : out;
}

bool judged(Json const& e, std::string const& arm) {
  return e.contains("arm_verdicts") && e.at("arm_verdicts").contains(arm);
}

Json const& effect(Json const& e, std::string const& arm) {
  return e.at("effect_sizes").at(arm).at("aggregate");
}

std::string arms(Json const& e) {
  std::string out =
      "| arm | verdict | effect | 95% interval | rows | decided by |\n|---|---|---|---|---|---|\n";
  for (auto const& arm : e.at("arms")) {
    auto const id = at(arm, "id");
    if (!judged(e, id)) continue;
    auto const& x = effect(e, id);
    auto const interval = x.at("ci_low").is_number()
                              ? fmt::format("{} to {}", points(x.at("ci_low")), points(x.at("ci_high")))
                              : std::string("n/a");
    out += fmt::format("| {} | {} | {} | {} | {} | {} |\n", inert(id),
                       at(e.at("arm_verdicts").at(id), "outcome"), points(x.at("delta")), interval,
                       x.at("n").dump(), inert(at(e.at("arm_verdicts").at(id), "decided_by")));
  }
  return out;
}

std::string clauses(Json const& e, std::string const& id) {
  auto const& v = e.at("arm_verdicts").at(id);
  auto out = fmt::format("\n### {}: {}\n\n| check | clause | status | evidence |\n|---|---|---|---|\n",
                         inert(id), at(v, "outcome"));
  for (auto const& c : v.at("checks"))
    out += fmt::format("| {} | {} | {} | {} |\n", inert(at(c, "id")), inert(at(c, "clause")), at(c, "status"),
                       inert(at(c, "evidence")));
  return out;
}

// By lines, so that no character, table row or escape is cut in two.
std::string cut(std::string const& text, std::size_t limit, std::string const& notice) {
  if (utf16_length(text) < limit) return text;
  auto room = limit - 1 - utf16_length(notice);
  std::string out;
  for (std::size_t begin = 0; begin < text.size();) {
    auto const end = std::min(text.find('\n', begin), text.size() - 1) + 1;
    auto const line = std::string_view(text).substr(begin, end - begin);
    auto const length = utf16_length(line);
    if (length > room) break;
    room -= length;
    out += line;
    begin = end;
  }
  return out + notice;
}

}  // namespace

std::string speaker(Json const& e) {
  if (auto const winner = at(e.at("verdict"), "winner"); !winner.empty()) return winner;
  constexpr std::string_view order[] = {"ship", "ship narrowly", "inconclusive", "kill", "invalid"};
  auto const rank = [&](std::string const& id) {
    return std::find(std::begin(order), std::end(order), at(e.at("arm_verdicts").at(id), "outcome")) -
           std::begin(order);
  };
  auto const delta = [&](std::string const& id) {
    auto const& value = effect(e, id).at("delta");
    return value.is_number() ? value.get<double>() : -2;
  };
  std::string best;
  for (auto const& arm : e.at("arms")) {
    auto const id = at(arm, "id");
    if (!judged(e, id)) continue;
    if (best.empty() || rank(id) < rank(best) || (rank(id) == rank(best) && delta(id) > delta(best)))
      best = id;
  }
  return best;
}

std::string summary(Json const& e) {
  auto const& x = e.at("experiment");
  auto const& v = e.at("verdict");
  auto out =
      fmt::format("## {}: {}\n\n{}\n\n", inert(at(x, "name")), at(v, "outcome"), inert(at(v, "rationale")));
  out += fmt::format("- question: {}\n- rule: {}\n- decided by: {}\n- not shown: {}\n- next: {}\n",
                     inert(at(x, "question")), inert(at(x, "threshold_rule")),
                     inert(at(v, "deciding_clause")), inert(at(v, "not_shown")), inert(at(v, "next")));
  if (!speaker(e).empty()) out += "\n" + arms(e);
  for (auto const& arm : e.at("arms"))
    if (auto const id = at(arm, "id"); judged(e, id)) out += clauses(e, id);
  return out;
}

std::string comment(Json const& e) {
  std::string name;
  for (char const c : at(e.at("experiment"), "name"))
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_') name += c;
  return cut(fmt::format("<!-- itera experiment {} -->\n{}", name, summary(e)), kCommentLimit,
             "\n_Cut: a comment has no room for more. The rest stands in conclusion.md and data.json._\n");
}
