#include "conclusion.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace {

using Json = nlohmann::json;

// Text from specs and data is shown as it is: no mark-up of it takes effect, and no line break ends a table's
// row.
std::string plain(std::string_view text) {
  std::string out;
  for (char const c : text) {
    if (c == '\n' || c == '\r') {
      out += ' ';
      continue;
    }
    if (std::string_view("\\`*_[]<>|#").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

// Our own sentences quote names in backquotes; only what could break a table or start HTML is escaped in
// them.
std::string sentence(std::string_view text) {
  std::string out;
  for (char const c : text) out += c == '|' ? "\\|" : c == '<' ? "&lt;" : c == '\n' ? " " : std::string(1, c);
  return out;
}

std::string text(Json const& value) {
  return value.is_string() ? value.get<std::string>() : value.is_null() ? "" : value.dump();
}
std::string at(Json const& object, char const* key) {
  return object.contains(key) ? text(object.at(key)) : "";
}

std::string percent(Json const& value) {
  return value.is_number() ? fmt::format("{:.1f}%", value.get<double>() * 100) : "n/a";
}
std::string points(Json const& value) {
  if (!value.is_number()) return "n/a";
  auto const out = fmt::format("{:+.1f}pp", value.get<double>() * 100);
  return out == "-0.0pp" ? "+0.0pp" : out;
}
std::string interval(Json const& effect) {
  return effect.at("ci_low").is_number()
             ? fmt::format("[{}, {}]", points(effect.at("ci_low")), points(effect.at("ci_high")))
             : "n/a";
}
std::string number(Json const& value, char const* format = "{:.3g}") {
  return value.is_number() ? fmt::format(fmt::runtime(format), value.get<double>()) : "n/a";
}
std::string money(Json const& value) {
  return value.is_number() ? fmt::format("${:.4g}", value.get<double>()) : "not reported";
}

bool lists(Json const& settings, char const* key, std::string_view word) {
  auto const list = settings.value(key, Json::array());
  return std::find(list.begin(), list.end(), Json(word)) != list.end();
}

// The chart `kind`, if the charts are among this experiment's reports.
std::string picture(Json const& e, char const* kind, char const* shows) {
  for (auto const& report : e.value("reports", Json::array())) {
    auto const& settings = report.at("settings");
    if (at(report, "name") == "charts" && lists(settings, "kinds", kind))
      return fmt::format("\n![{}](charts/{}.{})\n", shows, kind,
                         lists(settings, "formats", "png") ? "png" : "svg");
  }
  return {};
}

std::string arms(Json const& e) {
  std::string out =
      "| arm | from | changes | what it is | reference | cost per 1k rows |\n|---|---|---|---|---|---|\n";
  for (auto const& arm : e.at("arms")) {
    std::string changes;
    for (auto const& c : arm.at("changed")) changes += (changes.empty() ? "" : ", ") + text(c);
    bool const baseline = arm.at("baseline");
    out += fmt::format("| {} | {} | {} | {} | {} | {} |\n", plain(at(arm, "name")),
                       baseline ? "baseline" : plain(at(arm, "from")), plain(changes),
                       baseline ? "what is deployed now" : plain(at(arm, "summary")), plain(at(arm, "ref")),
                       money(arm.at("cost_per_1k_usd")));
  }
  return out;
}

std::string dev(Json const& e) {
  auto const& dev = e.at("dev");
  std::string out = fmt::format(
      "{} rows. Scores on dev are exploratory: they decide nothing.\n\n| arm | score | trials | effect | 95% "
      "interval | noise |\n|---|---|---|---|---|---|\n",
      dev.at("n").dump());
  for (auto const& arm : e.at("arms")) {
    auto const name = at(arm, "name");
    std::string trials;
    for (auto const& t : dev.at("trials").at(name)) trials += (trials.empty() ? "" : ", ") + percent(t);
    auto const effect = dev.at("effects").value(name, Json());
    out += fmt::format("| {} | {} | {} | {} | {} | {} |\n", plain(name), percent(dev.at("scores").at(name)),
                       trials, effect.is_object() ? points(effect.at("delta")) : "",
                       effect.is_object() ? interval(effect) : "",
                       effect.is_object() && effect.at("s_noise").is_number()
                           ? fmt::format("{:.2f}pp", effect.at("s_noise").get<double>() * 100)
                           : "");
  }
  std::string errors;
  for (auto const& [name, endings] : dev.at("endings").items())
    if (endings.at("arm_errors") != 0 || endings.at("judge_errors") != 0 || endings.at("missing") != 0)
      errors += fmt::format("- {}: {} arm errors (scored 0), {} judge errors, {} missing\n", plain(name),
                            endings.at("arm_errors").dump(), endings.at("judge_errors").dump(),
                            endings.at("missing").dump());
  return errors.empty() ? out : out + "\n" + errors;
}

std::string slices(Json const& e, std::string const& arm) {
  auto const& per = e.at("effect_sizes").at(arm).at("per_slice");
  if (per.empty()) return {};
  std::string out =
      "\n| slice | share of production | rows | baseline | arm | effect | 95% interval | floor | status "
      "|\n|---|---|---|---|---|---|---|---|---|\n";
  auto const& scores = e.at("test_set_per_slice");
  auto const base = at(e.at("arms").front(), "name");
  for (auto const& slice : e.at("slices")) {
    auto const id = at(slice, "id");
    auto const& effect = per.at(id);
    out += fmt::format(
        "| {} | {} | {} | {} | {} | {} | {} | {} | {} |\n", plain(id), percent(slice.at("production_share")),
        effect.at("n").dump(), percent(scores.at(base).at(id)), percent(scores.at(arm).at(id)),
        points(effect.at("delta")), interval(effect),
        effect.at("floor").is_number() ? points(effect.at("floor")) : "none",
        at(effect, "status") == "pass" && at(effect, "by_interval") == "fail" ? "pass, loss not excluded"
                                                                              : at(effect, "status"));
  }
  return out;
}

std::string test(Json const& e) {
  if (!e.contains("effect_sizes"))
    return "The pass on test did not come to its end; nothing of it is shown.\n";
  std::string out = fmt::format(
      "{} rows, opened once.\n\n| arm | score | effect | 95% interval | p (Holm) | exact sign-flip p | noise "
      "| verdict |\n|---|---|---|---|---|---|---|---|\n",
      e.at("experiment").at("test_set_n").dump());
  for (auto const& arm : e.at("arms")) {
    auto const name = at(arm, "name");
    auto const score = percent(e.at("test_set_aggregate").at(name));
    if (arm.at("baseline")) {
      out += fmt::format("| {} | {} | | | | | | baseline |\n", plain(name), score);
      continue;
    }
    auto const& effect = e.at("effect_sizes").at(name).at("aggregate");
    auto const& v = e.at("arm_verdicts").at(name);
    out += fmt::format(
        "| {} | {} | {} | {} | {} | {} | {} | {} |\n", plain(name), score, points(effect.at("delta")),
        interval(effect), number(v.at("p_holm")), number(v.at("p_sign_flip")),
        v.at("s_noise").is_number() ? fmt::format("{:.2f}pp", v.at("s_noise").get<double>() * 100) : "n/a",
        at(v, "outcome"));
  }
  out += picture(e, "arm-bar", "Score of each arm, with its trials and the threshold");
  out += picture(e, "forest-plot", "Effect of each arm on all rows and by slice, with 95% intervals");
  for (auto const& [name, effects] : e.at("effect_sizes").items())
    if (effects.contains("against_parent")) {
      auto const& own = effects.at("against_parent");
      out += fmt::format(
          "\nWhat {} changes is its step from {}: {} {}; only that may be put down to its change.\n",
          plain(name), plain(at(own, "parent")), points(own.at("delta")), interval(own));
    }
  if (e.at("experiment").at("test_set_n").get<int>() < 15)
    out += "\n**Descriptive only: fewer than 15 test rows.**\n";
  for (auto const& arm : e.at("arms"))
    if (!arm.at("baseline").get<bool>()) {
      auto const table = slices(e, at(arm, "name"));
      if (!table.empty()) out += fmt::format("\n### {} by slice\n{}", plain(at(arm, "name")), table);
    }
  auto const& categories = e.at("failure_modes").at("categories");
  if (!categories.empty()) {
    out += "\n### Failures (mean over trials, rows)\n\n| failure | weight |";
    for (auto const& arm : e.at("arms")) out += " " + plain(at(arm, "name")) + " |";
    out += "\n|---|---|";
    for (std::size_t i = 0; i < e.at("arms").size(); ++i) out += "---|";
    for (auto const& c : categories) {
      out += fmt::format("\n| {} | {} |", plain(at(c, "name")), number(c.at("severity_weight")));
      for (auto const& arm : e.at("arms"))
        out += " " +
               number(e.at("failure_modes")
                          .at("test_set_counts")
                          .value(at(arm, "name"), Json::object())
                          .value(at(c, "id"), Json()),
                      "{:.4g}") +
               " |";
    }
    out += "\n";
  } else {
    out += "\nNo failure category is registered, so a shift towards worse failures would not be seen.\n";
  }
  return out + "\nSeverity-weighted scores: not applicable, no severity field.\n";
}

std::string verdict(Json const& e) {
  auto const& v = e.at("verdict");
  auto out = fmt::format("**{}.** {}\n", at(v, "outcome"), sentence(at(v, "rationale")));
  if (e.contains("arm_verdicts"))
    for (auto const& arm : e.at("arms")) {
      if (arm.at("baseline").get<bool>()) continue;
      auto const& a = e.at("arm_verdicts").at(at(arm, "name"));
      out += fmt::format("\n### {}: {}\n\n| check | clause | status | evidence |\n|---|---|---|---|\n",
                         plain(at(arm, "name")), at(a, "outcome"));
      for (auto const& c : a.at("checks"))
        out += fmt::format("| {} | {} | {} | {} |\n", at(c, "id"), sentence(at(c, "clause")), at(c, "status"),
                           sentence(at(c, "evidence")));
      if (at(a, "outcome") == "inconclusive" && a.at("rows_needed").is_number())
        out += fmt::format(
            "\nTo show the threshold at the spread seen here takes about {:.0f} test rows (80% power); this "
            "test could show {}.\n",
            a.at("rows_needed").get<double>(), points(a.at("detectable")));
    }
  out += fmt::format("\nNot shown: {}.\n\n### Cost\n\n| arm | score | cost per 1k rows |\n|---|---|---|\n",
                     sentence(at(v, "not_shown")));
  auto const& scores =
      e.contains("test_set_aggregate") ? e.at("test_set_aggregate") : e.at("dev").at("scores");
  for (auto const& arm : e.at("arms"))
    out += fmt::format("| {} | {} | {} |\n", plain(at(arm, "name")), percent(scores.at(at(arm, "name"))),
                       money(arm.at("cost_per_1k_usd")));
  if (e.contains("test_set_aggregate"))
    out += picture(e, "cost-vs-accuracy", "Score of each arm over its cost");
  for (auto const& [name, l] : e.at("meta").at("latency").items())
    if (l.is_object())
      out += fmt::format(
          "\nLatency of {} (not covered by any digest): mean {} ms, median {} ms, 95% under {} ms.\n",
          plain(name), number(l.at("mean_ms")), number(l.at("p50_ms")), number(l.at("p95_ms")));
  return out + fmt::format("\n### What to do next\n\n{}.\n", sentence(at(v, "next")));
}

std::string audit(Json const& e) {
  std::string out =
      "Computed from the ledger and the records.\n\n| line | answer | evidence |\n|---|---|---|\n";
  for (auto const& line : e.at("self_audit"))
    out += fmt::format("| {} | {} | {} |\n", sentence(at(line, "line")), at(line, "answer"),
                       sentence(at(line, "evidence")));
  std::string amended;
  for (auto const& entry : e.at("ledger"))
    if (at(entry, "kind") == "amended")
      for (auto const& change : entry.at("body").at("changes"))
        amended += fmt::format("- {}\n", plain(text(change)));
  if (!amended.empty()) out += "\nAmended between the two locks:\n\n" + amended;
  return out + fmt::format("\nframe `{}`  \nplan `{}`  \nledger `{}`\n", at(e.at("digests"), "frame"),
                           at(e.at("digests"), "plan"), at(e.at("digests"), "ledger"));
}

}  // namespace

std::string conclusion(Json const& e) {
  auto const& x = e.at("experiment");
  auto const& v = e.at("verdict");
  std::string out = fmt::format("# {}: {}\n\n## 1. In short\n\n{} Next: {}.\n", plain(at(x, "name")),
                                at(v, "outcome"), sentence(at(v, "rationale")), sentence(at(v, "next")));
  out += fmt::format("\n## 2. Question\n\n> {}\n\nHypothesis: {}\n", plain(at(x, "question")),
                     plain(at(x, "hypothesis")));
  out += fmt::format("\n## 3. Arms\n\n{}", arms(e));
  out +=
      fmt::format("\n## 4. Metric and rule\n\n`{}`; rows: {}; the rule, fixed before any row was read:\n\n",
                  at(x, "metric"), plain(at(x, "origin")));
  for (auto const& line : e.at("rule"))
    out += fmt::format("- {} {}{}\n", at(line, "check"), sentence(at(line, "text")),
                       line.at("implied").get<bool>() ? " _(always applies)_" : "");
  out += fmt::format("\n## 5. Dev\n\n{}", dev(e));
  out += "\n## 6. Iterations\n\nNone: the arms were tested as they were registered.\n";
  out += fmt::format("\n## 7. Test\n\n{}", test(e));
  out += fmt::format("\n## 8. Verdict\n\n{}", verdict(e));
  out += fmt::format("\n## 9. Self-audit\n\n{}", audit(e));
  return out;
}
