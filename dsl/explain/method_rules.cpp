#include <array>

#include "dsl/explain/explain.hpp"

namespace itera::dsl {

std::span<MethodRule const> method_rules() {
  static constexpr std::array table{
      MethodRule{"F1",
                 "the frame has a question, a hypothesis, a baseline, one to three arms and a ship rule", ""},
      MethodRule{"F2", "the baseline is what is deployed now, with a reference to it", ""},
      MethodRule{"F3",
                 "each arm changes one thing against the arm it derives from; several separate places of a "
                 "text are one thing only if somebody says why",
                 ""},
      MethodRule{"F4",
                 "arms that are the same after white space is folded are refused: there is nothing to test",
                 ""},
      MethodRule{"F5",
                 "two locks: the frame before any row's content is read, the registration after the pilot "
                 "and before the first dev score",
                 ""},
      MethodRule{"F6",
                 "after the registration nothing moves; only iterations are added, each an entry of its own",
                 ""},
      MethodRule{
          "F7",
          "a control arm is expected to show no effect; it can never ship and does not count among the arms",
          ""},
      MethodRule{"S1",
                 "rows come from production or are generated from a known source of truth, and which of the "
                 "two is declared",
                 ""},
      MethodRule{
          "S2",
          "train is looked at freely, dev gives scores only, test is sealed until the end and opened once",
          ""},
      MethodRule{"S3", "under 50 rows dev is judged in folds; test stays sealed all the same", ""},
      MethodRule{"S4",
                 "sampling reflects production and does not sanitise it: about three rows an entity, a third "
                 "of all rows for the largest",
                 ""},
      MethodRule{"S5",
                 "the size must fit the threshold: about 30 rows for 10pp, 80 for 5pp, 300 for 2pp, and a "
                 "power computation beside it",
                 ""},
      MethodRule{"S6", "the sample and each part are held against production by counts, before any score",
                 ""},
      MethodRule{"S7",
                 "the rare rows that the question is about are in test; a test that is blind to them makes "
                 "the verdict underpowered, never `no effect`",
                 ""},
      MethodRule{
          "S8",
          "a test row that was seen is contaminated: it moves to dev, and test is resealed from fresh rows",
          ""},
      MethodRule{"S9", "no row and no near copy of a row stands in two parts", ""},
      MethodRule{"S10",
                 "labels of generated rows are audited: every row that the baseline fails is confirmed "
                 "before scores are trusted",
                 ""},
      MethodRule{"M1", "one primary metric, at most two secondary ones; cost and latency are always measured",
                 ""},
      MethodRule{"M2", "the metric is computed row by row", ""},
      MethodRule{"M3", "the baseline's value on dev is written down first", ""},
      MethodRule{"M4", "the threshold is absolute or relative, and registered before anything is seen", ""},
      MethodRule{"M5",
                 "where the truth is exact or the answers are a closed set, scoring is deterministic; a "
                 "model judges open answers only",
                 ""},
      MethodRule{"M6", "a judge's rubric is locked before any arm's output exists", ""},
      MethodRule{"M7", "three to five failure categories, each with a weight, are registered with the metric",
                 ""},
      MethodRule{"M8",
                 "where the worth of rows varies by more than five times, a capped severity is needed and "
                 "both results are given",
                 ""},
      MethodRule{"R1", "a pilot runs every arm on one train row, and its outputs are shown whole", ""},
      MethodRule{"R2", "all arms see the same rows, judge and versions, side by side", ""},
      MethodRule{"R3", "output, score, failures, cost, latency, tokens and errors are kept for each row", ""},
      MethodRule{"R4",
                 "three trials or more where an arm or a judge is not deterministic; the mean counts, never "
                 "the best",
                 ""},
      MethodRule{"R5",
                 "the noise floor is the baseline repeated with nothing changed; an effect counts at twice "
                 "the noise",
                 ""},
      MethodRule{"R6", "a noise floor of zero does not make a small test enough: power binds then", ""},
      MethodRule{"R7", "cost is the steady-state mean over all rows, never the first call's", ""},
      MethodRule{
          "R8", "a second judge of another family scores some dev rows, and must see the same direction", ""},
      MethodRule{"R9",
                 "no early stopping: every row of every arm is finished, and none is dropped in silence", ""},
      MethodRule{"R10", "judges are blind: labels are random by row, the order is shuffled", ""},
      MethodRule{"D1", "differences to the baseline are given by row, cluster, slice, category and severity",
                 ""},
      MethodRule{"D2", "patterns are named: mixed regime, hard rows, noise, memorised rows", ""},
      MethodRule{"D3",
                 "a sprint has at most three iterations; each changes one thing, has its hypothesis written "
                 "before its run and ends supported, neutral or falsified",
                 ""},
      MethodRule{"D4",
                 "between sprints every change is shown to be a universal mechanism, or lifted out of the "
                 "arm, or deleted; cannot tell is a hardcode",
                 ""},
      MethodRule{"D5",
                 "with the gate passed and failures left that can be explained, the next sprint; with dev "
                 "saturated, the lock",
                 ""},
      MethodRule{"D6", "at most three sprints", ""},
      MethodRule{
          "D7",
          "what is locked for test is the latest iteration that passed the gate, never the best-scoring one",
          ""},
      MethodRule{
          "D8",
          "a change without an effect is localised: did the changed path run on the failing rows at all", ""},
      MethodRule{"C0", "", "the experiment kept its own rules"},
      MethodRule{"C1", "baseline and locked arms run on test once; a second pass is refused",
                 "the effect reaches the threshold"},
      MethodRule{"C2", "the registered rule decides, and nothing else",
                 "the effect is at least twice the noise floor"},
      MethodRule{
          "C3",
          "an arm that wins in all and loses on a major slice is no winner: it ships narrowly or not at all",
          "the evidence: chance alone would rarely show as much"},
      MethodRule{"C4", "errors shifted into more severe categories are a loss, at an equal score too",
                 "floors on slices hold"},
      MethodRule{"C5", "a gap between dev and test of more than twice the variation raises the overfit alarm",
                 "the most severe category does not rise"},
      MethodRule{
          "C6",
          "outcomes are ship, ship narrowly, kill, inconclusive and invalid, with the rule clause by clause",
          "the severity-weighted effect does not contradict"},
      MethodRule{"C7", "after the verdict nothing iterates: what to test next is a new frame",
                 "guards on cost, latency and secondary metrics hold"}};
  return table;
}

std::span<Excuse const> excuses() {
  static constexpr std::array table{
      Excuse{"one look at a test row, to understand", "the row is contaminated: move it to dev, reseal",
             "S8"},
      Excuse{"the test set is small, so I must read it", "small tests are noisy: get rows, or accept noise",
             "S5"},
      Excuse{"this rule fixes vendor X", "state the structural reason, or put it in a table outside the arm",
             "D4"},
      Excuse{"three iterations were not enough",
             "finish the sprint, pass the gate, come back with a fresh hypothesis", "D3 D4"},
      Excuse{"the changes are obviously general, skip the gate",
             "the gate costs minutes; memorisation costs the experiment", "D4"},
      Excuse{"iteration 2 scored higher, lock that one",
             "best-of-N is biased by about sigma * sqrt(log N): the latest gate-passed one", "D7"},
      Excuse{"the pilot is overkill", "it finds in seconds what a full run finds in an hour", "R1"},
      Excuse{"best of three trials, variance is small", "then the mean is the same: report the mean", "R4"},
      Excuse{"cost looked low on one row", "the first call writes the cache: steady state over all rows",
             "R7"},
      Excuse{"one judge is enough, the rubric is locked",
             "a family favours itself: a second family on a few rows", "R8"},
      Excuse{"three related things changed", "three lines are three dimensions: pick one", "F3 D3"},
      Excuse{"the aggregate wins",
             "not if a major slice, the worst category or the severity-weighted score loses", "C3 C4 M8"},
      Excuse{"+0pp, so it does not help",
             "look whether test held the rows it helps: underpowered is not `no effect`", "S7 C6"},
      Excuse{"production data is too noisy, use synthetic", "the noise is what customers meet", "S1"},
      Excuse{"generated labels are perfect", "generators have bugs: audit what the baseline fails", "S10"},
      Excuse{"one row per vendor, so that all are unique", "customers repeat themselves: cap at about three",
             "S4"},
      Excuse{"the sample is close enough to production", "counts, not vibes", "S6"}};
  return table;
}

}  // namespace itera::dsl
