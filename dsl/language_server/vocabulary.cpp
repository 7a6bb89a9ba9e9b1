#include "dsl/language_server/vocabulary.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace itera::dsl::language_server {
namespace {

using enum Block;
using enum Presence;

constexpr std::array kForms{
    Form{file, "use", "use NAME from \"plugins/libname.so\"", none, several, "", "",
         "Makes a plugin from elsewhere known under the name that it gives itself. The path starts at the "
         "folder of the spec."},
    Form{file, "experiment", "experiment NAME { ... }", experiment, several, "", "F1",
         "One question that is carried to a verdict. A file may hold several, with names of their own."},

    Form{experiment, "question", "question \"...\"", none, required, "", "F1",
         "What the answer decides. Quoted in the conclusion, word by word."},
    Form{experiment, "hypothesis", "hypothesis \"...\"", none, required, "", "F1",
         "What is expected, and why. Quoted in the conclusion, word by word."},
    Form{experiment, "rows", "rows (from | using) SOURCE [{ ... }]", settings, required, "", "",
         "Where the rows come from: a source plugin with its settings. No row is read to check a spec; the "
         "names of the columns are looked up where they are at hand."},
    Form{experiment, "origin", "origin (production | generated from \"...\")", none, required, "", "S1",
         "Whether the rows are from production or are generated from a known source of truth."},
    Form{experiment, "row", "row { ... }", row, required, "", "", "What the columns mean."},
    Form{experiment, "sample", "sample 4000 rows", none, optional, "every row", "S4",
         "How many rows are taken."},
    Form{experiment, "split", "split { ... }", split, required, "", "S2",
         "How rows are parted: train is looked at, dev is scored, test is sealed until the end."},
    Form{experiment, "traffic", "traffic { ... }", traffic, optional, "production is every row of the source",
         "S6",
         "What production really is, a column a line, for the audit that holds the sample and each part "
         "against it."},
    Form{experiment, "baseline", "baseline NAME using PLUGIN { ... }", arm, required, "", "F2",
         "What is deployed now, with a reference to it."},
    Form{experiment, "arm", "arm NAME from ARM [\"what it changes\"] [using PLUGIN] [{ ... }]", arm,
         one_or_more, "", "F3",
         "A candidate, one to three of them. It changes one thing against the arm that it derives from, "
         "inherits the plugin and all settings, and writes what differs. `using` swaps the whole "
         "implementation; nothing is inherited then."},
    Form{experiment, "control", "control NAME from ARM [\"what it changes\"] [using PLUGIN] [{ ... }]", arm,
         several, "", "F7",
         "Written like an arm, but expected to show no effect. It can never ship and does not count among "
         "the arms."},
    Form{experiment, "metric", "metric NAME using JUDGE [{ ... }]", settings, required, "", "M1",
         "How an answer is scored. One metric decides."},
    Form{experiment, "also", "also (cost | latency), ...", none, several, "", "M1",
         "Cost and latency are measured whether written or not."},
    Form{experiment, "also", "also NAME using JUDGE [{ ... }]", settings, several, "", "M1",
         "A secondary metric, at most two. It decides nothing unless the ship rule sets a floor on it."},
    Form{experiment, "failure", "failure NAME weight 1 \"what it means\" [when CONDITION]", none, several, "",
         "M7",
         "A kind of failure with the weight of its severity, at most five. The text tells the judge what to "
         "look for; `when` tags failed rows by rule instead."},
    Form{experiment, "crosscheck", "crosscheck 5 rows using JUDGE [{ ... }]", settings, optional, "", "R8",
         "A second judge, of another family, on five dev rows or more. Settings that are not written are "
         "those of the metric's judge where it is the same plugin."},
    Form{experiment, "trials", "trials 3", none, optional, "3", "R4",
         "How often each arm answers each row. Below 3 only where every arm and the judge are "
         "deterministic."},
    Form{experiment, "budget", "budget $40", none, optional, "", "",
         "An end to spending, for the whole experiment."},
    Form{experiment, "accept", "accept underpowered \"why\"", none, several, "", "S5",
         "The one override that the method has, with its reason: the test may be too small for the "
         "threshold."},
    Form{experiment, "ship",
         "ship when effect [over traffic of SLICE] >= 5pp [by (point | interval)] [and GUARD] ...", none,
         required, "", "C2",
         "The rule, before anything is seen. Clauses that nobody wrote (noise, evidence, the most severe "
         "category) always apply, and are printed with the rest by `itera check`."},
    Form{experiment, "sprint", "sprint ARM { ... }", sprint, several, "", "D3",
         "Iterations of an arm on dev rows, at most three, and at most three sprints. Outside of both "
         "locks."},
    Form{experiment, "report", "report using REPORTER [{ ... }]", settings, several,
         "`report using markdown`", "", "Who writes the finished evidence down."},

    Form{row, "key", "key COLUMN", none, required, "", "", "The column that tells rows apart."},
    Form{row, "input", "input COLUMN, ...", none, required, "", "", "All that an arm gets to see."},
    Form{row, "expected", "expected COLUMN", none, optional, "", "M5",
         "The right answer. It cannot be among the inputs."},
    Form{row, "slice", "slice COLUMN, ...", none, optional, "", "C3",
         "The verdict is also given for each value of a slice."},
    Form{row, "entity", "entity COLUMN", none, optional, "", "S4", "Rows of one entity belong together."},
    Form{row, "severity", "severity EXPRESSION", none, optional, "every row weighs the same", "M8",
         "How much a row matters, as a number with a cap: `min(abs(amount), 50k)`."},

    Form{split, "train", "train 30%", none, optional, "`30%`", "S2",
         "The share of rows that is looked at freely. All three shares are written, or none."},
    Form{split, "dev", "dev 50%", none, optional, "`50%`", "S2", "The share of rows that gives scores only."},
    Form{split, "test", "test 20%", none, optional, "`20%`", "S2",
         "The share of rows that is sealed until the end and opened once."},
    Form{split, "stratify", "stratify STRATUM, ...", none, optional, "the slices and the expected answer",
         "S7", "Slices, and the expected column, whose values each part has in proportion."},
    Form{split, "cap", "cap 3 per ENTITY [, 1/3 of rows]", none, optional,
         "`3`, `1/3 of rows` if there is an `entity`, else no cap", "S4",
         "The most rows of one entity and, after the comma, its largest share of all rows."},
    Form{split, "seed", "seed 20260412", none, required, "", "",
         "The split follows from it, so whoever repeats the experiment finds it in the file. Today's date "
         "is as good as any."},

    Form{traffic, "", "STRATUM (VALUE 60%), ...", none, several, "", "S6",
         "A slice or the expected column, with all its values and shares that add up to 100%."},

    Form{arm, "ref", "ref \"src/route.ts:42\"", none, optional, "", "F2",
         "Where it stands. A baseline must have one."},
    Form{arm, "deterministic", "deterministic", none, optional, "not deterministic", "R4",
         "It gives the same answer to the same row every time; verified before it is believed, and never "
         "inherited."},
    Form{arm, "one", "one mechanism \"why\"", none, optional, "each changed place is a change", "F3",
         "How several changed places of a text are one change. The conclusion quotes it."},

    Form{sprint, "iteration", "iteration NAME \"its hypothesis\" [using PLUGIN] [{ ... }]", arm, several, "",
         "D3",
         "Changes one thing against the iteration before; the first derives from the arm, or from the last "
         "iteration of the arm's sprint before."},

    Form{guard, "effect", "effect [over traffic of SLICE] >= 5pp [by (point | interval)]", none, required, "",
         "C1",
         "The difference to the baseline, on the rows of test or, `over traffic`, on production's mix of a "
         "slice. `pp` are percentage points of the metric, `%` is a share of the "
         "baseline's score; zero or less is non-inferiority and has to name a benefit."},
    Form{guard, "every", "every SLICE >= -2pp [by (point | interval | harm)]", none, optional, "", "C4",
         "A floor on each major value of a slice: `-2pp` allows a loss, `+1pp` demands a gain."},
    Form{guard, "", "SLICE=VALUE >= -2pp [by (point | interval | harm)]", none, optional, "", "C4",
         "A floor on one value of a slice."},
    Form{guard, "", "METRIC >= -1pp [by (point | interval | harm)]", none, optional, "", "C7",
         "A floor on a secondary metric."},
    Form{
        guard, "", "CATEGORY does not rise [by (point | harm)]", none, optional, "", "C5",
        "The category may not become more frequent than in the baseline; `by harm` fails only where an exact "
        "test shows that it did."},
    Form{guard, "cost", "cost <= +60%", none, optional, "", "C7",
         "A bound on the change of the mean cost: `+60%` allows as much more, `-50%` demands as much less."},
    Form{guard, "latency", "latency [p95] <= +20%", none, optional, "", "C7",
         "A bound on the change of the mean latency, or of its 95% quantile."},
};

constexpr std::array kWords{
    Word{"from", "use", "the path of the library"},
    Word{"from", "rows", "the source plugin"},
    Word{"from", "origin", "the source of truth, in words"},
    Word{"from", "", "the arm that it derives from: what differs is written, the rest is inherited"},
    Word{"using", "", "the plugin that does it; which kind of plugin follows from the clause"},
    Word{"production", "", "the rows were met in production"},
    Word{"generated", "", "the rows are generated from a known source of truth"},
    Word{"weight", "", "how severe the failure is, against the others"},
    Word{"when", "ship", "the conditions follow, the threshold on `effect` first"},
    Word{"when", "", "tags a failed row by rule, instead of asking the judge"},
    Word{"per", "", "the column that tells entities apart"},
    Word{"over", "", "the effect on production's mix of a slice, instead of the one on the rows of test"},
    Word{"traffic", "ship", "what production is, as `traffic` says or else every row of the source"},
    Word{"of", "ship", "the slice whose mix in production counts"},
    Word{"of", "", "a share of all rows"},
    Word{"rows", "", "so many rows"},
    Word{"mechanism", "", "how the changes are one"},
    Word{"underpowered", "", "the test may be too small for the threshold"},
    Word{"by", "", "how the number is read: by the estimate, by its interval, or by harm shown"},
    Word{"point", "", "the estimate has to reach the number; the default"},
    Word{"interval", "", "the low end of the interval has to reach the number"},
    Word{"harm", "", "fails only where harm is shown"},
    Word{"and", "ship", "one more condition: all have to hold"},
    Word{"does", "", "the category may not become more frequent than in the baseline"},
    Word{"rise", "", "the category may not become more frequent than in the baseline"},
    Word{"not", "ship", "the category may not become more frequent than in the baseline"},
    Word{"p95", "", "the 95% quantile instead of the mean"},
    Word{"cost", "", "the mean cost of a row"},
    Word{"latency", "", "the mean latency of a row"},
    Word{"and", "", "both conditions"},
    Word{"or", "", "one of the conditions, or both"},
    Word{"not", "", "the opposite of a condition"},
    Word{"matches", "", "a regular expression (RE2) is found anywhere in the text"},
    Word{"output", "", "what the arm answered"},
    Word{"expected", "", "the expected answer"},
    Word{"min", "", "`min(a, b, ...)`: the least of the numbers"},
    Word{"max", "", "`max(a, b, ...)`: the greatest of the numbers"},
    Word{"abs", "", "`abs(a)`: the number without its sign"},
    Word{"len", "", "`len(a)`: the characters of a text"},
    Word{"true", "", "yes"},
    Word{"false", "", "no"},
    Word{"env", "", "`env(\"NAME\")`: a secret, named by its environment variable and never written"},
    Word{"file", "", "`file(\"path\")`: the text in the file, which enters the lock by content"},
};

constexpr std::array kUnits{
    Unit{"pp", "percentage points"}, Unit{"%", "percent"},
    Unit{"ms", "milliseconds"},      Unit{"s", "seconds"},
    Unit{"k", "thousand"},           Unit{"$", "US dollars"},
};

constexpr std::string_view kFunctions[] = {"min", "max", "abs", "len", "env", "file"};
constexpr std::string_view kValues[] = {"production", "generated", "underpowered", "point", "interval",
                                        "harm",       "true",      "false",        "p95"};

bool is_one_of(std::span<std::string_view const> all, std::string_view word) {
  return std::find(all.begin(), all.end(), word) != all.end();
}

}  // namespace

std::span<Form const> forms() {
  return kForms;
}
std::span<Word const> words() {
  return kWords;
}
std::span<Unit const> units() {
  return kUnits;
}

std::span<std::string_view const> heads(Block where) {
  static auto const all = [] {
    std::map<Block, std::vector<std::string_view>> out;
    for (auto const& form : kForms)
      if (auto& words = out[form.where]; !form.word.empty() && !is_one_of(words, form.word))
        words.push_back(form.word);
    return out;
  }();
  auto const it = all.find(where);
  return it == all.end() ? std::span<std::string_view const>() : it->second;
}

std::vector<Form const*> forms_of(Block where, std::string_view word) {
  std::vector<Form const*> out;
  for (auto const& form : kForms)
    if (form.where == where && !word.empty() && form.word == word) out.push_back(&form);
  return out;
}

Word const* word_in(std::string_view head, std::string_view word) {
  Word const* general = nullptr;
  for (auto const& entry : kWords) {
    if (entry.word != word) continue;
    if (!entry.in.empty() && entry.in == head) return &entry;
    if (entry.in.empty()) general = &entry;
  }
  return general;
}

std::vector<std::string_view> words_of(Group group) {
  std::set<std::string_view> out;
  std::set<std::string_view> heads;
  for (auto const& form : kForms)
    if (form.where != guard && !form.word.empty()) heads.insert(form.word);
  if (group == Group::clause) out = heads;
  if (group == Group::value) out.insert(std::begin(kValues), std::end(kValues));
  if (group == Group::function) out.insert(std::begin(kFunctions), std::end(kFunctions));
  if (group == Group::rule) {
    for (auto const& form : kForms)
      if (form.where == guard && !form.word.empty()) out.insert(form.word);
    for (auto const& entry : kWords)
      if (!is_one_of(kValues, entry.word) && !is_one_of(kFunctions, entry.word)) out.insert(entry.word);
    for (auto const& head : heads) out.erase(head);
  }
  return {out.begin(), out.end()};
}

}  // namespace itera::dsl::language_server
