// Every line of the self-audit is computed: for each there is an experiment that makes it `no` or *cannot be
// shown*, and one that makes it `yes`. Lines that cannot be `no` in this version stand at the end with why.
#include "core/verdict/self_audit.hpp"

#include <algorithm>
#include <functional>
#include <set>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/plan/plan_json.hpp"
#include "tests/unit/core/world.hpp"

namespace itera::verdict {
namespace {

using Json = nlohmann::json;
using test::World;

struct Entry {
  std::string kind;
  Json body;
};

// What a run that kept every rule writes.
std::vector<Entry> kept(plan::Plan const& plan) {
  return {
      {"framed", {{"name", plan.name}, {"frame_digest", plan::frame_digest(plan)}}},
      {"split", {{"digests", {{"test", "t1"}}}, {"audit", {{"passed", true}, {"failures", Json::array()}}}}},
      {"sealed", {{"rows", 200}, {"digest", "t1"}}},
      {"pilot", {{"row", "k0"}, {"passed", true}, {"problems", Json::object()}}},
      {"registered",
       {{"plan_digest", plan::plan_digest(plan)},
        {"size",
         {{"test_rows", 200}, {"accepted", nullptr}, {"best_case", {{"ships", 20}, {"replicates", 20}}}}}}},
      {"dev_pass", {{"cells", 600}}},
      {"unsealed", {{"pass", "p"}, {"digest", "t1"}}}};
}

// One experiment, and what is different about it.
struct Story {
  plan::Plan plan = test::small_plan();
  std::vector<test::Tier> tiers = {{"ent", 100, {30}, {0}}, {"smb", 100, {20}, {0}}};
  std::string category = "minor";  // of the failed rows
  bool passed_on_test = true;
  std::optional<double> severity, dev;  // of every row; the arm's effect on dev
  std::function<void(std::vector<Entry>&)> rewrite = [](auto&) {};

  Story() {
    plan.question = "better?";
    plan.origin = "production";
    plan.judge.info.short_name = "exact";
    plan.judge.info.traits = {"deterministic"};
    plan.categories = {{"minor", {1, 1}, ""}, {"severe", {3, 1}, ""}};
  }

  std::vector<AuditLine> audit() {
    if (severity) plan.row.severity.emplace().text = "min(amount, 50)";
    test::TempFolder folder(test::in_memory());
    auto ledger = plan::Ledger::open(folder.path() / "ledger.jsonl");
    auto entries = kept(plan);
    rewrite(entries);
    for (auto const& e : entries) EXPECT_TRUE(ledger->append(e.kind, e.body, Json::object()));
    if (!passed_on_test) return self_audit(plan, *ledger, nullptr);
    World w(plan, tiers);
    std::erase_if(w.cells, [&](auto const& c) { return plan.arms[c.arm].deterministic && c.trial > 0; });
    for (auto& row : w.rows) row.severity = severity;
    if (dev) w.dev = {std::nullopt, DevEffect{*dev, 0.03, 1}};
    for (auto& row : w.rows) row.slices.resize(plan.row.slices.size(), "x");
    for (auto& cell : w.cells)
      if (!cell.passed && !category.empty()) cell.rest.edit().failures = {category};
    auto const v = w.verdict();
    return self_audit(plan, *ledger, &v);
  }
};

Entry& entry(std::vector<Entry>& entries, std::string const& kind) {
  return *std::find_if(entries.begin(), entries.end(), [&](auto const& e) { return e.kind == kind; });
}
void drop(std::vector<Entry>& entries, std::string const& kind) {
  std::erase_if(entries, [&](auto const& e) { return e.kind == kind; });
}
void move_to_end(std::vector<Entry>& entries, std::string const& kind) {
  auto const moved = entry(entries, kind);
  drop(entries, kind);
  entries.push_back(moved);
}

struct Case {
  std::string name, line;
  std::function<void(Story&)> make;
  Answer answer;
  std::string evidence;
};

std::function<void(Story&)> ledger(std::function<void(std::vector<Entry>&)> rewrite) {
  return [rewrite](Story& story) { story.rewrite = rewrite; };
}

void arm_trait(Story& story, char const* trait) {
  for (auto& arm : story.plan.arms) arm.actor.info.traits = {trait};
}

constexpr auto kSealed = "test sealed and opened once";
constexpr auto kDrift = "no metric drift: question, metric, categories and rule as framed";
constexpr auto kPilot = "pilot passed";
constexpr auto kDistribution = "distribution audit against production";
constexpr auto kRows = "test holds the rows that the question is about";
constexpr auto kSize = "test large enough for twice the threshold";
constexpr auto kNoise = "noise floor measured";
constexpr auto kRepeat = "arms declared deterministic were verified";
constexpr auto kControl = "control arm";
constexpr auto kEffect = "effect at least 2 x noise";
constexpr auto kBlind = "judge blind to arms";
constexpr auto kSlices = "result given per slice";
constexpr auto kCategories = "failure categories registered and their deltas given";
constexpr auto kWeighted = "weighted and unweighted result both given";
constexpr auto kAgree = "dev and test agree within chance";
constexpr auto kMoved = "nothing moved after registration";

constexpr auto kLabels = "label-noise audit of generated rows";

// Rows that the baseline fails: 12 of dev, and after a signature of both parts 5 of test.
std::function<void(Story&)> generated(std::function<void(std::vector<Entry>&)> rewrite) {
  return [rewrite](Story& story) {
    story.plan.origin = "generated from x";
    story.rewrite = [rewrite](std::vector<Entry>& l) {
      entry(l, "dev_pass").body["baseline_fails"] = 12;
      rewrite(l);
      if (l.back().kind == "labels_signed") l.push_back({"verdict", {{"baseline_fails", 5}}});
    };
  };
}

Entry signature(int dev, int test, int wrong) {
  return {"labels_signed",
          {{"by", "Ada"},
           {"digest", "d"},
           {"dev", {{"listed", dev}, {"right", dev - wrong}, {"wrong", wrong}}},
           {"test", {{"listed", test}, {"right", test}, {"wrong", 0}}}}};
}

std::vector<Case> cases() {
  using enum Answer;
  auto const all_deterministic = [](Story& s) {
    for (auto& arm : s.plan.arms) arm.deterministic = true;
  };
  auto const control = [](Story& s, std::size_t wins, std::size_t losses) {
    s.plan.arms.push_back(s.plan.arms[1]);
    s.plan.arms[2].name = "bigger";
    s.plan.arms[2].control = true;
    s.tiers = {{"ent", 200, {60, wins}, {0, losses}}, {"smb", 200, {40, wins}, {0, losses}}};
  };
  return {
      {"as it should be", kSealed, [](Story&) {}, yes,
       "ledger entry 3 (sealed); opened once, ledger entry 7 (unsealed), the same rows by digest"},
      {"never sealed", kSealed, ledger([](auto& l) { drop(l, "sealed"); }), no,
       "no ledger entry sealed; opened once"},
      {"opened twice", kSealed, ledger([](auto& l) { l.push_back(entry(l, "unsealed")); }), no,
       "ledger entry 3 (sealed); opened 2 times"},
      {"never opened", kSealed, ledger([](auto& l) { drop(l, "unsealed"); }), no, "opened 0 times"},
      {"other rows were opened", kSealed, ledger([](auto& l) { entry(l, "unsealed").body["digest"] = "t2"; }),
       no, "the rows that were split, sealed and opened are not the same by their digests"},
      {"other rows were sealed", kSealed, ledger([](auto& l) { entry(l, "sealed").body["digest"] = "t2"; }),
       no, "are not the same by their digests"},
      {"opened before the registration", kSealed, ledger([](auto& l) { move_to_end(l, "registered"); }), no,
       "not in the order sealed, registered, opened (ledger entry 7 (registered))"},
      {"recorded outputs", kSealed, [](Story& s) { arm_trait(s, "recorded"); }, cannot_be_shown,
       "but the outputs of `base`, `arm1` were made before the lock"},
      {"programs", kSealed, [](Story& s) { arm_trait(s, "runs-programs"); }, cannot_be_shown,
       "but the programs of `base`, `arm1` run as you and could read the source"},

      {"as it should be", kSize, [](Story&) {}, yes,
       "ledger entry 5 (registered): at best 20 of 20 made-up test sets of 200 rows ship"},
      {"too small, and accepted", kSize, ledger([](auto& l) {
         auto& size = entry(l, "registered").body["size"];
         size["best_case"]["ships"] = 9;
         size["accepted"] = "no more rows this year";
       }),
       no,
       "9 of 20 made-up test sets of 200 rows ship; accepted as underpowered: \"no more rows this year\""},
      {"accepted without need", kSize,
       ledger([](auto& l) { entry(l, "registered").body["size"]["accepted"] = "to be sure"; }), yes,
       "ship; `accept underpowered` was not needed: \"to be sure\""},
      {"a threshold without a twice", kSize,
       ledger([](auto& l) { entry(l, "registered").body["size"]["best_case"] = nullptr; }), not_applicable,
       "the threshold has no twice"},
      {"a ledger that does not say", kSize,
       ledger([](auto& l) { entry(l, "registered").body.erase("size"); }), cannot_be_shown,
       "ledger entry 5 (registered) does not say"},

      {"as it should be", kDrift, [](Story&) {}, yes,
       "ledger entry 1 (framed) has the digest of the frame that was concluded"},
      {"another rule was framed", kDrift,
       ledger([](auto& l) { entry(l, "framed").body["frame_digest"] = "x"; }), no,
       "has another digest than the frame that was concluded"},
      {"never framed", kDrift, ledger([](auto& l) { drop(l, "framed"); }), no, "no ledger entry framed"},

      {"as it should be", kPilot, [](Story&) {}, yes,
       "ledger entry 4 (pilot) on train row `k0`, before ledger entry 5 (registered)"},
      {"it failed", kPilot, ledger([](auto& l) { entry(l, "pilot").body["passed"] = false; }), no,
       "ledger entry 4 (pilot) failed"},
      {"no pilot", kPilot, ledger([](auto& l) { drop(l, "pilot"); }), no, "no ledger entry pilot"},
      {"rows were drawn anew after it", kPilot, ledger([](auto& l) { move_to_end(l, "split"); }), no,
       "passed, but then came ledger entry 7 (split)"},
      {"after the registration", kPilot, ledger([](auto& l) { move_to_end(l, "pilot"); }), no,
       "does not stand before the registration: ledger entry 4 (registered)"},

      {"as it should be", kDistribution, [](Story&) {}, yes,
       "ledger entry 2 (split); production is taken to be every row of the source"},
      {"it failed", kDistribution, ledger([](auto& l) {
         entry(l, "split").body["audit"] = {{"passed", false}, {"failures", {"tier: no `smb` in test"}}};
       }),
       no,
       "ledger entry 2 (split); tier: no `smb` in test; production is taken to be every row of the source"},
      {"in folds", kDistribution, ledger([](auto& l) { entry(l, "split").body["folds"] = 5; }), yes,
       "ledger entry 2 (split); fewer than 50 rows: dev is judged in folds, and the reading fold, which "
       "stands in "
       "train's place, is not audited; production is taken to be every row of the source"},
      {"in folds", kPilot, ledger([](auto& l) { entry(l, "split").body["folds"] = 5; }), yes,
       "ledger entry 4 (pilot) on the reading fold's row `k0`, before ledger entry 5 (registered)"},
      {"no split", kDistribution, ledger([](auto& l) { drop(l, "split"); }), no, "no ledger entry split"},

      {"as it should be", kRows, [](Story&) {}, yes,
       "the baseline fails about 100 of 200 test rows; each of the 2 major slices has 5 or more"},
      {"the baseline hardly fails", kRows,
       [](Story& s) {
         s.tiers = {{"ent", 10, {2}, {0}}};
       },
       no, "the baseline fails about 5 of 10 test rows"},
      {"a major slice is all but absent", kRows,
       [](Story& s) {
         s.tiers = {{"ent", 30, {9}, {0}}, {"smb", 4, {0}, {0}}};
       },
       no, "of the major slices tier=smb has 4"},
      {"no pass on test", kRows, [](Story& s) { s.passed_on_test = false; }, cannot_be_shown,
       "no pass on test"},

      {"generated rows, not signed", kLabels, generated([](auto&) {}), no,
       "none of the 12 labels of rows that the baseline fails is signed: confirm each in label-audit.csv, "
       "then "
       "`itera labels DIR --sign \"name\"`"},
      {"dev is signed", kLabels, generated([](auto& l) { l.push_back(signature(12, 0, 0)); }), no,
       "ledger entry 8 (labels_signed): 12 of 17 labels of rows that the baseline fails are signed: confirm "
       "each"},
      {"all are signed", kLabels, generated([](auto& l) { l.push_back(signature(12, 5, 0)); }), yes,
       "ledger entry 8 (labels_signed): all 17 labels of rows that the baseline fails are right, signed by "
       "Ada"},
      {"one is wrong", kLabels, generated([](auto& l) { l.push_back(signature(12, 5, 1)); }), no,
       "ledger entry 8 (labels_signed): 1 of 17 labels of rows that the baseline fails are wrong, signed by "
       "Ada"},
      {"the baseline fails nothing", kLabels,
       generated([](auto& l) { entry(l, "dev_pass").body["baseline_fails"] = 0; }), yes,
       "the baseline fails no row, ledger entry 6 (dev_pass)"},
      {"no pass on dev", kLabels, generated([](auto& l) { drop(l, "dev_pass"); }), no,
       "no ledger entry dev_pass"},

      {"as it should be", kNoise, [](Story&) {}, yes, "3 trials, ledger entry 6 (dev_pass)"},
      {"two trials", kNoise, [](Story& s) { s.plan.trials = 2; }, no,
       "2 trials, ledger entry 6 (dev_pass); it takes 3"},
      {"no pass on dev", kNoise, ledger([](auto& l) { drop(l, "dev_pass"); }), no,
       "no ledger entry dev_pass"},
      {"declared deterministic, never tried", kNoise, all_deterministic, no,
       "every arm is declared to repeat itself exactly: no ledger entry determinism"},
      {"found deterministic", kNoise,
       [=](Story& s) {
         all_deterministic(s);
         s.rewrite = [](auto& l) {
           l.push_back({"determinism", {{"exact", true}, {"rows", 20}, {"trials", 3}}});
         };
       },
       yes,
       "every arm repeats itself exactly, the floor is zero: ledger entry 8 (determinism): 20 dev rows, 3 "
       "trials, "
       "the same outputs"},

      {"none is registered", kControl, [](Story&) {}, not_applicable, "no arm is registered as a control"},
      {"unmoved", kControl, [=](Story& s) { control(s, 2, 2); }, yes,
       "`bigger` unmoved: the 90% interval lies within +-5pp: overall ["},
      {"moved", kControl, [=](Story& s) { control(s, 40, 0); }, no, "`bigger` moved: an effect is shown"},
      {"not shown", kControl, [=](Story& s) { control(s, 25, 25); }, cannot_be_shown,
       "`bigger` not shown: the 90% interval reaches beyond +-5pp"},
      {"no pass on test", kControl,
       [=](Story& s) {
         control(s, 2, 2);
         s.passed_on_test = false;
       },
       cannot_be_shown, "no pass on test"},

      {"declared, never tried", kRepeat, all_deterministic, no, "no ledger entry determinism"},
      {"outputs differ", kRepeat,
       [=](Story& s) {
         all_deterministic(s);
         s.rewrite = [](auto& l) {
           l.push_back({"determinism", {{"exact", false}, {"rows", 20}, {"trials", 3}}});
         };
       },
       no, "ledger entry 8 (determinism): 20 dev rows, 3 trials, outputs that differ"},

      {"as it should be", kEffect, [](Story&) {}, yes,
       "`arm1` +25.0pp; the noise floor is zero: power, not noise, is binding"},
      {"a loss", kEffect,
       [](Story& s) {
         s.tiers = {{"ent", 100, {0}, {9}}};
       },
       no, "`arm1` -9.0pp"},
      {"too few trials", kEffect, [](Story& s) { s.plan.trials = 2; }, cannot_be_shown,
       "`arm1` fewer than 3 trials: the noise floor proves nothing"},
      {"no pass on test", kEffect, [](Story& s) { s.passed_on_test = false; }, cannot_be_shown,
       "no pass on test"},

      {"a judge that is not deterministic", "cross-judge", [](Story& s) { s.plan.judge.info.traits = {}; },
       no, "only `exact` has judged: the spec has no `crosscheck`"},
      {"a judge that is a program", kBlind, [](Story& s) { s.plan.judge.info.traits = {"runs-programs"}; },
       cannot_be_shown, "its program runs as you and could read the experiment"},
      {"two changes", "one change in each arm",
       [](Story& s) {
         s.plan.arms[1].changed = {"model", "prompt"};
       },
       no, "`arm1` changes model and prompt of `base`"},
      {"no change", "one change in each arm", [](Story& s) { s.plan.arms[1].changed = {}; }, no,
       "`arm1` changes nothing of `base`"},

      {"as it should be", kSlices, [](Story&) {}, yes, "by `tier`, for every arm"},
      {"a column without a result", kSlices,
       [](Story& s) {
         s.plan.row.slices = {"tier", "region"};
       },
       no, "nothing by `region`"},
      {"no pass on test", kSlices, [](Story& s) { s.passed_on_test = false; }, cannot_be_shown,
       "no pass on test"},

      {"as it should be", kCategories, [](Story&) {}, yes, "2 categories, ledger entry 1 (framed)"},
      {"none", kCategories, [](Story& s) { s.plan.categories.clear(); }, no, "none is registered"},
      {"a judge that tags nothing", kCategories, [](Story& s) { s.category.clear(); }, cannot_be_shown,
       "the judge named no category for any failed row"},
      {"no pass on test", kCategories, [](Story& s) { s.passed_on_test = false; }, cannot_be_shown,
       "no pass on test"},

      {"a severity", kWeighted, [](Story& s) { s.severity = 3; }, yes,
       "severity is min(amount, 50): `arm1` +25.0pp by weight, +25.0pp without"},
      {"rows that weigh nothing", kWeighted, [](Story& s) { s.severity = 0; }, no,
       "`arm1` has none by weight"},
      {"no pass on test", kWeighted,
       [](Story& s) {
         s.severity = 3;
         s.passed_on_test = false;
       },
       cannot_be_shown, "no pass on test"},
      {"impact that varies", kWeighted, ledger([](auto& l) {
         entry(l, "split").body["impact"] = {{"column", "amount"}, {"median", 20}, {"p95", 4321}};
       }),
       cannot_be_shown,
       "no severity field is registered, though `amount` varies: on train its 95th percentile is 4321, its "
       "median 20 (ledger entry 2 (split))"},

      {"dev like test", kAgree, [](Story& s) { s.dev = 0.25; }, yes,
       "`arm1` +0.0pp from test to dev, z 0.00 where 1.96 alarms"},
      {"dev far above test", kAgree, [](Story& s) { s.dev = 0.6; }, no,
       "`arm1` +35.0pp from test to dev, z "},
      {"nothing known of dev", kAgree, [](Story&) {}, cannot_be_shown, "`arm1` has no interval to compare"},
      {"no pass on test", kAgree, [](Story& s) { s.passed_on_test = false; }, cannot_be_shown,
       "no pass on test"},

      {"as it should be", kMoved, [](Story&) {}, yes,
       "ledger entry 5 (registered) has the digest of the plan that was concluded; 0 amendments before it"},
      {"another plan was registered", kMoved,
       ledger([](auto& l) { entry(l, "registered").body["plan_digest"] = "x"; }), no,
       "has another digest than the plan that was concluded"},
      {"amended after it", kMoved, ledger([](auto& l) {
         l.push_back({"amended", {{"changes", {"x"}}}});
       }),
       no, "ledger entry 5 (registered); after it came ledger entry 8 (amended)"},
      {"never registered", kMoved, ledger([](auto& l) { drop(l, "registered"); }), no,
       "no ledger entry registered"},
  };
}

// In one process, one after the other: each is a few milliseconds.
TEST(SelfAudit, IsComputed) {
  for (auto const& c : cases()) {
    Story story;
    c.make(story);
    auto const lines = story.audit();
    auto const found =
        std::find_if(lines.begin(), lines.end(), [&](auto const& l) { return l.line == c.line; });
    if (found == lines.end()) {
      ADD_FAILURE() << "there is no line " << c.line;
      continue;
    }
    EXPECT_EQ(to_string(found->answer), to_string(c.answer))
        << c.line << ", " << c.name << ": " << found->evidence;
    EXPECT_NE(found->evidence.find(c.evidence), std::string::npos)
        << c.line << ", " << c.name << ": " << found->evidence;
  }
}

// What stands for features that this version does not run, and can therefore only say that it does not apply.
std::set<std::string> const kNotRun = {
    "hypotheses written before their iterations", "at most 3 iterations in a sprint",
    "generalization gate between sprints", "at most 3 sprints", "latest gate-passed iteration locked"};

TEST(SelfAuditLines, EachCanBeOtherThanYesOrIsNotRun) {
  std::set<std::string> bad;
  for (auto const& c : cases())
    if (c.answer == Answer::no || c.answer == Answer::cannot_be_shown) bad.insert(c.line);
  for (auto const& line : Story().audit()) {
    EXPECT_TRUE(bad.contains(line.line) || kNotRun.contains(line.line)) << line.line;
    if (kNotRun.contains(line.line)) {
      EXPECT_EQ(line.answer, Answer::not_applicable) << line.line;
    }
    EXPECT_FALSE(line.evidence.empty()) << line.line;
  }
}

}  // namespace
}  // namespace itera::verdict
