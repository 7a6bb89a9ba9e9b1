#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "html.hpp"
#include "sections.hpp"

namespace itera::html {
namespace {

using Json = nlohmann::json;

// 12 characters tell the entries of a ledger apart; the whole digest stands in the entry and in the title.
std::string short_digest(std::string const& digest) {
  return fmt::format("<code title=\"{}\">{}</code>", escape(digest), escape(visible(digest, 12)));
}

std::string answers(Json const& audit) {
  std::string out;
  for (auto const* answer : {"yes", "no", "cannot be shown", "not applicable"}) {
    auto const n = std::count_if(audit.begin(), audit.end(),
                                 [&](Json const& line) { return line.at("answer") == answer; });
    if (n > 0) out += fmt::format("<li>{} {}</li>\n", n, chip(answer));
  }
  return "<ul class=\"answers\">\n" + out + "</ul>\n";
}

std::string amendments(Json const& ledger) {
  std::string out;
  for (auto const& entry : ledger)
    if (text_at(entry, "kind") == "amended")
      for (auto const& change : entry.at("body").at("changes"))
        out += fmt::format("<li>{}</li>\n", escape(change.get<std::string>()));
  return out.empty() ? out : "<h3>Amended between the two locks</h3>\n<ul>\n" + out + "</ul>\n";
}

// A member a line: the audit of a split has hundreds of numbers.
std::string members(Json const& body) {
  std::string out;
  for (auto const& [name, value] : body.items()) out += fmt::format("{}: {}\n", name, value.dump());
  return escape(out);
}

std::string entry(Json const& e) {
  return fmt::format(
      "<li><details><summary><span class=\"seq\">{}</span> <strong>{}</strong> {}</summary>\n"
      "<p class=\"digest\"><code>{}</code></p>\n<pre>{}</pre>\n</details></li>\n",
      escape(text_at(e, "seq")), escape(text_at(e, "kind")), short_digest(text_at(e, "digest")),
      escape(text_at(e, "digest")), members(e.at("body")));
}

}  // namespace

std::string audit_section(Json const& e) {
  std::vector<std::vector<std::string>> cells;
  for (auto const& line : e.at("self_audit"))
    cells.push_back({sentence(text_at(line, "line")), chip(text_at(line, "answer")),
                     sentence(text_at(line, "evidence"))});
  return fmt::format(
      "<section id=\"audit\" aria-labelledby=\"audit-title\">\n<h2 id=\"audit-title\">Self-audit</h2>\n"
      "<p>Computed from the ledger and the records.</p>\n{}{}{}</section>\n",
      answers(e.at("self_audit")), table("Self-audit", {{"line"}, {"answer"}, {"evidence"}}, cells),
      amendments(e.at("ledger")));
}

std::string ledger_section(Json const& e) {
  std::string entries, digests;
  for (auto const& one : e.at("ledger")) entries += entry(one);
  for (auto const* name : {"frame", "plan", "ledger"})
    digests += fmt::format("<div><dt>{}</dt><dd><code>{}</code></dd></div>\n", name,
                           escape(text_at(e.at("digests"), name)));
  return fmt::format(
      "<section id=\"ledger\" aria-labelledby=\"ledger-title\">\n<h2 id=\"ledger-title\">Ledger</h2>\n"
      "<p>{} entries, each with the digest of the one before it.</p>\n<ol class=\"ledger\">\n{}</ol>\n"
      "<h3>Digests</h3>\n<dl class=\"digests\">\n{}</dl>\n</section>\n",
      e.at("ledger").size(), entries, digests);
}

}  // namespace itera::html
