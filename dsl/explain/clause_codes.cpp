#include <array>

#include "dsl/explain/tables.hpp"

namespace itera::dsl::tables {

using namespace codes;  // NOLINT(google-build-using-namespace): a table of nothing but codes

std::span<Explanation const> clauses() {
  static constexpr std::array table{
      Explanation{no_experiment,
                  "Outside of an experiment there is only `use`. A file without an experiment asks nothing.",
                  "use prefix from \"judge_prefix.so\"\n", "write `experiment NAME { ... }`", "F1"},
      Explanation{unknown_clause,
                  "The word begins no clause here. It may be misspelt, stand in the wrong block, or be a "
                  "setting that "
                  "lacks its `=`.",
                  "hypotesis \"It is better.\"", "take the word that the message offers, or delete the line",
                  ""},
      Explanation{
          clause_form,
          "The clause begins well and goes on otherwise than it should. The message says what was expected "
          "where it stopped being understood.",
          "sample 4000", "compare it with the clause's form in docs/language.md", ""},
      Explanation{twice, "The clause, value or setting stands twice, and only one can hold.",
                  "trials 3\ntrials 5", "delete the one that is not meant", ""},
      Explanation{missing_clause,
                  "An experiment is a question, a hypothesis, rows with their origin and meaning, a split, a "
                  "baseline, "
                  "one to three arms, a metric and a ship rule. What is not written is not decided.",
                  "question \"\"", "write the clause that the message names", "F1"},
      Explanation{reserved_word, "The ship rule and the clauses would read the name as their own word.",
                  "metric effect using exact", "take another name", ""},
      Explanation{
          name_taken,
          "Arms, iterations, failure categories, slices and metrics share one set of names, because the rule "
          "and the report call them by name alone. Experiments of one file have names of their own.",
          "failure wrong weight 1 \"a\"\nfailure wrong weight 2 \"b\"", "rename one of the two", ""},
      Explanation{unknown_name, "The name is used and nowhere defined.",
                  "row { key a  input b  slice tier }\nship when effect >= 5pp and every teir >= -2pp",
                  "correct it, or define it", ""},
      Explanation{
          not_yet,
          "This version reads, checks and shows the clause, but does not carry it out. `check` and `plan` "
          "pass; "
          "`run` stops before anything is locked, because a clause that is read over in silence is a promise "
          "broken.",
          "an experiment with `also polite using exact`, given to `run`",
          "leave the clause out for now, or use a version that has it", "", false},
      Explanation{out_of_range, "The number is not one that the clause can use.", "trials 0",
                  "take one within the bounds that the message gives", ""},
      Explanation{unit,
                  "Units are part of numbers: `5pp` is percentage points of the metric, `10%` a share of the "
                  "baseline. "
                  "A floor or a guard needs its sign, since `60%` could mean more or less.",
                  "ship when effect >= 5", "write the unit, and the sign where a loss or a gain is meant",
                  "M4"}};
  return table;
}

}  // namespace itera::dsl::tables
