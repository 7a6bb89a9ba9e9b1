// The pass on test, the verdict and its cost.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "sections.hpp"
#include "words.hpp"

namespace {

using Json = nlohmann::json;

bool concluded(Json const& e) {
  return e.contains("effect_sizes");
}

bool lists(Json const& settings, char const* key, std::string_view word) {
  auto const list = settings.value(key, Json::array());
  return std::find(list.begin(), list.end(), Json(word)) != list.end();
}

std::string shown(Json const& e, std::string_view kind) {
  for (auto const& chart : charts_of(e))
    if (chart.file.find(kind) != std::string::npos)
      return fmt::format("\n![{}]({})\n", plain(chart.alt), chart.file);
  return {};
}

std::string slices(Json const& e, std::string const& arm) {
  auto const& per = e.at("effect_sizes").at(arm).at("per_slice");
  if (per.empty()) return {};
  auto out = fmt::format("\n### {} by slice\n\n", plain(arm)) +
             from({"slices", fmt::format("effect_sizes.{}.per_slice", arm)}) +
             "| slice | share of production | rows | baseline | arm | effect | 95% interval | floor | status "
             "|\n|---|---|---|---|---|---|---|---|---|\n";
  for (auto const& slice : e.at("slices")) {
    auto const id = at(slice, "id");
    auto const& effect = per.at(id);
    bool const unsure = at(effect, "status") == "pass" && at(effect, "by_interval") == "fail";
    out += fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} | {} |\n", plain(id),
                       percent(slice.at("production_share")), effect.at("n").dump(),
                       percent(effect.at("baseline_score")), percent(effect.at("arm_score")),
                       points(effect.at("delta")), interval(effect),
                       effect.at("floor").is_number() ? points(effect.at("floor")) : "none",
                       unsure ? "pass, loss not excluded" : at(effect, "status"));
  }
  return out;
}

bool is_control(Json const& arm) {
  return arm.value("control", false);
}

std::string controls(Json const& e) {
  auto const all = e.value("controls", Json::object());
  if (all.empty()) return {};
  auto out =
      "\n### Controls\n\nArms that are expected to show no effect; they never ship.\n\n" +
      from({"controls"}) +
      "| control | against | effect | 90% interval | reading | evidence |\n|---|---|---|---|---|---|\n";
  for (auto const& [name, c] : all.items()) {
    auto const& effect = c.at("aggregate");
    out += fmt::format(
        "| {} | {} | {} | {} | {} | {} |\n", plain(name), plain(at(c, "against")), points(effect.at("delta")),
        effect.at("ci90_low").is_number()
            ? fmt::format("[{}, {}]", points(effect.at("ci90_low")), points(effect.at("ci90_high")))
            : "n/a",
        at(c, "reading"), sentence(at(c, "evidence")));
  }
  return out;
}

std::string secondaries(Json const& e) {
  auto const all = e.value("secondaries", Json::array());
  if (all.empty()) return {};
  auto out =
      "\n### Secondary metrics\n\nMeasured beside the metric; they decide nothing but the clauses of the "
      "rule that name them.\n\n" +
      from({"secondaries"}) +
      "| metric | arm | score | effect | 95% interval | rows | judge errors | floor | status "
      "|\n|---|---|---|---|---|---|---|---|---|\n";
  for (auto const& metric : all)
    for (auto const& arm : metric.at("arms")) {
      auto const& effect = arm.at("effect");
      auto const& clause = arm.at("clause");
      bool const has = effect.is_object(), held = clause.is_object();
      out +=
          fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} | {} |\n", plain(at(metric, "name")),
                      plain(at(arm, "id")), percent(arm.at("score")), has ? points(effect.at("delta")) : "",
                      has ? interval(effect) : "", has ? effect.at("n").dump() : "",
                      arm.at("judge_errors").dump(), held ? sentence(at(clause, "text")) : "",
                      held  ? at(clause, "status")
                      : has ? "descriptive"
                            : "");
    }
  return out;
}

std::string aggregate(Json const& e) {
  auto out = from({"test_set_aggregate", "effect_sizes", "arm_verdicts"}) +
             "| arm | score | effect | 95% interval | p (Holm) | exact sign-flip p | noise | verdict "
             "|\n|---|---|---|---|---|---|---|---|\n";
  for (auto const& arm : e.at("arms")) {
    auto const name = at(arm, "name");
    auto const score = percent(e.at("test_set_aggregate").at(name));
    if (arm.at("baseline")) {
      out += fmt::format("| {} | {} | | | | | | baseline |\n", plain(name), score);
      continue;
    }
    if (is_control(arm)) {
      out += fmt::format("| {} | {} | | | | | | control: {} |\n", plain(name), score,
                         at(e.at("controls").at(name), "reading"));
      continue;
    }
    auto const& effect = e.at("effect_sizes").at(name).at("aggregate");
    auto const& v = e.at("arm_verdicts").at(name);
    out += fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} |\n", plain(name), score,
                       points(effect.at("delta")), interval(effect), shortened(v.at("p_holm")),
                       shortened(v.at("p_sign_flip")), noise(v.at("s_noise")), at(v, "outcome"));
  }
  for (auto const& [name, effects] : e.at("effect_sizes").items())
    if (effects.contains("against_parent")) {
      auto const& own = effects.at("against_parent");
      out += fmt::format(
          "\nWhat {} changes is its step from {}: {} {}; only that may be put down to its change.\n",
          plain(name), plain(at(own, "parent")), points(own.at("delta")), interval(own));
    }
  return out;
}

// What stands beside the effects: dev against test, trials against rows, production's mix.
std::string remarks(Json const& e) {
  std::string out;
  for (auto const& arm : e.at("arms")) {
    if (arm.at("baseline").get<bool>()) continue;
    auto const name = at(arm, "name");
    if (!e.at("arm_verdicts").contains(name)) continue;  // a control
    auto const all = e.at("arm_verdicts").at(name).value("remarks", Json::array());
    for (auto const& remark : all)
      out += fmt::format("{}- {}: {}\n", out.empty() ? "\n" : "", plain(name), sentence(text(remark)));
  }
  return out;
}

// The rate's difference and the exact test, of every category on every arm.
std::string category_tests(Json const& e) {
  if (!e.at("failure_modes").contains("test_set_effects")) return {};
  auto out = "\n" + from({"failure_modes"}) +
             "| failure | arm | difference in rate | 95% interval | exact p of a rise | exact sign-flip p "
             "|\n|---|---|---|---|---|---|\n";
  auto const& modes = e.at("failure_modes");
  for (auto const& c : modes.at("categories"))
    for (auto const& arm : e.at("arms")) {
      auto const name = at(arm, "name");
      if (!modes.value("test_set_effects", Json::object()).contains(name)) continue;
      auto const& effect = modes.at("test_set_effects").at(name).at(at(c, "id"));
      out += fmt::format("| {} | {} | {} | {} | {} | {} |\n", plain(at(c, "name")), plain(name),
                         points(effect.at("delta")), interval(effect), shortened(effect.at("p_rise")),
                         shortened(effect.at("p_sign_flip")));
    }
  auto const sums = modes.value("weighted_sums", Json::object());
  for (auto const& [name, sum] : sums.items())
    out += fmt::format(
        "\nThe sum of severity weight x failures is {:.4g} for {} and {:.4g} for {} on the rows "
        "that both have (exact p of a rise {}).\n",
        sum.at("sum").get<double>(), plain(name), sum.at("baseline_sum").get<double>(),
        plain(at(e.at("arms").front(), "name")), shortened(sum.at("p_rise")));
  return out;
}

// Failed answers that a condition could say nothing of are in no count, which has to be said.
std::string undecided(Json const& modes) {
  std::string out;
  auto const open = modes.value("undecided", Json::object());
  for (auto const& [arm, categories] : open.items())
    for (auto const& [category, answers] : categories.items())
      out += fmt::format(
          "\n{} failed answers of `{}` are not counted under `{}`: a column that its condition "
          "needs is empty, or the arm gave no answer.\n",
          answers.get<std::uint64_t>(), arm, category);
  return out;
}

std::string failures(Json const& e) {
  auto const& modes = e.at("failure_modes");
  if (modes.at("categories").empty())
    return "\nNo failure category is registered, so a shift towards worse failures would not be seen.\n";
  auto out =
      "\n### Failures\n\nRows that end in each failure, mean over the trials; in brackets the difference to "
      "the baseline on the rows that both have.\n\n" +
      from({"failure_modes"}) + "| failure | weight |";
  for (auto const& arm : e.at("arms")) out += " " + plain(at(arm, "name")) + " |";
  out += "\n|---|---|";
  for (std::size_t i = 0; i < e.at("arms").size(); ++i) out += "---|";
  auto const of = [&](char const* map, Json const& arm, Json const& category) {
    return modes.at(map).value(at(arm, "name"), Json::object()).value(at(category, "id"), Json());
  };
  for (auto const& c : modes.at("categories")) {
    out += fmt::format("\n| {} | {} |", plain(at(c, "name")), shortened(c.at("severity_weight")));
    for (auto const& arm : e.at("arms")) {
      auto const count = of("test_set_counts", arm, c), delta = of("test_set_deltas", arm, c);
      out += count.is_number() ? fmt::format(" {:.4g}", count.get<double>()) : " n/a";
      if (delta.is_number()) out += fmt::format(" ({:+.4g})", delta.get<double>());
      out += " |";
    }
  }
  out += "\n" + undecided(modes);
  // Zeros of a judge that tags nothing look like rows that never failed.
  for (auto const& c : e.at("arm_verdicts").begin()->at("checks"))
    if (at(c, "id") == "C5" && at(c, "status") == "n/a")
      return out + fmt::format("\nThese counts show nothing: {}.\n", sentence(at(c, "evidence")));
  return out + category_tests(e);
}

std::string severity(Json const& e) {
  if (!e.at("severity").is_object())
    return "\nSeverity-weighted scores: not applicable, no severity field.\n";
  auto const& s = e.at("severity");
  bool few = false;
  auto out = fmt::format("\n### Severity-weighted scores\n\nEach row counts by `{}`.\n\n", at(s, "field")) +
             from({"severity", "effect_sizes"}) +
             "| arm | weighted score | weighted effect | 95% interval | effective rows | heaviest row | "
             "unweighted effect |\n|---|---|---|---|---|---|---|\n";
  for (auto const& arm : e.at("arms")) {
    auto const id = at(arm, "id");
    auto const score = percent(s.at("test_set_weighted_accuracy").value(id, Json()));
    auto const effect = s.value("effects", Json::object()).value(id, Json());
    if (!effect.is_object()) {
      out += fmt::format("| {} | {} | | | | | |\n", plain(at(arm, "name")), score);
      continue;
    }
    out += fmt::format("| {} | {} | {} | {} | {} | {} | {} |\n", plain(at(arm, "name")), score,
                       points(effect.at("delta")), interval(effect), shortened(effect.at("n_kish")),
                       percent(effect.at("largest_share")),
                       points(e.at("effect_sizes").at(id).at("aggregate").at("delta")));
    few = few || effect.at("descriptive").get<bool>();
  }
  if (few)
    out +=
        "\n**Descriptive only: a row has over 10% of the weight, or the weights leave fewer than 10 "
        "effective "
        "rows.**\n";
  return out;
}

// " [0.3, 0.5]", open where too few calls were made
std::string bounds(Json const& latency, std::string const& quantile) {
  auto const low = latency.value(quantile + "_ci_low_ms", Json()),
             high = latency.value(quantile + "_ci_high_ms", Json());
  if (!low.is_number() && !high.is_number()) return {};
  return fmt::format(" [{}, {}]", low.is_number() ? shortened(low) : "0",
                     high.is_number() ? shortened(high) : "no bound");
}

std::string cost(Json const& e) {
  bool const on_test = e.contains("test_set_aggregate");
  // Where a first call is known, it is not among those that the mean is of.
  bool const first = std::any_of(e.at("arms").begin(), e.at("arms").end(), [](Json const& arm) {
    return arm.value("cost_first_call_usd", Json()).is_number();
  });
  // What was paid is only shown where it is another figure: where prompt caches were written.
  bool const billed = std::any_of(e.at("arms").begin(), e.at("arms").end(), [](Json const& arm) {
    auto const paid = arm.value("billed_per_1k_usd", Json()), steady = arm.at("cost_per_1k_usd");
    return paid.is_number() && steady.is_number() &&
           std::abs(paid.get<double>() - steady.get<double>()) > 0.01 * steady.get<double>();
  });
  auto out =
      "\n### Cost\n\n" + from({"arms", on_test ? "test_set_aggregate" : "dev.scores"}) +
      fmt::format("| arm | score | cost per 1k rows |{}{} on the Pareto front |\n|---|---|---|{}{}---|\n",
                  first ? " the first call, apart |" : "", billed ? " as billed |" : "", first ? "---|" : "",
                  billed ? "---|" : "");
  auto const& scores = on_test ? e.at("test_set_aggregate") : e.at("dev").at("scores");
  for (auto const& arm : e.at("arms")) {
    std::string by;
    for (auto const& name : arm.at("dominated_by")) by += (by.empty() ? "" : ", ") + plain(text(name));
    out += fmt::format("| {} | {} | {} |{}{} {} |\n", plain(at(arm, "name")),
                       percent(scores.at(at(arm, "name"))), money(arm.at("cost_per_1k_usd")),
                       first ? fmt::format(" {} |", money(arm.value("cost_first_call_usd", Json()))) : "",
                       billed ? fmt::format(" {} |", money(arm.value("billed_per_1k_usd", Json()))) : "",
                       is_control(arm)                    ? "control"
                       : arm.at("dominated_by").is_null() ? "n/a: a cost or a score is not known"
                       : by.empty()                       ? "yes"
                                                          : "no, behind " + by);
  }
  if (auto const judging = e.value("judging_per_1k_usd", Json()); judging.is_number() && judging > 0)
    out += fmt::format("\nJudging cost {} per 1k rows, which is part of no arm's cost.\n", money(judging));
  out += shown(e, "cost-vs-accuracy");
  auto const& latency = e.at("meta").at("latency");
  for (auto const& arm : e.at("arms"))
    if (auto const name = at(arm, "name"); latency.value(name, Json()).is_object()) {
      auto const& l = latency.at(name);
      out += fmt::format(
          "\nLatency of {} (`data.json`: `meta.latency`, not covered by any digest): mean {} ms, median "
          "{} ms{}, 95% under {} ms{}{}.\n",
          plain(name), shortened(l.at("mean_ms")), shortened(l.at("p50_ms")), bounds(l, "p50"),
          shortened(l.at("p95_ms")), bounds(l, "p95"),
          l.value("first_ms", Json()).is_number()
              ? fmt::format("; the first call, apart, {} ms", shortened(l.at("first_ms")))
              : "");
    }
  return out;
}

}  // namespace

std::string endings(Json const& by_arm) {
  std::string out;
  for (auto const& [name, endings] : by_arm.items())
    if (endings.at("arm_errors") != 0 || endings.at("judge_errors") != 0 || endings.at("missing") != 0)
      out += fmt::format("{}- {}: {} arm errors (scored 0), {} judge errors, {} missing\n",
                         out.empty() ? "\n" : "", plain(name), endings.at("arm_errors").dump(),
                         endings.at("judge_errors").dump(), endings.at("missing").dump());
  return out;
}

std::vector<Chart> charts_of(Json const& e) {
  auto const reports = e.value("reports", Json::array());
  auto const charts = std::find_if(reports.begin(), reports.end(),
                                   [](auto const& report) { return at(report, "name") == "charts"; });
  if (!concluded(e) || charts == reports.end()) return {};
  std::string scores, effects, costs;
  auto const add = [](std::string& to, std::string const& part) { to += (to.empty() ? "" : ", ") + part; };
  for (auto const& arm : e.at("arms")) {
    auto const name = at(arm, "name");
    auto const score = percent(e.at("test_set_aggregate").at(name));
    add(scores, fmt::format("{} {}", name, score));
    add(costs, fmt::format("{} {} at {}", name, score, money(arm.at("cost_per_1k_usd"))));
    if (arm.at("baseline").get<bool>() || !e.at("effect_sizes").contains(name)) continue;
    auto const& effect = e.at("effect_sizes").at(name).at("aggregate");
    add(effects, fmt::format("{} {} {}", name, points(effect.at("delta")), interval(effect)));
  }
  auto const& x = e.at("experiment");
  auto const& settings = charts->at("settings");
  std::vector<Chart> out;
  for (auto const& [kind, alt] :
       {std::pair{"arm-bar", fmt::format("Arm bar: {} on test, {}", at(x, "metric"), scores)},
        {"forest-plot", fmt::format("Forest plot: effect on {} against the baseline in all and by slice, {}",
                                    at(x, "metric"), effects)},
        {"cost-vs-accuracy", fmt::format("Cost against {}: {} per 1k rows", at(x, "metric"), costs)}})
    if (lists(settings, "kinds", kind))
      out.push_back(
          {fmt::format("charts/{}.{}", kind, lists(settings, "formats", "png") ? "png" : "svg"), alt});
  return out;
}

std::string test_section(Json const& e) {
  if (!concluded(e))
    return at(e.at("verdict"), "decided_by") == "blind"
               ? "Test was not opened: too few of its rows would have differed to show anything.\n"
               : "The pass on test did not come to its end; nothing of it is shown.\n";
  auto const& x = e.at("experiment");
  auto out = fmt::format("{} rows, opened once.\n\n", x.at("test_set_n").dump()) + aggregate(e);
  if (x.at("test_set_n").get<int>() < 15) out += "\n**Descriptive only: fewer than 15 test rows.**\n";
  out += endings(e.at("endings")) + remarks(e) + shown(e, "arm-bar") + shown(e, "forest-plot");
  for (auto const& arm : e.at("arms"))
    if (!arm.at("baseline").get<bool>() && !is_control(arm)) out += slices(e, at(arm, "name"));
  return out + secondaries(e) + controls(e) + failures(e) + severity(e);
}

std::string verdict_section(Json const& e) {
  auto const& v = e.at("verdict");
  auto out = fmt::format("**{}.** {}\n", at(v, "outcome"), sentence(at(v, "rationale")));
  if (e.contains("arm_verdicts"))
    for (auto const& arm : e.at("arms")) {
      if (arm.at("baseline").get<bool>() || is_control(arm)) continue;
      auto const& a = e.at("arm_verdicts").at(at(arm, "name"));
      out += fmt::format("\n### {}: {}\n\n{}\n\n", plain(at(arm, "name")), at(a, "outcome"),
                         sentence(at(a, "clause_by_clause"))) +
             from({fmt::format("arm_verdicts.{}.checks", at(arm, "name"))}) +
             "| check | clause | status | evidence |\n|---|---|---|---|\n";
      for (auto const& c : a.at("checks"))
        out += fmt::format("| {} | {} | {} | {} |\n", at(c, "id"), sentence(at(c, "clause")), at(c, "status"),
                           sentence(at(c, "evidence")));
      auto const& whole = e.at("effect_sizes").at(at(arm, "name")).at("aggregate");
      if (at(a, "outcome") == "inconclusive" && a.at("rows_needed").is_number() &&
          a.at("rows_needed") > whole.at("n"))
        out += fmt::format(
            "\nTo show the threshold at the spread seen here takes about {:.0f} test rows (80% power); "
            "this test could show {}.\n",
            a.at("rows_needed").get<double>(), points(a.at("detectable")));
    }
  return out + fmt::format("\nNot shown: {}.\n", sentence(at(v, "not_shown"))) + cost(e) +
         fmt::format("\n### What to do next\n\n{}.\n", sentence(at(v, "next")));
}
