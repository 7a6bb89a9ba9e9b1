#include "tests/golden/dsl/spec_dump.hpp"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "core/base/render.hpp"
#include "core/base/text.hpp"
#include "dsl/check/check.hpp"
#include "dsl/check/executable.hpp"
#include "dsl/grammar/parse.hpp"
#include "tests/support/fake_catalog.hpp"

namespace itera::golden {
namespace {

std::string quoted(std::string const& text) {
  std::string out = "\"";
  for (char const c : text)
    out += c == '\n' ? "\\n" : c == '\t' ? "\\t" : c == '\r' ? "\\r" : std::string(1, c);
  return out + "\"";
}

std::string names(std::vector<spec::Name> const& from) {
  std::vector<std::string> out;
  for (auto const& name : from) out.push_back(name.value);
  return out.empty() ? "-" : fmt::format("{}", join_words(out));
}

std::string text_of(spec::Value const& value) {
  constexpr char const* units[] = {"", "pp", "%", "usd", "ms", "s"};
  if (auto const* text = std::get_if<std::string>(&value.data)) return quoted(*text);
  if (auto const* n = std::get_if<spec::Quantity>(&value.data))
    return to_string(n->value) + units[static_cast<int>(n->unit)];
  if (auto const* word = std::get_if<spec::Word>(&value.data)) return word->text;
  if (auto const* env = std::get_if<spec::EnvRef>(&value.data)) return fmt::format("env {}", env->name);
  if (auto const* file = std::get_if<spec::FileRef>(&value.data)) return fmt::format("file {}", file->path);
  std::string out;
  for (auto const& item : std::get<spec::List>(value.data)) out += (out.empty() ? "" : ", ") + text_of(item);
  return "[" + out + "]";
}

std::string dump(spec::Actor const& actor) {
  auto out = actor.plugin.value;
  for (auto const& setting : actor.settings)
    out += fmt::format("; {} = {}", setting.name.value, text_of(setting.value));
  return out;
}

std::string dump(spec::Arm const& arm) {
  constexpr char const* roles[] = {"baseline", "arm", "control", "iteration"};
  return fmt::format(
      "  {} {}{}{}{}{}{} using {}; changed {}\n", roles[static_cast<int>(arm.role)], arm.name.value,
      arm.parent ? " from " + arm.parent->value : "", arm.summary.empty() ? "" : " " + quoted(arm.summary),
      arm.ref ? " ref " + quoted(arm.ref->value) : "", arm.deterministic ? " deterministic" : "",
      arm.mechanism ? " one mechanism " + quoted(arm.mechanism->value) : "", dump(arm.actor),
      arm.changed.empty() ? "-" : join_words(arm.changed));
}

// The expression as text, the types of its columns, and its steps.
std::string dump(spec::Expression const& e) {
  constexpr char const* types[] = {"number", "text", "truth"};
  constexpr char const* ops[] = {"",   "",  "",    "",    "output", "expected", "neg", "+",  "-",
                                 "*",  "/", "min", "max", "abs",    "len",      "==",  "!=", "<",
                                 "<=", ">", ">=",  "~",   "and",    "or",       "not"};
  auto out = e.text;
  for (auto const& use : e.columns)
    out += fmt::format("; {} is {}", use.column.value, types[static_cast<int>(use.type)]);
  out += ";";
  for (auto const& step : e.steps) {
    using enum spec::Step::Op;
    if (step.op == number)
      out += " " + to_string(step.number);
    else if (step.op == spec::Step::Op::text)
      out += " " + quoted(step.text);
    else if (step.op == truth)
      out += " " + step.text;
    else if (step.op == column)
      out += " `" + step.text + "`";
    else
      out +=
          fmt::format(" {}{}", ops[static_cast<int>(step.op)], step.count ? std::to_string(step.count) : "");
    if (step.op == matches) out += quoted(step.text);
  }
  return out;
}

}  // namespace

std::string dump(spec::Experiment const& e) {
  auto out = fmt::format("experiment {}\n  question {}\n  hypothesis {}\n", e.name.value,
                         quoted(e.question.value), quoted(e.hypothesis.value));
  for (auto const& use : e.uses) out += fmt::format("  use {} from {}\n", use.name.value, use.path.value);
  out += fmt::format(
      "  rows {}\n  origin {}\n", dump(e.source),
      e.origin == spec::Origin::production ? "production" : "generated from " + quoted(e.generated_from));
  out += fmt::format("  row key {}; input {}; expected {}; slice {}; entity {}\n", e.row.key.value,
                     names(e.row.inputs), e.row.expected ? e.row.expected->value : "-", names(e.row.slices),
                     e.row.entity ? e.row.entity->value : "-");
  out += fmt::format("  sample {}\n", e.sample ? std::to_string(*e.sample) : "all");
  out += fmt::format("  split {} {} {}; stratify {}; cap {}, {}; seed {}\n", to_string(e.split.train),
                     to_string(e.split.dev), to_string(e.split.test), names(e.split.stratify),
                     e.split.cap_per_entity, to_string(e.split.cap_share), e.split.seed.value);
  for (auto const& traffic : e.traffic) {
    out += fmt::format("  traffic {}:", traffic.column.value);
    for (auto const& s : traffic.shares) out += fmt::format(" {} {};", s.value.value, to_string(s.share));
    out += "\n";
  }
  if (e.row.severity) out += fmt::format("  severity {}\n", dump(*e.row.severity));
  for (auto const& arm : e.arms) out += dump(arm);
  out += fmt::format("  metric {} using {}\n", e.metric.name.value, dump(e.metric.judge));
  for (auto const& metric : e.secondaries)
    out += fmt::format("  also {} using {}\n", metric.name.value, dump(metric.judge));
  for (auto const& c : e.categories)
    out += fmt::format("  failure {} weight {} {}{}\n", c.name.value, to_string(c.weight),
                       quoted(c.description), c.when ? " when " + dump(*c.when) : "");
  if (e.crosscheck)
    out += fmt::format("  crosscheck {} rows using {}\n", e.crosscheck->rows, dump(e.crosscheck->judge));
  if (e.budget) out += fmt::format("  budget {} usd\n", to_string(e.budget->value));
  for (auto const& accept : e.accepts)
    out += fmt::format("  accept {} {}\n", accept.what.value, quoted(accept.reason.value));
  out += fmt::format("  trials {}\n  ship when effect{} >= {}{}{}\n", e.trials,
                     e.rule.over ? " over traffic of " + e.rule.over->value : "", to_string(e.rule.effect),
                     e.rule.relative ? " of the baseline's" : "", e.rule.strict ? " by interval" : "");
  constexpr char const* modes[] = {"point", "interval", "harm"};
  for (auto const& s : e.rule.slices)
    out += fmt::format("    and {} >= {}{} by {}\n",
                       s.value.empty() ? "every " + s.slice.value : s.slice.value + "=" + s.value,
                       to_string(s.floor), s.relative ? " of the baseline's" : "",
                       modes[static_cast<int>(s.mode)]);
  for (auto const& m : e.rule.metrics)
    out += fmt::format("    and {} >= {}{} by {}\n", m.metric.value, to_string(m.floor),
                       m.relative ? " of the baseline's" : "", modes[static_cast<int>(m.mode)]);
  constexpr char const* of[] = {"cost", "latency", "latency p95"};
  for (auto const& g : e.rule.guards)
    out += fmt::format("    and {} <= {}\n", of[static_cast<int>(g.of)], to_string(g.most));
  for (auto const& c : e.rule.categories)
    out += fmt::format("    and {} does not rise{}\n", c.category.value,
                       c.mode == spec::SliceMode::harm ? " by harm" : "");
  for (auto const& sprint : e.sprints) {
    out += fmt::format("  sprint {}\n", sprint.arm.value);
    for (auto const& iteration : sprint.iterations) out += "  " + dump(iteration);
  }
  for (auto const& r : e.reporters) out += fmt::format("  report using {}\n", dump(r));
  return out;
}

Checked read(SourceMap const& source) {
  Diagnostics problems;
  support::FakeCatalog catalog;
  auto const tree = dsl::parse(source, problems);
  auto experiments = dsl::check(tree, source, catalog, golden_folder(), problems, support::fake_columns);
  return {std::move(experiments), problems.sorted()};
}

std::string transcript(SourceMap const& source) {
  auto const [experiments, problems] = read(source);
  std::string out;
  for (auto const& problem : problems) out += (out.empty() ? "" : "\n") + render(problem, source, false);
  if (!out.empty() && !experiments.empty()) out += "\n";
  for (auto const& experiment : experiments) {
    out += dump(experiment);
    for (auto const& refused : dsl::not_executed(experiment).sorted())
      out += "\n" + render(refused, source, false);
  }
  return out;
}

std::string golden_folder() {
  return std::string(ITERA_SOURCE_DIR) + "/tests/golden/dsl";
}

std::vector<std::string> golden_cases() {
  std::vector<std::string> out;
  for (auto const& entry : std::filesystem::directory_iterator(golden_folder()))
    if (entry.path().extension() == ".itera") out.push_back(entry.path().stem().string());
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace itera::golden
