// Question, arms, rule, dev, iterations and self-audit; the test pass and what follows from it stand in
// results.cpp.
#include "sections.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "words.hpp"

using Json = nlohmann::json;

std::string from(std::vector<std::string> const& members) {
  return fmt::format("_From `data.json`: `{}`._\n\n", fmt::join(members, "`, `"));
}

std::string question_section(Json const& e) {
  auto const& x = e.at("experiment");
  return fmt::format("> {}\n\nHypothesis: {}\n", plain(at(x, "question")), plain(at(x, "hypothesis")));
}

std::string arms_section(Json const& e) {
  auto out =
      from({"arms"}) +
      "| arm | from | changes | what it is | reference | cost per 1k rows |\n|---|---|---|---|---|---|\n";
  for (auto const& arm : e.at("arms")) {
    std::string changes;
    for (auto const& c : arm.at("changed")) changes += (changes.empty() ? "" : ", ") + text(c);
    bool const baseline = arm.at("baseline");
    out +=
        fmt::format("| {} | {} | {} | {} | {} | {} |\n", plain(at(arm, "name")),
                    baseline ? "baseline" : plain(at(arm, "from")), plain(changes),
                    baseline ? "what is deployed now"
                             : (arm.value("control", false) ? "control: " : "") + plain(at(arm, "summary")),
                    plain(at(arm, "ref")), money(arm.at("cost_per_1k_usd")));
  }
  return out;
}

std::string rule_section(Json const& e) {
  auto const& x = e.at("experiment");
  auto const origin = at(x, "origin");
  auto out =
      fmt::format("The metric is `{}`, scored row by row; the rows come from production.", at(x, "metric"));
  if (origin != "production")
    out = fmt::format(
        "The metric is `{}`, scored row by row. The rows were {}: what is shown for them is shown for "
        "production "
        "only as far as they are like it.",
        at(x, "metric"), plain(origin));
  if (auto const folds = folds_paragraph(e); !folds.empty())
    out += "\n\n" + folds;
  else
    out += " ";
  out += "The rule, threshold included, was fixed before any row was read:\n\n" + from({"rule"});
  for (auto const& line : e.at("rule"))
    out += fmt::format("- {} {}{}\n", at(line, "check"), sentence(at(line, "text")),
                       line.at("implied").get<bool>() ? " _(always applies)_" : "");
  return out;
}

std::string dev_section(Json const& e) {
  auto const& dev = e.at("dev");
  auto out =
      fmt::format("{} rows. Scores on dev are exploratory: they decide nothing.\n\n", dev.at("n").dump()) +
      from({"dev"}) + "| arm | score | trials | effect | 95% interval | noise |\n|---|---|---|---|---|---|\n";
  for (auto const& arm : e.at("arms")) {
    auto const name = at(arm, "name");
    std::string trials;
    for (auto const& t : dev.at("trials").at(name)) trials += (trials.empty() ? "" : ", ") + percent(t);
    auto const effect = dev.at("effects").value(name, Json());
    bool const has = effect.is_object();
    out += fmt::format("| {} | {} | {} | {} | {} | {} |\n", plain(name), percent(dev.at("scores").at(name)),
                       trials, has ? points(effect.at("delta")) : "", has ? interval(effect) : "",
                       has ? noise(effect.at("s_noise")) : "");
  }
  for (auto const& metric : e.value("secondaries", Json::array())) {
    out += fmt::format("\nBy {}:", plain(at(metric, "name")));
    for (auto const& arm : metric.at("arms"))
      out += fmt::format("{} {} {}", &arm == &metric.at("arms").front() ? "" : ",", plain(at(arm, "id")),
                         percent(arm.at("dev_score")));
    out += ".\n";
  }
  return out + endings(dev.at("endings"));
}

std::string iterations_section(Json const&) {
  return "None: the arms were tested as they were registered.\n";
}

std::string audit_section(Json const& e) {
  auto out =
      "Computed from the ledger, from the plan whose digest it holds, and from the counts of the test "
      "pass.\n\n" +
      from({"self_audit"}) + "| line | answer | evidence |\n|---|---|---|\n";
  for (auto const& line : e.at("self_audit"))
    out += fmt::format("| {} | {} | {} |\n", sentence(at(line, "line")), at(line, "answer"),
                       sentence(at(line, "evidence")));
  std::string amended;
  for (auto const& entry : e.at("ledger"))
    if (at(entry, "kind") == "amended")
      for (auto const& change : entry.at("body").at("changes"))
        amended += fmt::format("- {}\n", plain(text(change)));
  if (!amended.empty()) out += "\nAmended between the two locks:\n\n" + amended;
  out += distribution_section(e);
  auto const& digests = e.at("digests");
  return out + fmt::format("\nframe `{}`  \nplan `{}`  \nledger `{}`\n", at(digests, "frame"),
                           at(digests, "plan"), at(digests, "ledger"));
}
