#include "dsl/check/data_rule.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/base/text.hpp"
#include "dsl/check/rule.hpp"

namespace itera::dsl {
namespace {

using namespace meaning;  // NOLINT(google-build-using-namespace): this is one of the room's front doors

constexpr std::string_view kHeads[] = {"ship"};

// A rule names no plugin.
class NoPlugins final : public ports::Catalog {
 public:
  Result<ports::PluginInfo const*> find(ports::PluginKind, std::string const& name) override {
    return fail(ErrorClass::internal, fmt::format("a rule asked for the plugin `{}`", name));
  }
  std::vector<std::string> names(ports::PluginKind) override { return {}; }
  Result<ports::PluginInfo const*> use(std::string const& name, std::filesystem::path const&) override {
    return find(ports::PluginKind::judge, name);
  }
};

bool among(std::vector<std::string> const& names, std::string const& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void unknown(Report& report, spec::Name const& name, std::string const& what,
             std::vector<std::string> const& known) {
  auto const near = did_you_mean(name.value, known);
  report.error(codes::unknown_name, name.span, fmt::format("the data file has no {}", what),
               near            ? fmt::format("did you mean `{}`?", *near)
               : known.empty() ? std::string("it declares none")
                               : fmt::format("it has {}", quoted(known)));
}

void resolve_slices(Report& report, spec::ShipRule const& rule, RuleNames const& names) {
  std::vector<std::string> columns;
  for (auto const& [column, values] : names.slices) columns.push_back(column);
  if (rule.over && !names.slices.contains(rule.over->value))
    unknown(report, *rule.over, fmt::format("slice `{}`", rule.over->value), columns);
  for (auto const& clause : rule.slices) {
    auto const it = names.slices.find(clause.slice.value);
    if (it == names.slices.end())
      unknown(report, clause.slice, fmt::format("slice `{}`", clause.slice.value), columns);
    else if (!clause.value.empty() && !among(it->second, clause.value))
      unknown(report, clause.slice, fmt::format("slice `{}={}`", clause.slice.value, clause.value),
              it->second);
  }
}

// A clause on a secondary metric that the file does not hold is one that cannot be judged; unless its name is
// that of a slice.
void resolve_metrics(Report& report, spec::ShipRule const& rule, RuleNames const& names) {
  for (auto const& clause : rule.metrics) {
    auto const& name = clause.metric.value;
    std::string help;
    if (names.slices.contains(name)) help = fmt::format("for its values write `every {}`", name);
    for (auto const& [column, values] : names.slices)
      if (help.empty() && among(values, name)) help = fmt::format("write `{}={}`", column, name);
    if (!help.empty())
      report.error(codes::unknown_name, clause.metric.span,
                   fmt::format("`{}` is a slice, not a secondary metric", name), help);
  }
}

}  // namespace

std::optional<spec::ShipRule> check_rule(syntax::File const& file, SourceMap const& source,
                                         RuleNames const& names, Diagnostics& problems) {
  NoPlugins catalog;
  std::filesystem::path const nowhere;
  ColumnReader const none;
  Report report(source, catalog, nowhere, none, problems);
  std::optional<spec::ShipRule> out;
  if (!file.sound) return out;
  auto const clauses = clauses_of(file.body, kHeads, false);
  auto const begin = std::find_if(clauses.begin(), clauses.end(), [](auto const& c) { return !c.broken; });
  if (clauses.empty() && !problems.has_errors())
    report.error(codes::missing_clause, {0, 0}, "the rule is empty", "write `ship when effect >= 5pp`");
  if (begin != clauses.end() && !is_word(begin->terms.front(), "ship"))
    report.error(codes::clause_form, begin->head(),
                 fmt::format("expected `ship when`, found {}", shown(report, begin->terms.front())),
                 "write the whole rule: `ship when effect >= 5pp and ...`");
  else if (begin != clauses.end())
    out = read_rule(report, *begin);
  if (clauses.size() > 1 && out) twice(report, clauses[1].head(), "the rule", clauses[0].head());
  if (out) {
    resolve_slices(report, *out, names);
    std::vector<std::string> const& categories = names.categories;
    for (auto const& clause : out->categories)
      if (!among(categories, clause.category.value))
        unknown(report, clause.category, fmt::format("failure category `{}`", clause.category.value),
                categories);
    resolve_metrics(report, *out, names);
  }
  if (problems.has_errors()) return std::nullopt;
  return out;
}

}  // namespace itera::dsl
