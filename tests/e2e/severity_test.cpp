// What weighs: rows by severity, failures by weight, arms against each other, dev against test.
#include <gtest/gtest.h>

#include "tests/support/experiment.hpp"

namespace itera::test {
namespace {

void expect_contains(std::string const& text, std::string const& part) {
  EXPECT_NE(text.find(part), std::string::npos) << "`" << part << "` is not in:\n" << text;
}

// The same verdict from the numbers of data.json alone, which do not contradict each other.
void expect_the_same_again(Workspace const& w, int code) {
  auto const again = w.itera({"verdict", "--data", "exp/data.json"});
  EXPECT_EQ(again.code, code) << again.out << again.err;
  expect_contains(again.out, "decided again it is the same\n");
  expect_contains(again.out, "lint        the file agrees with itself\n");
  EXPECT_EQ(again.out.find("not assessed"), std::string::npos) << again.out;
}

std::vector<Placed> const& rows600() {
  static auto const rows = placed(make_rows(600));
  return rows;
}

// rows.csv with a column `amount`: a function of the row.
template <class Amount>
void write_amounts(Workspace const& w, Amount const& amount) {
  std::string table = "id,text,tier,answer,amount\n";
  for (auto const& r : rows600())
    table += r.row.key + "," + r.row.text + "," + r.row.tier + "," + r.row.answer + "," + amount(r) + "\n";
  w.write("rows.csv", table);
}

// An arm as a recording: right where `right` says so.
void write_arm(Workspace const& w, std::string const& file, Right const& right, double cost = 0.0005,
               std::string const& wrong = "wrong") {
  std::string out;
  for (auto const& r : rows600()) {
    auto const answer = right(r) ? r.row.answer : wrong;
    out += Json{{"key", r.row.key}, {"outputs", {answer, answer, answer}}, {"cost_usd", cost}}.dump() + "\n";
  }
  w.write(file, out);
}

bool first(Placed const& r, double share) {
  return among_first(r, share);
}

// Six tenths right, and fifteen points more: of the rows that the baseline fails, the first ones.
bool better(Placed const& r) {
  return first(r, .75);
}

constexpr auto kTwoArms =
    "arm new from old \"more words\" { deterministic  path = \"new.jsonl\" }\n"
    "  arm other from old \"other words\" { deterministic  path = \"other.jsonl\" }";

TEST(SeverityStory, BothAggregatesAreGivenAndTheRowsKeepTheirWeight) {
  Workspace w;
  Spec spec;
  spec.row += "  severity min(abs(amount), 50)";
  write_recorded(
      w, rows600(), [](auto const& r) { return first(r, .6); }, better, spec);
  write_amounts(w, [](auto const& r) { return std::string(r.nth % 2 ? "-10" : "20"); });
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
  auto const evidence = data(w);
  auto const& severity = evidence.at("severity");
  EXPECT_EQ(severity.at("field"), "min(abs(amount), 50)");
  EXPECT_EQ(severity.at("registered_at_phase_2"), true);
  auto const& scores = severity.at("test_set_weighted_accuracy");
  EXPECT_NEAR(scores.at("new").get<double>() - scores.at("old").get<double>(),
              severity.at("effects").at("new").at("delta").get<double>(), 1e-12);
  EXPECT_EQ(severity.at("effects").at("new").at("descriptive"), false);
  EXPECT_EQ(check_of(evidence, "new", "C6").at("status"), "pass");
  expect_contains(w.read("exp/conclusion.md"), "### Severity-weighted scores\n\nEach row counts by `min");
  expect_contains(w.read("exp/frame.md"), "Severity: min(abs(amount), 50)");
  bool told = false;
  for (auto const& line : evidence.at("self_audit"))
    if (line.at("line") == "weighted and unweighted result both given") {
      told = true;
      EXPECT_EQ(line.at("answer"), "yes");
      expect_contains(line.at("evidence"), "severity is min(abs(amount), 50): `new` ");
    }
  EXPECT_TRUE(told);
  EXPECT_EQ(w.read("exp/rows.jsonl").find("severity"), std::string::npos) << "records hold no text of rows";
  expect_the_same_again(w, 0);

  // It belongs to the second lock.
  EXPECT_EQ(Json::parse(w.read("exp/plan.json")).at("registration").at("row").at("severity"),
            "min(abs(amount), 50)");
}

TEST(SeverityStory, BetweenTheLocksItMayMoveAndTheRowsAreReadAgain) {
  Workspace w;
  Spec spec;
  spec.row += "  severity min(abs(amount), 50)";
  write_recorded(
      w, rows600(), [](auto const& r) { return first(r, .6); }, better, spec);
  write_amounts(w, [](auto const& r) { return std::string(r.nth % 2 ? "-10" : "20"); });
  EXPECT_EQ(run(w, {"--until", "pilot"}).code, 0);
  spec.row = "key id  input text  expected answer  slice tier  severity min(abs(amount), 40)";
  w.write("x.itera", spec.text());
  auto const moved = run(w);
  EXPECT_EQ(moved.code, 0) << moved.out << moved.err;
  EXPECT_EQ(entries(w, "amended").at(0).at("body").at("new_rows"), true);
  expect_contains(moved.err, "/row/severity: \"min(abs(amount), 50)\" -> \"min(abs(amount), 40)\"");
}

TEST(SeverityStory, AWinnerThatLosesTheHeavyRowsIsKilled) {
  Workspace w;
  Spec spec;
  spec.row += "  severity min(amount, 50)";
  // Loses the first of each part and tier, which weigh fifty times as much.
  auto const shifted = [](Placed const& r) { return r.nth >= 4 && first(r, .85); };
  write_recorded(
      w, rows600(), [](auto const& r) { return first(r, .6); }, shifted, spec);
  write_amounts(w, [](auto const& r) { return std::string(r.nth < 4 ? "5000" : "1"); });
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 20) << outcome.out << outcome.err;
  auto const evidence = data(w);
  EXPECT_EQ(evidence.at("verdict").at("decided_by"), "C6");
  EXPECT_EQ(check_of(evidence, "new", "C1").at("status"), "pass");
  EXPECT_LT(evidence.at("severity").at("effects").at("new").at("delta"), 0);
  expect_contains(outcome.out, "severity-weighted score not below the baseline's fails (");
  expect_the_same_again(w, 20);
}

// `new` gains more rows, `other` those that matter.
TEST(SeverityStory, TheWinnerByWeightIsTakenIfItReachesTheThresholdWithoutThem) {
  Workspace w;
  Spec spec;
  spec.row += "  severity min(amount, 50)";
  spec.arms = kTwoArms;
  write_recorded(
      w, rows600(), [](auto const& r) { return first(r, .6); }, [](auto const& r) { return first(r, .85); },
      spec);
  auto const heavy = [](Placed const& r) { return !first(r, .85); };
  write_arm(w, "other.jsonl", [&](auto const& r) { return first(r, .6) || heavy(r); });
  write_amounts(w, [&](auto const& r) { return std::string(heavy(r) ? "30" : "1"); });
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
  auto const evidence = data(w);
  EXPECT_EQ(evidence.at("verdict").at("winner"), "other");
  auto const& ranking = evidence.at("verdict").at("ranking");
  EXPECT_EQ(ranking.at("weighted"), true);
  EXPECT_EQ(ranking.at("chosen"), "other");
  expect_contains(outcome.out,
                  "without the weights `new` would be ahead, and the unweighted effect of `other` "
                  "reaches the threshold too");
  expect_contains(outcome.out, "next        replace `old` (rules.py:1) with `other`");
  expect_the_same_again(w, 0);
}

TEST(SeverityStory, ARowWithoutANumberStopsTheRunWithItsKeyAndColumn) {
  Workspace w;
  Spec spec;
  spec.row += "  severity min(abs(amount), 50)";
  write_recorded(
      w, rows600(), [](auto const& r) { return first(r, .6); }, better, spec);
  write_amounts(w, [](auto const& r) { return std::string(r.row.key == "k0007" ? "unknown" : "3"); });
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 1) << outcome.out << outcome.err;
  expect_contains(outcome.err,
                  "row `k0007` has no severity: its column `amount` holds `unknown`, which is no "
                  "number");
  EXPECT_EQ(kinds(w), std::vector<std::string>{"framed"});
}

// Where rows differ in worth, counting them alike is said aloud.
TEST(SeverityStory, AnInputWithALongTailAndNoSeverityIsAWarning) {
  Workspace w;
  Spec spec;
  spec.row = "key id  input text, amount  expected answer  slice tier";
  write_recorded(
      w, rows600(), [](auto const& r) { return first(r, .6); }, better, spec);
  write_amounts(w, [](auto const& r) { return std::string(r.nth % 10 == 0 ? "4321" : "20"); });
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  expect_contains(
      outcome.err,
      "the impact of rows may vary: on train, `amount` has a 95th percentile of 4321 against a median "
      "of 20, and no severity is declared; if it says how much a row matters, write in `row`: severity "
      "min(abs(amount), 4400)");
  bool told = false;
  auto const evidence = data(w);
  for (auto const& line : evidence.at("self_audit"))
    if (line.at("line") == "weighted and unweighted result both given") {
      told = true;
      EXPECT_EQ(line.at("answer"), "cannot be shown");
      expect_contains(line.at("evidence"), "though `amount` varies: on train its 95th percentile is 4321");
    }
  EXPECT_TRUE(told);
}

// Two arms gain alike; one of them leaves its errors in the most severe category.
TEST(SeverityStory, OfTwoArmsThatTieTheOneWithTheMoreSevereErrorsLoses) {
  Workspace w;
  Spec spec;
  spec.uses = "use prefix from \"team/judge_prefix.so\"";
  spec.metric = "start using prefix { length = 1 }";
  spec.clauses =
      "failure wrong_start  weight 1  \"begins with another letter\"\n"
      "  failure empty  weight 3  \"says nothing\"";
  spec.rule = "effect >= 5pp";
  spec.arms = kTwoArms;
  std::filesystem::create_directories(w.at("team"));
  std::filesystem::copy_file(ITERA_TEAM_JUDGE, w.at("team/judge_prefix.so"));
  write_recorded(
      w, rows600(), [](auto const& r) { return first(r, .6); }, better, spec);
  write_arm(
      w, "old.jsonl", [](auto const& r) { return first(r, .6); }, 0.0005, "");
  write_arm(w, "other.jsonl", better, 0.0001, "");  // as right and cheaper, but silent where it fails
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
  auto const evidence = data(w);
  EXPECT_EQ(evidence.at("verdict").at("winner"), "new");
  EXPECT_EQ(evidence.at("verdict").at("killed"), Json({"other"}));
  EXPECT_EQ(evidence.at("arm_verdicts").at("other").at("decided_by"), "C5");
  EXPECT_EQ(evidence.at("effect_sizes").at("new").at("aggregate").at("delta"),
            evidence.at("effect_sizes").at("other").at("aggregate").at("delta"));
  expect_contains(outcome.out,
                  "the sum of severity weight x failures does not lie above that of `new`, an arm "
                  "within the threshold fails (90 against 30 at +0.0pp of effect between them");
  auto const conclusion = w.read("exp/conclusion.md");
  expect_contains(conclusion,
                  "| failure | arm | difference in rate | 95% interval | exact p of a rise | exact "
                  "sign-flip p |");
  expect_contains(conclusion, "The sum of severity weight x failures is 30 for new and 144 for old");
  expect_the_same_again(w, 0);
}

// As good as each other by what the rows show: the cheaper one.
TEST(RankingStory, OfTwoArmsThatDoNotDifferTheCheaperIsTaken) {
  Workspace w;
  Spec spec;
  spec.arms = kTwoArms;
  write_recorded(
      w, rows600(), [](auto const& r) { return first(r, .6); }, [](auto const& r) { return first(r, .76); },
      spec);
  write_arm(w, "other.jsonl", better, 0.0001);
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
  EXPECT_EQ(data(w).at("verdict").at("winner"), "other");
  expect_contains(outcome.out,
                  "which shows no difference, so the cheaper `other` is taken ($0.0001 against $0.0005 "
                  "a call)");
  expect_the_same_again(w, 0);
}

TEST(GapStory, AnArmThatOnlyWinsOnDevRaisesTheAlarm) {
  Workspace w;
  write_recorded(
      w, rows600(), [](auto const& r) { return first(r, .6); },
      [](auto const& r) { return first(r, r.part == "test" ? .62 : .9); });
  auto const outcome = run(w);
  auto const evidence = data(w);
  auto const& gap = evidence.at("arm_verdicts").at("new").at("gap");
  EXPECT_EQ(gap.at("alarm"), true);
  EXPECT_GT(gap.at("z"), 1.96);
  expect_contains(w.read("exp/conclusion.md"), "Overfit alarm: dev promised +");
  expect_contains(outcome.out, "whether the gain holds on other rows: dev promised +");
  for (auto const& line : evidence.at("self_audit"))
    if (line.at("line") == "dev and test agree within chance") {
      EXPECT_EQ(line.at("answer"), "no");
    }
}

TEST(GapStory, AnArmThatWinsOnBothDoesNot) {
  Workspace w;
  write_recorded(
      w, rows600(), [](auto const& r) { return first(r, .6); }, better);
  EXPECT_EQ(run(w).code, 0);
  auto const evidence = data(w);
  EXPECT_EQ(evidence.at("arm_verdicts").at("new").at("gap").at("alarm"), false);
  EXPECT_EQ(w.read("exp/conclusion.md").find("Overfit alarm"), std::string::npos);
  for (auto const& line : evidence.at("self_audit"))
    if (line.at("line") == "dev and test agree within chance") {
      EXPECT_EQ(line.at("answer"), "yes");
    }
}

// The sample holds seven tenths `ent`; production holds one tenth, and the arm gains on `ent` alone.
TEST(TrafficStory, TheEffectOnProductionDecidesWhereTheRuleAsksForIt) {
  auto const gains = [](Placed const& r) { return first(r, r.row.tier == "ent" ? .9 : .6); };
  Workspace w;
  Spec spec;
  spec.clauses += "\n  traffic { tier  ent 72%, smb 28% }";
  spec.rule = "effect over traffic of tier >= 5pp";
  write_recorded(
      w, rows600(), [](auto const& r) { return first(r, .6); }, gains, spec);
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
  auto const evidence = data(w);
  auto const& over = evidence.at("effect_sizes").at("new").at("over_traffic").at(0);
  EXPECT_EQ(over.at("slice"), "tier");
  EXPECT_EQ(over.at("decides"), true);
  EXPECT_EQ(over.at("differs"), true);
  auto const& per = evidence.at("effect_sizes").at("new").at("per_slice");
  EXPECT_NEAR(
      over.at("delta").get<double>(),
      .72 * per.at("tier=ent").at("delta").get<double>() + .28 * per.at("tier=smb").at("delta").get<double>(),
      1e-12);
  EXPECT_NE(over.at("delta"), evidence.at("effect_sizes").at("new").at("aggregate").at("delta"));
  expect_contains(outcome.out, "effect on accuracy over traffic of tier >= 5pp holds (+");
  expect_contains(w.read("exp/conclusion.md"), "and the rule judges that.");
  expect_the_same_again(w, 0);
}

}  // namespace
}  // namespace itera::test
