#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "html.hpp"
#include "sections.hpp"

namespace itera::html {
namespace {

using Json = nlohmann::json;

std::string section(std::string_view id, std::string_view title, std::string const& body) {
  return fmt::format(
      "<section id=\"{0}\" aria-labelledby=\"{0}-title\">\n<h2 id=\"{0}-title\">{1}</h2>\n{2}</section>\n",
      id, title, body);
}

std::string join(Json const& texts) {
  std::string out;
  for (auto const& text : texts) out += (out.empty() ? "" : ", ") + text.get<std::string>();
  return out;
}

std::string noise(Json const& s_noise) {
  return s_noise.is_number() ? fmt::format("{:.2f}pp", s_noise.get<double>() * 100) : "";
}

std::string effect_with_interval(Json const& effect) {
  return fmt::format("<strong>{}</strong> <span class=\"quiet nowrap\">{}</span>", points(effect.at("delta")),
                     interval(effect));
}

std::string latency(Json const& e, std::string const& arm) {
  auto const& all = e.at("meta").at("latency");
  if (!all.contains(arm) || !all.at(arm).is_object()) return "not measured";
  auto const& l = all.at(arm);
  return fmt::format("{} ms <span class=\"quiet nowrap\">95% under {} ms</span>", number(l.at("p50_ms")),
                     number(l.at("p95_ms")));
}

std::vector<std::string> arm_row(Json const& e, Json const& arm) {
  auto const name = text_at(arm, "name");
  bool const baseline = arm.at("baseline");
  auto const what = baseline ? std::string("what is deployed now") : text_at(arm, "summary");
  auto const reference = text_at(arm, "ref");
  std::vector<std::string> out = {
      fmt::format("{}<span class=\"what\">{}{}</span>", isolated(name), escape(what),
                  reference.empty() ? "" : fmt::format(" (<code>{}</code>)", escape(reference))),
      baseline ? "baseline"
               : fmt::format("{} of {}", escape(join(arm.at("changed"))), isolated(text_at(arm, "from")))};
  bool const tested = e.contains("effect_sizes");
  bool const control = arm.value("control", false);
  out.push_back(tested ? percent(e.at("test_set_aggregate").at(name)) : "not shown");
  if (baseline || !tested) {
    out.insert(out.end(), {"", "", "", ""});
  } else if (control) {
    auto const& c = e.at("controls").at(name);
    out.insert(out.end(), {effect_with_interval(c.at("aggregate")), "", "",
                           fmt::format("control: {}", chip(text_at(c, "reading")))});
  } else {
    auto const& v = e.at("arm_verdicts").at(name);
    out.push_back(effect_with_interval(e.at("effect_sizes").at(name).at("aggregate")));
    out.push_back(number(v.at("p_holm")));
    out.push_back(noise(v.at("s_noise")));
    out.push_back(chip(text_at(v, "outcome")));
  }
  out.push_back(money(arm.at("cost_per_1k_usd")));
  out.push_back(latency(e, name));
  return out;
}

std::string steps_from_parents(Json const& e) {
  std::string out;
  for (auto const& [name, effects] : e.at("effect_sizes").items())
    if (effects.contains("against_parent")) {
      auto const& own = effects.at("against_parent");
      out += fmt::format(
          "<p>What {} changes is its step from {}: {} {}. Only that may be put down to its change.</p>\n",
          isolated(name), isolated(text_at(own, "parent")), points(own.at("delta")), interval(own));
    }
  return out;
}

std::string slice_status(Json const& effect) {
  auto const status = text_at(effect, "status");
  return chip(status == "pass" && text_at(effect, "by_interval") == "fail" ? "pass, loss not excluded"
                                                                           : status);
}

std::string slices(Json const& e, std::string const& arm) {
  auto const& per = e.at("effect_sizes").at(arm).at("per_slice");
  if (per.empty()) return {};
  auto const& scores = e.at("test_set_per_slice");
  auto const base = text_at(e.at("arms").front(), "name");
  std::vector<std::vector<std::string>> cells;
  for (auto const& slice : e.at("slices")) {
    auto const id = text_at(slice, "id");
    auto const& effect = per.at(id);
    cells.push_back(
        {isolated(id), percent(slice.at("production_share")), effect.at("n").dump(),
         percent(scores.at(base).at(id)), percent(scores.at(arm).at(id)), effect_with_interval(effect),
         effect.at("floor").is_number() ? points(effect.at("floor")) : "none", slice_status(effect)});
  }
  return table(fmt::format("{} by slice", arm),
               {{"slice"},
                {"share of production", true},
                {"rows", true},
                {"baseline", true},
                {"arm", true},
                {"effect, 95% interval", true},
                {"floor", true},
                {"status"}},
               cells);
}

std::string failures(Json const& e) {
  auto const& categories = e.at("failure_modes").at("categories");
  if (categories.empty())
    return "<p class=\"note\">No failure category is registered, so a shift towards worse failures would not "
           "be "
           "seen.</p>\n";
  std::vector<Column> columns = {{"failure"}, {"weight", true}};
  for (auto const& arm : e.at("arms")) columns.push_back({text_at(arm, "name"), true});
  std::vector<std::vector<std::string>> cells;
  for (auto const& c : categories) {
    auto const id = text_at(c, "id"), name = text_at(c, "name");
    cells.push_back(
        {isolated(id) + (name == id ? "" : fmt::format("<br><span class=\"quiet\">{}</span>", escape(name))),
         number(c.at("severity_weight"))});
    for (auto const& arm : e.at("arms")) {
      auto const counts =
          e.at("failure_modes").at("test_set_counts").value(text_at(arm, "name"), Json::object());
      cells.back().push_back(counts.contains(id) ? fmt::format("{:.4g}", counts.at(id).get<double>())
                                                 : "n/a");
    }
  }
  auto out = table("Failed test rows by category, mean over trials", columns, cells);
  auto const open = e.at("failure_modes").value("undecided", Json::object());
  for (auto const& [arm, undecided] : open.items())
    for (auto const& [category, answers] : undecided.items())
      out += fmt::format(
          "<p class=\"note\">{} failed answers of {} are not counted under {}: a column that its "
          "condition needs is empty, or the arm gave no answer.</p>\n",
          answers.get<std::uint64_t>(), isolated(arm), isolated(category));
  return out;
}

std::string category_tests(Json const& e) {
  auto const& modes = e.at("failure_modes");
  std::vector<std::vector<std::string>> cells;
  for (auto const& c : modes.at("categories"))
    for (auto const& arm : e.at("arms")) {
      auto const name = text_at(arm, "name");
      if (!modes.value("test_set_effects", Json::object()).contains(name)) continue;
      auto const& effect = modes.at("test_set_effects").at(name).at(text_at(c, "id"));
      cells.push_back({isolated(text_at(c, "id")), isolated(name), effect_with_interval(effect),
                       number(effect.at("p_rise")), number(effect.at("p_sign_flip"))});
    }
  if (cells.empty()) return {};
  auto out = table("Difference of each failure's rate to the baseline",
                   {{"failure"},
                    {"arm"},
                    {"difference, 95% interval", true},
                    {"exact p of a rise", true},
                    {"exact sign-flip p", true}},
                   cells);
  auto const sums = modes.value("weighted_sums", Json::object());
  for (auto const& [name, sum] : sums.items())
    out += fmt::format(
        "<p>The sum of severity weight x failures is {} for {} and {} for the baseline (exact p of a rise "
        "{}).</p>\n",
        number(sum.at("sum")), isolated(name), number(sum.at("baseline_sum")), number(sum.at("p_rise")));
  return out;
}

std::string remarks(Json const& e) {
  std::string out;
  for (auto const& arm : e.at("arms")) {
    if (arm.at("baseline").get<bool>()) continue;
    auto const name = text_at(arm, "name");
    if (!e.at("arm_verdicts").contains(name)) continue;  // a control
    auto const all = e.at("arm_verdicts").at(name).value("remarks", Json::array());
    for (auto const& remark : all)
      out += fmt::format("<li>{}: {}</li>\n", isolated(name), sentence(remark.get<std::string>()));
  }
  return out.empty() ? out : "<ul>\n" + out + "</ul>\n";
}

std::string controls(Json const& e) {
  auto const all = e.value("controls", Json::object());
  if (all.empty()) return {};
  std::vector<std::vector<std::string>> cells;
  for (auto const& [name, c] : all.items()) {
    auto const& effect = c.at("aggregate");
    cells.push_back(
        {isolated(name), isolated(text_at(c, "against")), points(effect.at("delta")),
         effect.at("ci90_low").is_number()
             ? fmt::format("[{}, {}]", points(effect.at("ci90_low")), points(effect.at("ci90_high")))
             : "n/a",
         chip(text_at(c, "reading")), sentence(text_at(c, "evidence"))});
  }
  return "<h3>Controls</h3>\n<p>Arms that are expected to show no effect; they never ship.</p>\n" +
         table(
             "The controls on test",
             {{"control"}, {"against"}, {"effect", true}, {"90% interval", true}, {"reading"}, {"evidence"}},
             cells);
}

std::string secondaries(Json const& e) {
  auto const all = e.value("secondaries", Json::array());
  if (all.empty()) return {};
  std::vector<std::vector<std::string>> cells;
  for (auto const& metric : all)
    for (auto const& arm : metric.at("arms")) {
      auto const& effect = arm.at("effect");
      auto const& clause = arm.at("clause");
      bool const has = effect.is_object();
      cells.push_back({isolated(text_at(metric, "name")), isolated(text_at(arm, "id")),
                       percent(arm.at("score")), has ? effect_with_interval(effect) : "",
                       has ? effect.at("n").dump() : "", arm.at("judge_errors").dump(),
                       !has ? ""
                       : clause.is_object()
                           ? chip(text_at(clause, "status")) + " " + sentence(text_at(clause, "text"))
                           : "descriptive"});
    }
  return "<h3>Secondary metrics</h3>\n<p>Measured beside the metric; they decide nothing but the clauses of "
         "the "
         "rule that name them.</p>\n" +
         table("The arms by the secondary metrics",
               {{"metric"},
                {"arm"},
                {"score", true},
                {"effect, 95% interval", true},
                {"rows", true},
                {"judge errors", true},
                {"clause"}},
               cells);
}

std::string severity(Json const& e) {
  auto const& s = e.at("severity");
  if (!s.is_object()) return "<p>Severity-weighted scores: not applicable, no severity field.</p>\n";
  std::vector<std::vector<std::string>> cells;
  bool few = false;
  for (auto const& arm : e.at("arms")) {
    auto const id = text_at(arm, "id");
    auto const effect = s.value("effects", Json::object()).value(id, Json());
    bool const there = effect.is_object();
    few = few || (there && effect.at("descriptive").get<bool>());
    cells.push_back({isolated(id), percent(s.at("test_set_weighted_accuracy").value(id, Json())),
                     there ? effect_with_interval(effect) : "", there ? number(effect.at("n_kish")) : "",
                     there ? percent(effect.at("largest_share")) : ""});
  }
  auto const out = table(fmt::format("Scores weighted by {}", text_at(s, "field")),
                         {{"arm"},
                          {"weighted score", true},
                          {"weighted effect, 95% interval", true},
                          {"effective rows", true},
                          {"heaviest row", true}},
                         cells);
  return few ? out +
                   "<p class=\"note\">Descriptive only: a row has over 10% of the weight, or the weights "
                   "leave "
                   "fewer than 10 effective rows.</p>\n"
             : out;
}

std::string endings(Json const& all) {
  std::string out;
  for (auto const& [name, n] : all.items())
    if (n.at("arm_errors") != 0 || n.at("judge_errors") != 0 || n.at("missing") != 0)
      out +=
          fmt::format("<li>{}: {} arm errors (scored 0), {} judge errors, {} missing</li>\n", isolated(name),
                      n.at("arm_errors").dump(), n.at("judge_errors").dump(), n.at("missing").dump());
  return out.empty() ? out : "<ul>\n" + out + "</ul>\n";
}

}  // namespace

std::string arms_section(Json const& e) {
  std::vector<std::vector<std::string>> cells;
  for (auto const& arm : e.at("arms")) cells.push_back(arm_row(e, arm));
  auto body = table("The arms and what they scored on test",
                    {{"arm"},
                     {"changes"},
                     {"score", true},
                     {"effect, 95% interval", true},
                     {"p (Holm)", true},
                     {"noise", true},
                     {"verdict"},
                     {"cost per 1k rows", true},
                     {"latency", true}},
                    cells);
  if (auto const judging = e.value("judging_per_1k_usd", Json()); judging.is_number() && judging > 0)
    body +=
        fmt::format("<p>Judging cost {} per 1k rows, which is part of no arm's cost.</p>\n", money(judging));
  if (e.contains("effect_sizes")) body += steps_from_parents(e);
  return section("arms", "Arms", body);
}

std::string test_section(Json const& e) {
  if (!e.contains("effect_sizes"))
    return section(
        "test", "Test",
        text_at(e.at("verdict"), "decided_by") == "blind"
            ? "<p>Test was not opened: too few of its rows would have differed to show anything.</p>\n"
            : "<p>The pass on test did not come to its end; nothing of it is shown.</p>\n");
  auto const rows = e.at("experiment").at("test_set_n").get<std::uint64_t>();
  auto body = fmt::format("<p>{} rows, opened once.</p>\n", count(rows));
  if (rows < 15) body += "<p class=\"note\">Descriptive only: fewer than 15 test rows.</p>\n";
  body += endings(e.at("endings")) + remarks(e);
  for (auto const& arm : e.at("arms")) {
    if (arm.at("baseline").get<bool>() || arm.value("control", false)) continue;
    auto const by_slice = slices(e, text_at(arm, "name"));
    if (!by_slice.empty())
      body += fmt::format("<h3>{} by slice</h3>\n", isolated(text_at(arm, "name"))) + by_slice;
  }
  return section("test", "Test",
                 body + secondaries(e) + controls(e) + "<h3>Failures</h3>\n" + failures(e) +
                     category_tests(e) + severity(e));
}

std::string dev_section(Json const& e) {
  auto const& dev = e.at("dev");
  auto body = fmt::format("<p>{} rows. Scores on dev are exploratory: they decide nothing.</p>\n",
                          count(dev.at("n").get<std::uint64_t>()));
  std::vector<std::vector<std::string>> cells;
  for (auto const& arm : e.at("arms")) {
    auto const name = text_at(arm, "name");
    std::string trials;
    for (auto const& t : dev.at("trials").at(name)) trials += (trials.empty() ? "" : ", ") + percent(t);
    auto const effect = dev.at("effects").value(name, Json());
    cells.push_back({isolated(name), percent(dev.at("scores").at(name)), trials,
                     effect.is_object() ? effect_with_interval(effect) : "",
                     effect.is_object() ? noise(effect.at("s_noise")) : ""});
  }
  body += table("The arms on dev",
                {{"arm"}, {"score", true}, {"trials", true}, {"effect, 95% interval", true}, {"noise", true}},
                cells);
  for (auto const& metric : e.value("secondaries", Json::array())) {
    std::string scores;
    for (auto const& arm : metric.at("arms"))
      scores += fmt::format("{}{} {}", scores.empty() ? "" : ", ", isolated(text_at(arm, "id")),
                            percent(arm.at("dev_score")));
    body += fmt::format("<p>By {}: {}.</p>\n", isolated(text_at(metric, "name")), scores);
  }
  return section("dev", "Dev", body + endings(dev.at("endings"))) +
         section("iterations", "Iterations", "<p>None: the arms were tested as they were registered.</p>\n");
}

}  // namespace itera::html
