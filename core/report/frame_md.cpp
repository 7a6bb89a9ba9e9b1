#include "core/report/frame_md.hpp"

#include <fmt/format.h>

#include "core/plan/plan_json.hpp"
#include "core/plan/rule_text.hpp"

namespace itera::report {
namespace {

std::string percent(Rational share) {
  return fmt::format("{:.3g}%", to_double(share) * 100);
}
std::string list(std::vector<std::string> const& names) {
  return names.empty() ? "none" : fmt::format("`{}`", fmt::join(names, "`, `"));
}
std::string or_pending(std::string const& text) {
  return text.empty() ? "_(not reached yet)_" : text;
}

}  // namespace

std::string markdown_escape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char const c = text[i];
    if (c == '\n' || c == '\r') {
      out += ' ';
      continue;
    }
    // `<` starts HTML only before a name, `/`, `!` or `?`; `a <= b` is left readable.
    bool const opens = c == '<' && i + 1 < text.size() &&
                       std::string_view(" =0123456789-").find(text[i + 1]) == std::string_view::npos;
    if (opens || std::string_view("\\`*_{}[]|#").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::string frame_md(plan::Plan const& plan, FrameState const& state) {
  std::string out = fmt::format("# {}\n\n", markdown_escape(plan.name));
  out += fmt::format("**Question.** {}\n\n**Hypothesis.** {}\n\n", markdown_escape(plan.question),
                     markdown_escape(plan.hypothesis));
  out += "## Arms\n\n| arm | from | changes | what it is | reference |\n|---|---|---|---|---|\n";
  for (auto const& arm : plan.arms)
    out += fmt::format(
        "| {} | {} | {} | {} | {} |\n", markdown_escape(arm.name),
        arm.baseline ? "baseline" : markdown_escape(arm.parent),
        arm.baseline ? "" : markdown_escape(fmt::format("{}", fmt::join(arm.changed, ", "))),
        markdown_escape(arm.baseline
                            ? "what is deployed now"
                            : (arm.control ? "control: " : "") + arm.summary +
                                  (arm.mechanism.empty() ? "" : " (one mechanism: " + arm.mechanism + ")")),
        markdown_escape(arm.ref));
  out += fmt::format(
      "\n## Metric\n\n`{}`, scored row by row by `{}` {}; {} trial{} (1 for an arm that was verified to "
      "repeat itself exactly).\n\n",
      plan.metric, plan.judge.info.short_name, plan.judge.info.version, plan.trials,
      plan.trials == 1 ? "" : "s");
  for (auto const& m : plan.secondaries)
    out += fmt::format("Also `{}`, scored by `{}` {}.\n\n", m.name, m.judge.info.short_name,
                       m.judge.info.version);
  if (plan.crosscheck)
    out += fmt::format("Crosscheck: {} dev rows by `{}` {}.\n\n", plan.crosscheck->rows,
                       plan.crosscheck->judge.info.short_name, plan.crosscheck->judge.info.version);
  if (plan.categories.empty()) {
    out += "No failure category is registered.\n";
  } else {
    out += "| failure | weight | what it is |\n|---|---|---|\n";
    for (auto const& c : plan.categories)
      out += fmt::format(
          "| {} | {} | {} |\n", c.name, to_string(c.weight),
          markdown_escape(c.when.empty() ? c.description : c.description + " (when " + c.when + ")"));
  }
  out += "\n## Ship rule\n\n| check | clause | |\n|---|---|---|\n";
  for (auto const& line : plan::rule_lines(plan))
    out += fmt::format("| {} | {} | {} |\n", line.check, markdown_escape(line.text),
                       line.implied ? "always" : "written");
  out += fmt::format(
      "\n## Rows\n\nOrigin: {}. Source: `{}` {}. Key `{}`, inputs {}, expected {}, slices {}, entity {}.\n\n",
      markdown_escape(plan.origin), plan.source.info.short_name, plan.source.info.version, plan.row.key,
      list(plan.row.inputs), plan.row.expected ? "`" + *plan.row.expected + "`" : "none",
      list(plan.row.slices), plan.row.entity ? "`" + *plan.row.entity + "`" : "none");
  if (plan.row.severity) out += fmt::format("Severity: {}.\n\n", markdown_escape(plan.row.severity->text));
  for (auto const& t : plan.traffic) {
    std::vector<std::string> shares;
    for (auto const& [value, part] : t.shares)
      shares.push_back(fmt::format("{} {}", markdown_escape(value), percent(part)));
    out += fmt::format("Traffic, as declared: `{}` {}.\n\n", t.column, fmt::join(shares, ", "));
  }
  if (plan.budget_usd) out += fmt::format("Budget: ${}.\n\n", to_string(*plan.budget_usd));
  for (auto const& a : plan.accepts)
    out += fmt::format("Accepted: {}, because {}\n\n", a.what, markdown_escape(a.reason));
  out += fmt::format(
      "Sample: {}. Split: train {}, dev {}, test {} (sealed until the conclusion), stratified by {}, seed "
      "{}.{}\n\n",
      plan.sample ? fmt::format("{} rows", *plan.sample) : std::string("every row"),
      percent(plan.split.train), percent(plan.split.dev), percent(plan.split.test), list(plan.split.stratify),
      plan.seed,
      plan.split.cap_per_entity ? fmt::format(" At most {} rows of one entity, and at most {} of all rows.",
                                              plan.split.cap_per_entity, to_string(plan.split.cap_share))
                                : "");
  out += fmt::format("{}\n\n## Pilot\n\n{}\n\n## Registration\n\n{}\n", or_pending(state.source),
                     or_pending(state.pilot), or_pending(state.registered));
  if (!state.amended.empty()) {
    out += "\n## Amended between the two locks\n\n";
    for (auto const& line : state.amended) out += fmt::format("- {}\n", markdown_escape(line));
  }
  out += fmt::format("\n## Digests\n\nframe `{}`  \nplan `{}`\n", plan::frame_digest(plan),
                     plan::plan_digest(plan));
  return out;
}

}  // namespace itera::report
