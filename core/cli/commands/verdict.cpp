#include <fmt/format.h>

#include "core/base/file.hpp"
#include "core/base/log.hpp"
#include "core/cli/app.hpp"
#include "core/cli/context.hpp"
#include "core/cli/load.hpp"
#include "core/cli/outcome_code.hpp"
#include "core/cli/view/human.hpp"
#include "core/cli/view/json.hpp"
#include "core/cli/view/reread.hpp"
#include "core/report/imported.hpp"
#include "core/report/reread_text.hpp"
#include "dsl/check/data_rule.hpp"
#include "dsl/grammar/parse.hpp"

namespace itera::cli {
namespace {

int say_misread(Context const& context, std::string const& file, report::Misread const& problem) {
  auto const where = problem.path.empty() ? file : fmt::format("{}: {}", file, problem.path);
  Error const error{ErrorClass::invalid, fmt::format("{}: {}", where, problem.what), problem.help};
  context.json ? view::json_error(context.out, error, exit_code::usage, where)
               : view::human_error(context.err, error);
  return exit_code::usage;
}

dsl::RuleNames names_of(verdict::Imported const& data) {
  dsl::RuleNames out;
  for (auto const& slice : data.slices) out.slices[slice.column].push_back(slice.value);
  for (auto const& category : data.categories) out.categories.push_back(category.id);
  return out;
}

std::optional<verdict::RereadRule> written_rule(Context const& context, std::string const& text,
                                                verdict::Imported const& data) {
  SourceMap const source("--rule", text);
  Diagnostics problems;
  auto const tree = dsl::parse(source, problems);
  auto const rule = dsl::check_rule(tree, source, names_of(data), problems);
  if (rule) return verdict::RereadRule{*rule, verdict::Evidence::needed, "--rule", false, "--rule"};
  context.json ? view::json_problems(context.out, source, problems.sorted())
               : view::human_problems(context, source, problems.sorted());
  return std::nullopt;
}

std::optional<verdict::RereadRule> rule_of_file(Context const& context, std::string const& file,
                                                verdict::Imported const& data,
                                                std::vector<std::string>& notes) {
  if (data.rule) return verdict::RereadRule{*data.rule, verdict::Evidence::needed, "/rule", true, "/rule"};
  auto rule = verdict::default_rule(data);
  if (!rule) {
    say_misread(context, file,
                {"/experiment/threshold_pct", "the file has no threshold to decide by",
                 "give the rule: --rule 'ship when effect >= 5pp'"});
    return std::nullopt;
  }
  if (data.own) notes.emplace_back("the file was written before rules were kept for programs");
  if (!data.threshold_rule.empty())
    notes.push_back(fmt::format("in the file's words, which are not parsed: {}", data.threshold_rule));
  return rule;
}

}  // namespace

int verdict_of_data(Context const& context, VerdictArguments const& arguments) {
  auto const text = read_file(arguments.data);
  if (!text) {
    Error const error{ErrorClass::invalid, text.error().what, text.error().help};
    return say_error(context, error);
  }
  auto const read = report::read_data(*text);
  if (!read) return say_misread(context, arguments.data, read.error());
  for (auto const& path : read->ignored)
    log::write(log::Level::debug, fmt::format("{}: {} is not read", arguments.data, path));

  auto const& data = read->data;
  std::vector<std::string> notes;
  auto rule = arguments.rule ? written_rule(context, *arguments.rule, data)
                             : rule_of_file(context, arguments.data, data, notes);
  if (!rule) return exit_code::usage;
  if (arguments.rule && data.rule)
    notes.emplace_back("the registered rule is another one: it stands in the file");
  if (arguments.literal) {
    rule->evidence = verdict::Evidence::literal;
    notes.push_back(
        verdict::false_ships(data).value_or("in mode seed-literal arms that change nothing ship often on "
                                            "small tests: the effect need not be shown"));
  }
  auto const reread = verdict::reread(data, *rule);
  auto const findings = verdict::lint(data);
  report::RereadReport const report{data, *rule, reread, findings, notes};
  auto const code = code_of(reread.outcome);
  context.json ? view::json_reread(context.out, report, arguments.data, code)
               : view::human_reread(context.out, report, arguments.data);
  return code;
}

}  // namespace itera::cli
