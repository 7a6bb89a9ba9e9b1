#include "dsl/draft/draft.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/base/text.hpp"
#include "dsl/draft/column_name.hpp"

namespace itera::dsl {
namespace {

constexpr std::size_t kWord = 10;     // width of a clause's word, as in `expected  label`
constexpr std::size_t kComment = 45;  // where a comment stands that its line leaves room for
constexpr std::size_t kOthers = 12;

void add_line(std::string& out, std::string_view left, std::string_view comment) {
  auto const width = std::max(kComment, display_width(left) + 2);
  out += fmt::format("{}{}// {}\n", left, std::string(width - display_width(left), ' '), comment);
}

// One column a line: what speaks for it stands behind it.
void add_role(std::string& out, std::string_view word, std::vector<Mapped> const& columns) {
  for (std::size_t i = 0; i < columns.size(); ++i)
    add_line(out,
             fmt::format("    {:<{}}{}{}", i == 0 ? word : "", kWord, column_text(columns[i].column),
                         i + 1 < columns.size() ? "," : ""),
             columns[i].evidence);
}

void add_severity(std::string& out, Proposal const& proposal) {
  if (!proposal.severity) return;
  add_line(out,
           fmt::format("    {:<{}}min(abs({}), {})", "severity", kWord,
                       column_text(proposal.severity->column), proposal.severity_cap),
           proposal.severity->evidence);
}

std::string row_block(Proposal const& proposal) {
  std::string out = "  row {\n";
  add_role(out, "key", {proposal.key});
  add_role(out, "input", proposal.inputs);
  if (proposal.expected) add_role(out, "expected", {*proposal.expected});
  if (!proposal.slices.empty()) add_role(out, "slice", proposal.slices);
  if (proposal.entity) add_role(out, "entity", {*proposal.entity});
  add_severity(out, proposal);
  if (!proposal.expected)
    out += "    // No column looks like the right answer. `exact` needs one: `expected COLUMN`.\n";
  if (!proposal.others.empty()) out += "    // Not used:\n";
  for (std::size_t i = 0; i < std::min(kOthers, proposal.others.size()); ++i)
    out += fmt::format("    //   {}: {}\n", column_in_comment(proposal.others[i].column),
                       proposal.others[i].evidence);
  if (proposal.others.size() > kOthers)
    out += fmt::format("    //   and {} more\n", proposal.others.size() - kOthers);
  return out + "  }\n";
}

// Arms, metric and slices share one set of names, and the slices are the data's.
std::string unlike_slices(std::string name, Proposal const& proposal) {
  auto const taken = [&] {
    return std::any_of(proposal.slices.begin(), proposal.slices.end(),
                       [&](auto const& slice) { return slice.column == name; });
  };
  while (taken()) name += "_1";
  return name;
}

std::string rule(Proposal const& proposal) {
  std::string out = "  ship when effect >= 5pp\n";
  for (auto const& slice : proposal.slices)
    out += fmt::format("        and every {} >= -2pp\n", column_text(slice.column));
  return out;
}

}  // namespace

std::string draft(Profile const& profile, Proposal const& proposal, DraftFrame const& frame) {
  std::string settings;
  for (auto const& [name, text] : frame.settings)
    settings += fmt::format("    {} = {}\n", name, text_literal(text));
  auto const baseline = unlike_slices("current", proposal);
  return fmt::format(
      R"(// Drafted by `itera init`. What was read for it: the names of {}, and a profile of the cells of
// {} (how many values, how often, how long). Nothing is locked yet, so nothing is lost by that.
// Each line of `row` is a guess with its evidence: look at it, change it, then `itera check` and `itera plan`.
experiment {} {{

  // What is decided, and what you expect and why. Both are quoted in the conclusion: write your own.
  question    "Does the candidate answer better than what runs today?"
  hypothesis  "It does, because ..."

  rows from {} {{
{}  }}
  // Or, if the rows were made: origin generated from "what they were made of"
  origin production

  // `key` tells rows apart; `input` is all that an arm gets to see, so leave out what is only known later; the
  // verdict is also given for each value of a `slice`; rows of one `entity` belong together.
{}
  // Train 30%, dev 50%, test 20%. The split follows from the seed: any whole number.
  split {{
    seed {}
  }}

  // What runs today, and where it stands in the code. The program reads one line of JSON a row,
  // {{"id": "7", "input": {{...}}}}, and answers with one line, {{"id": "7", "output": "..."}}, flushed.
  baseline {} using process {{
    ref     "current.py:1"
    command = ["python3", "current.py"]
  }}

  // One thing that changes, and what it is.
  arm {} from {} "what it does differently" {{
    command = ["python3", "candidate.py"]
  }}

  // 1 if the output is the expected answer, else 0. `itera plugins list` shows other judges.
  metric {} using exact

  // The kinds of failure and how bad each is: 3 to 5, before anything is seen. `check` warns while there is none.
  // failure no_answer  weight 2  "no answer at all"

  // What has to be shown before anything ships. It is locked before a score exists.
{}}}
)",
      counted(profile.columns.size(), "column"), counted(profile.rows, "row"), frame.name, frame.source,
      settings, row_block(proposal), frame.seed, baseline, unlike_slices("candidate", proposal), baseline,
      unlike_slices("accuracy", proposal), rule(proposal));
}

}  // namespace itera::dsl
