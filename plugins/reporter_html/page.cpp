#include "page.hpp"

#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "assets.hpp"
#include "html.hpp"
#include "rows_table.hpp"
#include "sections.hpp"

namespace itera::html {
namespace {

using Json = nlohmann::json;

std::string head(Json const& e) {
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{}'; "
      "script-src 'sha256-{}'; base-uri 'none'; form-action 'none'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" "
      "content=\"no-referrer\">\n"
      "<title>{}: {}</title>\n<style>{}</style>\n</head>\n",
      kStyleHash, kScriptHash, escape(text_at(e.at("experiment"), "name")),
      escape(text_at(e.at("verdict"), "outcome")), kStyle);
}

std::string bar(Json const& e) {
  std::string links;
  for (auto const& [id, name] : {std::pair{"arms", "Arms"},
                                 {"charts", "Charts"},
                                 {"rule", "Rule"},
                                 {"test", "Test"},
                                 {"dev", "Dev"},
                                 {"split", "Split"},
                                 {"rows", "Rows"},
                                 {"audit", "Self-audit"},
                                 {"ledger", "Ledger"}})
    links += fmt::format("<li><a href=\"#{}\">{}</a></li>", id, name);
  return fmt::format(
      "<a class=\"skip\" href=\"#main\">Skip to the verdict</a>\n<header class=\"bar\">\n"
      "<a class=\"name\" href=\"#main\">{} {}</a>\n<nav aria-label=\"Sections\"><ul>{}</ul></nav>\n"
      "<button type=\"button\" id=\"theme\" hidden>Dark</button>\n</header>\n",
      isolated(text_at(e.at("experiment"), "name")), chip(text_at(e.at("verdict"), "outcome")), links);
}

}  // namespace

std::string page(Json const& e, Selection const& rows) {
  std::vector<std::string> arms;
  for (auto const& arm : e.at("arms")) arms.push_back(text_at(arm, "name"));
  auto out = head(e) + "<body>\n" + icons() + bar(e) + "<main id=\"main\" tabindex=\"-1\">\n";
  out += verdict_section(e) + arms_section(e) + charts_section(e) + rule_section(e) + test_section(e) +
         dev_section(e) + split_section(e);
  out += "<section id=\"rows\" aria-labelledby=\"rows-title\">\n<h2 id=\"rows-title\">Rows</h2>\n" +
         rows_table(rows, arms) + "</section>\n";
  out += audit_section(e) + ledger_section(e);
  out +=
      "</main>\n<footer><p>Every number is one of <code>data.json</code>; the rows are those of "
      "<code>rows.jsonl</code>.</p></footer>\n<div id=\"tip\" role=\"tooltip\" hidden></div>\n";
  return out + fmt::format("<script>{}</script>\n</body>\n</html>\n", kScript);
}

}  // namespace itera::html
