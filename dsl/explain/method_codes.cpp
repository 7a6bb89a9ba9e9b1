#include <array>

#include "dsl/explain/tables.hpp"

namespace itera::dsl::tables {

using namespace codes;  // NOLINT(google-build-using-namespace): a table of nothing but codes

std::span<Explanation const> method() {
  static constexpr std::array table{
      Explanation{no_reference,
                  "The baseline is what is deployed now. Without a reference nobody can check that, and a "
                  "weak stand-in "
                  "would make every arm a winner.",
                  "baseline old using process { command = [\"rules.py\"] }",
                  "say where it stands: `ref \"src/route.ts:42\"`", "F2"},
      Explanation{two_dimensions,
                  "The arm differs from its parent in two dimensions. Whatever comes out could be the work "
                  "of either, "
                  "so nothing is learnt of both.",
                  "baseline old using openai { ref \"a.py:1\"  model = \"m\"  api_key = env(\"KEY\")  system "
                  "= \"a\" }\n"
                  "arm new from old { model = \"n\"  system = \"b\" }",
                  "make an arm of each change, the second derived from the first", "F3"},
      Explanation{no_change,
                  "With white space folded, files read and defaults filled in, the two are the same: there "
                  "is nothing "
                  "to test.",
                  "baseline old using process { ref \"a.py:1\"  command = [\"rules.py\"] }\narm new from old "
                  "{ command = "
                  "[\"rules.py\"] }",
                  "change one thing, or delete the arm", "F4"},
      Explanation{too_many_metrics,
                  "One metric decides. With several, the one that happens to look good would be chosen "
                  "afterwards; two "
                  "more may stand beside it.",
                  "metric a using exact\nmetric b using exact",
                  "keep the one that the decision hangs on; write others with `also`", "M1"},
      Explanation{too_many_arms,
                  "Each further arm is one more chance to win by luck, and splits the evidence further.",
                  "arm a from o { }\narm b from o { }\narm c from o { }\narm d from o { }",
                  "make it an experiment of its own", "F1"},
      Explanation{too_many_failures, "More than five kinds of failure are not told apart by any judge.",
                  "failure a weight 1 \"a\"\nfailure b weight 1 \"b\"\nfailure c weight 1 \"c\"\nfailure d "
                  "weight 1 \"d\"\n"
                  "failure e weight 1 \"e\"\nfailure f weight 1 \"f\"",
                  "merge those that would be answered in the same way", "M7"},
      Explanation{too_few_trials,
                  "Where chance has a part, one run says little: the mean and its noise need three trials. "
                  "An arm that "
                  "is declared deterministic is held to it.",
                  "baseline old using process { ref \"a.py:1\"  command = [\"rules.py\"] }\ntrials 1",
                  "write `trials 3` or more", "R4"},
      Explanation{shares, "Train is read, dev is scored, test is sealed: together they are all rows.",
                  "split { train 50%  dev 20%  test 20%  seed 1 }",
                  "write three shares that add up to 100%, or none", "S2"},
      Explanation{leaked_answer, "An arm that sees the expected answer only has to repeat it.",
                  "row { key a  input b, c  expected c }", "leave the column out of `input`", ""},
      Explanation{cap_entity,
                  "A cap bounds the rows of one entity, so it names the column that tells entities apart.",
                  "row { key a  input b  entity vendor }\nsplit { cap 3 per customer  seed 1 }",
                  "name the `entity` of `row`", "S4"},
      Explanation{
          unknown_column,
          "The source was asked for the names of its columns, and has no such one. Rows were not read.",
          "rows from typed\nrow { key package  input synopsys }",
          "correct the name; a column with other characters "
          "stands in backquotes",
          ""},
      Explanation{
          operand_type,
          "Expressions are typed: numbers are calculated with and ordered, texts are compared, measured with "
          "`len` and matched, conditions are joined. A column has one type in an expression.",
          "failure long weight 1 \"too long\" when output > 200",
          "turn it into what is needed: `len(output) > 200`", ""},
      Explanation{
          no_cap,
          "Severity weighs rows by what they are worth. Without a cap a single huge row decides the weighted "
          "result.",
          "row { key a  input b  severity abs(amount) }", "write `min(abs(amount), 50k)`", "M8"},
      Explanation{
          no_benefit,
          "A threshold of zero or less asks whether the arm is not worse. That alone is no reason to change "
          "what is deployed, so the rule has to name what is gained.",
          "ship when effect >= -1pp",
          "add `and cost <= -50%`, `and latency <= -20%` or a secondary metric's gain", "C2"},
      Explanation{traffic_shares, "The traffic says what production is, so its values make up all of it.",
                  "row { key a  input b  slice tier }\ntraffic { tier enterprise 60%, smb 30% }",
                  "name every value, with shares that add up to 100%", "S6"},
      Explanation{not_refinable,
                  "A sprint makes an arm better that may ship. A baseline is what it is held against, a "
                  "control is there to show no effect.",
                  "baseline old using process { ref \"a.py:1\"  command = [\"a\"] }\nsprint old { iteration "
                  "a \"x\" { "
                  "command = [\"b\"] } }",
                  "name an arm", "F7"},
      Explanation{too_many_iterations, "A fourth try on the same dev rows fits the rows, not the problem.",
                  "sprint new {\n  iteration a \"x\" { }\n  iteration b \"x\" { }\n  iteration c \"x\" { }\n "
                  " iteration d "
                  "\"x\" { }\n}",
                  "finish the sprint, pass the gate, come back with a fresh hypothesis", "D3"},
      Explanation{too_many_sprints, "After three sprints dev has told what it can; what follows is memory.",
                  "sprint a { }\nsprint a { }\nsprint a { }\nsprint a { }",
                  "frame a new experiment with fresh test rows", "D6"},
      Explanation{same_judge, "A judge agrees with itself, so nothing would be crosschecked.",
                  "metric good using llm { rubric = \"r\"  model = \"a\" }\ncrosscheck 5 rows using llm { "
                  "model = \"a\" }",
                  "take a judge of another family", "R8"},
      Explanation{
          several_places,
          "An iteration changes one thing. Its text differs from the one before in several separate places, "
          "which are several changes unless somebody can say how they are one.",
          "baseline old using openai { ref \"a.py:1\"  model = \"m\"  api_key = env(\"K\")  system = "
          "\"a\\nb\\nc\" "
          "}\narm new from old { model = \"n\" }\nsprint new { iteration i \"x\" { system = \"A\\nb\\nC\" } "
          "}",
          "split it up, or write `one mechanism \"why\"`, which the conclusion quotes", "F3"},
      Explanation{bad_pattern,
                  "Patterns behind `matches` are regular expressions as RE2 has them: no look-around, no "
                  "back references.",
                  "failure odd weight 1 \"odd\" when output matches \"([\"",
                  "correct the pattern; write a backslash twice", ""},
      Explanation{same_family,
                  "A model favours answers of its own family, so a judge that is a model does not judge an "
                  "arm of its "
                  "family alone. Who made a model is read from its name; a setting `family` says it where "
                  "the name does "
                  "not.",
                  "baseline old using openai { ref \"a.py:1\"  model = \"gpt-a\"  api_key = env(\"K\") "
                  "}\nmetric good "
                  "using llm { rubric = \"r\"  model = \"gpt-b\" }",
                  "add `crosscheck 20 rows using JUDGE` with a judge of another family, or take such a judge "
                  "for the metric",
                  "R8"},
      Explanation{
          no_failures,
          "Without categories an arm can make as many errors as the baseline and far worse ones, and nobody "
          "sees it.",
          "metric accuracy using exact", "register 3 to 5 with their weights before anything is seen", "M7"},
      Explanation{cap_of_one, "Customers repeat themselves; a sample in which nobody does is not production.",
                  "row { key a  input b  entity v }\nsplit { cap 1 per v  seed 1 }",
                  "a cap of about 3 keeps the sample like "
                  "production",
                  "S4"},
      Explanation{unread_columns,
                  "Names of columns may be read at any time, and are looked up where the source is at hand. "
                  "Here it is "
                  "not, so a misspelt column will be found by `run`.",
                  "rows from unreadable", "put the source where the spec says it is, or go on", ""},
      Explanation{several_places_warning,
                  "The arm's text differs from its parent's in several separate places. If they are several "
                  "ideas, the "
                  "result cannot tell which of them worked.",
                  "baseline old using openai { ref \"a.py:1\"  model = \"m\"  api_key = env(\"K\")  system = "
                  "\"a\\nb\\nc\" "
                  "}\narm new from old { system = \"A\\nb\\nC\" }",
                  "split it up, or write `one mechanism \"why\"`, which the conclusion quotes", "F3"},
      Explanation{
          chancy_judge,
          "The rows have an expected answer, and the judge of the metric is not deterministic: a model, or a "
          "plugin that does not say otherwise. Where the truth is exact, or the answers are a closed set, "
          "equality scores the same every time, for nothing, and cannot be talked to. A model judge is for "
          "open-ended answers, whose expected text is only one good one of many.",
          "row { key id  input subject  expected label }\nmetric good using llm { rubric = \"r\" }",
          "take `using exact` if the answers are a closed set; keep the judge if they are open-ended", "M5"}};
  return table;
}

}  // namespace itera::dsl::tables
