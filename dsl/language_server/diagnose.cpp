#include <algorithm>

#include <fmt/format.h>

#include "dsl/check/executable.hpp"
#include "dsl/grammar/parse.hpp"
#include "dsl/language_server/analysis.hpp"
#include "dsl/syntax/codes.hpp"

namespace itera::dsl::language_server {
namespace {

// What stands a second time, or is inherited already.
bool is_redundant(Diagnostic const& problem) {
  auto const is = [&](Code const& code) { return problem.code == code.id; };
  return is(codes::twice) || is(codes::setting_twice) || is(codes::same_plugin);
}

}  // namespace

std::vector<Problem> diagnose(SourceMap const& source, Lookup const& lookup) {
  Diagnostics problems;
  auto const tree = parse(source, problems);
  auto const experiments = check(tree, source, lookup.catalog, lookup.folder, problems, lookup.columns);
  std::vector<Problem> out;
  for (auto& problem : problems.sorted()) {
    auto const level = problem.severity == Severity::error ? Problem::Level::error : Problem::Level::warning;
    bool const redundant = is_redundant(problem);
    out.push_back({std::move(problem), level, redundant});
  }
  for (auto const& experiment : experiments)
    for (auto& refused : not_executed(experiment).sorted())
      out.push_back({std::move(refused), Problem::Level::information, false});
  std::stable_sort(out.begin(), out.end(), [](auto const& a, auto const& b) {
    return a.diagnostic.subject.begin < b.diagnostic.subject.begin;
  });
  return out;
}

std::optional<Fix> fix_of(Diagnostic const& problem, SourceMap const& source) {
  constexpr std::string_view head = "did you mean `";
  constexpr std::string_view tail = "`?";
  std::string_view const help = problem.help;
  if (!help.starts_with(head) || !help.ends_with(tail)) return std::nullopt;
  std::string const meant(help.substr(head.size(), help.size() - head.size() - tail.size()));
  auto written = source.slice(problem.subject);
  bool const quoted = written.size() > 2 && written.starts_with('`') && written.ends_with('`');
  if (quoted) written = written.substr(1, written.size() - 2);
  // A problem may point at a word beside the one that is misspelt, which the summary begins or ends with.
  auto const named = fmt::format("`{}`", written);
  bool const misspelt = problem.summary.starts_with(named) || problem.summary.ends_with(named);
  if (!misspelt || meant.find('`') != meant.npos) return std::nullopt;
  return Fix{problem.subject, quoted ? "`" + meant + "`" : meant};
}

}  // namespace itera::dsl::language_server
