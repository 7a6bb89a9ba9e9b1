#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "html.hpp"
#include "sections.hpp"

namespace itera::html {
namespace {

using Json = nlohmann::json;

std::string fact(std::string_view name, std::string const& text) {
  return fmt::format("<div><dt>{}</dt><dd>{}.</dd></div>\n", name, sentence(text));
}

std::string arm_checks(Json const& arm, Json const& verdict, Json const& whole) {
  std::vector<std::vector<std::string>> cells;
  for (auto const& c : verdict.at("checks"))
    cells.push_back({escape(text_at(c, "id")), chip(text_at(c, "status")), sentence(text_at(c, "clause")),
                     sentence(text_at(c, "evidence"))});
  auto const name = text_at(arm, "name");
  auto out = fmt::format("<h3>{} {}</h3>\n", isolated(name), chip(text_at(verdict, "outcome")));
  out += table(fmt::format("The rule on {}", name), {{"check"}, {"status"}, {"clause"}, {"evidence"}}, cells);
  if (text_at(verdict, "outcome") == "inconclusive" && verdict.at("rows_needed").is_number() &&
      verdict.at("rows_needed") > whole.at("n"))
    out += fmt::format(
        "<p>To show the threshold at the spread seen here takes about {:.0f} test rows (80% power); this "
        "test "
        "could show {}.</p>\n",
        verdict.at("rows_needed").get<double>(), points(verdict.at("detectable")));
  return out;
}

}  // namespace

std::string verdict_section(Json const& e) {
  auto const& x = e.at("experiment");
  auto const& v = e.at("verdict");
  auto const outcome = text_at(v, "outcome");
  auto const& rows = x.at("test_set_n");
  auto const trials = x.at("trials_per_arm").get<unsigned>();
  return fmt::format(
      "<section id=\"verdict\" aria-labelledby=\"title\">\n"
      "<p class=\"eyebrow\">{} on {} rows{}, {} {} per arm</p>\n"
      "<div class=\"title\"><h1 id=\"title\">{}</h1> {}</div>\n"
      "<p class=\"question\">{}</p>\n"
      "<p class=\"rationale\">{}</p>\n"
      "<dl class=\"facts\">\n{}{}{}</dl>\n"
      "<p class=\"hypothesis\"><strong>Hypothesis, as framed:</strong> {}</p>\n"
      "</section>\n",
      escape(text_at(x, "metric")), escape(text_at(x, "origin")),
      rows.is_number_unsigned() ? fmt::format(", {} of them test", count(rows.get<std::uint64_t>())) : "",
      trials, trials == 1 ? "trial" : "trials", isolated(text_at(x, "name")), chip(outcome),
      escape(text_at(x, "question")), sentence(text_at(v, "rationale")),
      fact("Decided by", text_at(v, "deciding_clause")), fact("Not shown", text_at(v, "not_shown")),
      fact("What to do next", text_at(v, "next")), escape(text_at(x, "hypothesis")));
}

std::string rule_section(Json const& e) {
  std::string lines;
  for (auto const& line : e.at("rule"))
    lines +=
        fmt::format("<li><strong>{}</strong> {}{}</li>\n", escape(text_at(line, "check")),
                    sentence(text_at(line, "text")),
                    line.at("implied").get<bool>() ? " <span class=\"quiet\">always applies</span>" : "");
  auto out = fmt::format(
      "<section id=\"rule\" aria-labelledby=\"rule-title\">\n<h2 id=\"rule-title\">Rule, clause by "
      "clause</h2>\n<p>Fixed before any row was read.</p>\n<ul class=\"rule\">\n{}</ul>\n",
      lines);
  if (e.contains("arm_verdicts"))
    for (auto const& arm : e.at("arms"))
      if (!arm.at("baseline").get<bool>() && !arm.value("control", false))
        out += arm_checks(arm, e.at("arm_verdicts").at(text_at(arm, "name")),
                          e.at("effect_sizes").at(text_at(arm, "name")).at("aggregate"));
  return out + "</section>\n";
}

}  // namespace itera::html
