#include "core/cli/view/reread.hpp"

#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/json.hpp"

namespace itera::cli::view {
namespace {

// Names and texts of a file that anybody may have written must not drive the terminal.
std::string plain(std::string_view text) {
  std::string out;
  for (char const c : text) {
    auto const byte = static_cast<unsigned char>(c);
    out += byte < 0x20 || byte == 0x7F ? ' ' : c;
  }
  return out;
}

void human_arm(std::ostream& out, report::RereadReport const& r, verdict::RereadArm const& arm) {
  out << fmt::format("\n{}: {}\n", plain(r.data.arms[arm.arm].id), report::outcome_words(arm));
  for (auto const& c : arm.clauses) {
    out << fmt::format("  {}  {:<12}  {}\n", c.check, c.status ? to_string(*c.status) : "not assessed",
                       plain(c.clause));
    out << fmt::format("  {:<18}{}\n", "", plain(c.evidence));
    if (!c.from.empty())
      out << fmt::format("  {:<18}from {}\n", "", plain(fmt::format("{}", fmt::join(c.from, ", "))));
  }
}

}  // namespace

void human_reread(std::ostream& out, report::RereadReport const& r, std::string const& file) {
  auto const& data = r.data;
  out << fmt::format("experiment  {}\n", plain(data.experiment.empty() ? "without a name" : data.experiment));
  out << fmt::format("data        {}, {}\n", plain(file),
                     data.own ? "written by itera" : "not written by itera: numbers are taken as they stand");
  out << fmt::format("rule        {}\n", plain(report::rule_text(r.rule.rule)));
  out << fmt::format("            from {}{}\n", r.rule.from,
                     r.rule.from == r.rule.threshold_from
                         ? ""
                         : fmt::format(", the threshold from {}", r.rule.threshold_from));
  for (auto const& note : r.notes) out << fmt::format("            {}\n", plain(note));
  for (auto const& arm : r.reread.arms) human_arm(out, r, arm);

  out << fmt::format("\nlint        {}\n",
                     r.findings.empty() ? "the file agrees with itself"
                     : r.findings.size() == 1
                         ? "1 finding, which changes no verdict"
                         : fmt::format("{} findings, which change no verdict", r.findings.size()));
  for (auto const& finding : r.findings) {
    out << fmt::format("  {}\n", plain(finding.text));
    std::string at;
    for (auto const& side : finding.sides)
      at += fmt::format("{}{}{}", at.empty() ? "" : ", ", side.path,
                        side.value ? fmt::format(" {:.4g}", *side.value) : "");
    out << fmt::format("    at {}\n", plain(at));
  }
  out << fmt::format("\nin the file {}\n", plain(report::stands_in_file(data)));
  for (auto const& difference : r.reread.differences)
    out << fmt::format("            differs: {}\n", plain(difference));
  if (data.has_verdict && r.reread.differences.empty()) out << "            decided again it is the same\n";
  out << fmt::format("verdict     {}\ndecided by  {}\nnot shown   {}\nnext        {}\n",
                     plain(report::verdict_line(r)), plain(report::deciding_clause(r)),
                     plain(report::not_shown(r)), plain(report::next_action(r)));
}

void json_reread(std::ostream& out, report::RereadReport const& r, std::string const& file, int exit) {
  auto document = report::reread_json(r);
  document.update({{"ok", true}, {"schema", 1}, {"command", "verdict"}, {"exit_code", exit}, {"data", file}});
  out << canonical(document) << "\n";
}

}  // namespace itera::cli::view
