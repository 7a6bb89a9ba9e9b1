// What a verdict is called, for every way to come to it: sentences.expect holds the paragraphs as people read
// them. ITERA_UPDATE_GOLDENS=1 rewrites it.
#include <cstdlib>
#include <set>

#include <gtest/gtest.h>

#include "core/base/file.hpp"
#include "core/report/evidence.hpp"
#include "core/report/evidence_severity.hpp"
#include "tests/unit/core/world.hpp"

namespace itera::report {
namespace {

using test::World;
using verdict::Answer;
using verdict::AuditLine;

constexpr auto kGolden = ITERA_SOURCE_DIR "/tests/golden/report/sentences.expect";

plan::Plan asked(std::size_t arms = 1) {
  auto plan = test::small_plan(arms);
  plan.question = "Do the new rules sort better?";
  plan.origin = "production";
  plan.categories = {{"minor", {1, 1}, ""}, {"severe", {3, 1}, ""}};
  plan.arms[0].name = "old";
  plan.arms[0].ref = "rules.py:1";
  for (std::size_t i = 1; i < plan.arms.size(); ++i) {
    plan.arms[i].parent = "old";
    plan.arms[i].summary = i == 1 ? "more words" : "other words";
  }
  return plan;
}

plan::Plan with_floor(std::size_t arms = 1) {
  auto plan = asked(arms);
  plan.rule.slices.push_back({{"tier", {}}, "", {-1, 50}, spec::SliceMode::point, {}});
  return plan;
}

void tag(World& w, std::size_t severe_from) {
  for (auto& cell : w.cells)
    if (!cell.passed)
      cell.rest.edit().failures = {cell.arm == 1 && cell.row >= severe_from ? "severe" : "minor"};
}

World noisy() {
  World w(asked(), {{"ent", 300, {0}, {0}}});
  w.cells.clear();
  constexpr std::size_t right[] = {240, 150, 240};
  for (std::size_t row = 0; row < 300; ++row)
    for (std::uint32_t k = 0; k < 3; ++k) {
      w.add(row, 0, k, row < 150);
      w.add(row, 1, k, row < right[k]);
    }
  tag(w, 1000);
  return w;
}

plan::Plan weighed() {
  auto plan = asked();
  plan.row.severity.emplace();
  plan.row.severity->text = "min(amount, 50)";
  return plan;
}

// Rows before `heavy` weigh 1, the others `weight`.
void weigh(World& w, std::size_t heavy, double weight) {
  for (std::size_t i = 0; i < w.rows.size(); ++i) w.rows[i].severity = i < heavy ? 1 : weight;
}

plan::Plan asked_of(Rational effect, bool relative, bool strict, std::optional<Rational> cost = {},
                    std::size_t arms = 1) {
  auto plan = asked(arms);
  plan.rule.effect = effect;
  plan.rule.relative = relative;
  plan.rule.strict = strict;
  if (cost) plan.rule.guards.push_back({spec::GuardClause::Of::cost, *cost, {}});
  return plan;
}

// The arm costs `factor` times what the baseline does, which is not the same on every row.
World priced(plan::Plan plan, test::Tier tier, double factor, bool apart = false) {
  World w(std::move(plan), {std::move(tier)});
  for (auto& cell : w.cells) {
    auto const row = cell.row + (apart ? 5 * cell.arm : 0);
    cell.cost_usd = (cell.arm == 0 ? 1 : factor) * .001 * (1 + static_cast<double>(row * 7 % 13) / 13) *
                    (apart && row % 20 == 0 ? 12 : 1);
  }
  return w;
}

struct Case {
  std::string name;
  World world;
  std::vector<AuditLine> audit;
  verdict::Integrity integrity;
};

std::vector<Case> cases() {
  std::vector<Case> out;
  auto const add = [&](std::string name, World world, std::vector<AuditLine> audit = {},
                       std::vector<std::string> broken = {}, std::vector<std::size_t> blind = {}) {
    if (world.plan.categories.size() == 2 && world.cells.size() > 0 &&
        std::all_of(world.cells.begin(), world.cells.end(),
                    [](auto const& c) { return c.rest->failures.empty(); }))
      tag(world, 100000);
    out.push_back({std::move(name),
                   std::move(world),
                   std::move(audit),
                   {std::move(broken), "plan as registered", std::move(blind)}});
  };
  add("ship", {with_floor(), {{"ent", 100, {20}, {2}}, {"smb", 100, {15}, {1}}}});
  add("ship, but less than the threshold is not excluded, nor a loss on a slice",
      {with_floor(), {{"ent", 400, {40}, {6}}, {"smb", 60, {5}, {4}}}});
  add("ship, and the self-audit has reservations", {asked(), {{"ent", 100, {30}, {0}}}},
      {{"test sealed and opened once", Answer::cannot_be_shown, ""},
       {"cross-judge", Answer::no, ""},
       {"pilot passed", Answer::yes, ""}});
  {
    auto plan = asked();
    plan.origin = "generated from the price list";
    plan.categories.clear();
    add("ship, on generated rows and without categories", {plan, {{"ent", 100, {30}, {0}}}});
  }
  {
    // Only the first arm wins.
    add("ship, one arm of three", {asked(3), {{"ent", 200, {40, 3, 0}, {0, 0, 50}}}});
  }
  add("ship narrowly", {with_floor(), {{"ent", 400, {40}, {2}}, {"smb", 100, {2}, {10}}}});
  add("kill, harm shown", {asked(), {{"ent", 100, {0}, {20}}}});
  add("kill, below the threshold", {asked(), {{"ent", 4000, {20}, {18}}}});
  add("kill, two arms", {asked(2), {{"ent", 100, {0, 0}, {20, 30}}}});
  add("kill, a slice falls short and the rest does not carry it",
      {with_floor(), {{"ent", 80, {40}, {0}}, {"smb", 420, {10}, {20}}}});
  {
    World w(asked(), {{"ent", 200, {40}, {4}}});
    tag(w, 190);
    add("kill, the most severe failure rises", w);
  }
  add("inconclusive, below the threshold but it is not excluded", {asked(), {{"ent", 100, {6}, {3}}}});
  add("inconclusive, it could be noise", noisy());
  {
    auto plan = asked();
    plan.trials = 2;
    add("inconclusive, too few trials", {plan, {{"ent", 100, {30}, {0}}}});
  }
  add("inconclusive, it could be chance", {asked(), {{"ent", 40, {4}, {2}}}});
  add("inconclusive, a major slice has too few rows",
      {with_floor(), {{"ent", 30, {10}, {0}}, {"smb", 4, {0}, {0}}}});
  add("inconclusive, on a handful of rows", {asked(), {{"ent", 12, {2}, {0}}}});
  add("inconclusive, without a row", {asked(), {}});
  add("inconclusive, a test that is blind", {asked(), {{"ent", 400, {3}, {1}}}}, {}, {}, {1});
  {
    World w(weighed(), {{"ent", 100, {20}, {2}}});
    weigh(w, 90, 20);
    add("kill, the score weighted by severity falls", w);
    World few(weighed(), {{"ent", 100, {30}, {0}}});
    weigh(few, 98, 50);
    add("ship, but two rows carry the weight", few);
    World none(weighed(), {{"ent", 100, {30}, {0}}});
    for (auto& row : none.rows) row.severity = 0;
    add("inconclusive, no row has a weight", none);
    auto plan = weighed();
    plan.rule.slices.push_back({{"tier", {}}, "", {-1, 50}, spec::SliceMode::point, {}});
    World narrow(plan, {{"ent", 400, {40}, {2}}, {"smb", 100, {2}, {10}}});
    weigh(narrow, 500, 1);
    add("ship narrowly, with a severity", narrow);
  }
  {
    World w(asked(2), {{"ent", 300, {50, 52}, {0, 0}}});
    for (auto& cell : w.cells) cell.cost_usd = cell.arm == 2 ? 2 : 0.5;
    add("ship, the cheaper of two arms that do not differ", w);
    add("ship, the better of two arms", {asked(2), {{"ent", 300, {40, 90}, {0, 0}}}});
    World shifted(asked(2), {{"ent", 200, {40, 40}, {0, 0}}});
    for (auto& cell : shifted.cells)
      if (!cell.passed)
        cell.rest.edit().failures = {cell.arm == 0 || (cell.arm == 2 && cell.row > 90) ? "severe" : "minor"};
    add("kill, of two that tie the one with the more severe errors", shifted);
  }
  {
    auto plan = asked();
    plan.rule.categories.push_back({{"severe", {}}, {}, spec::SliceMode::harm});
    World w(plan, {{"ent", 200, {40}, {4}}});
    tag(w, 196);
    add("ship, a rise of the most severe failure is seen and not shown", w);
  }
  {
    auto plan = asked();
    plan.rule.over = spec::Name{"tier", {}};
    World w(plan, {{"ent", 100, {30}, {0}}, {"smb", 100, {0}, {0}}});
    add("ship, over production's mix", w);
    w.slices[0].production_share = 0.1, w.slices[1].production_share = 0.9;
    add("inconclusive, over production's mix it is less", w);
    w.slices.push_back({"tier", "shop", 0.3, true});
    add("inconclusive, production has what test does not", w);
    World plain(asked(), {{"ent", 100, {30}, {0}}, {"smb", 100, {0}, {0}}});
    plain.slices[0].production_share = 0.2, plain.slices[1].production_share = 0.8;
    add("ship, though production's mix is another", plain);
    plain.slices.push_back({"tier", "shop", 0.3, true});
    add("ship, though production has what test does not", plain);
  }
  {
    World w(asked(), {{"ent", 200, {30}, {0}}});
    w.dev = {std::nullopt, verdict::DevEffect{0.4, 0.03, 1}};
    add("ship, and dev promised more", w);
    w.dev[1] = verdict::DevEffect{0.17, 0.03, 3};
    add("ship, and dev promised a little more", w);
    w.dev[1] = verdict::DevEffect{0.15, 0.03, 1};
    add("ship, and dev promised the same", w);
  }
  add("ship, by a share of the baseline's score",
      {asked_of({1, 10}, true, false), {{"ent", 200, {40}, {2}}}});
  add("ship, but less than the share is not excluded",
      {asked_of({1, 10}, true, false), {{"ent", 200, {20}, {4}}}});
  add("kill, the share is excluded", {asked_of({1, 5}, true, false), {{"ent", 4000, {120}, {100}}}});
  {
    World w(asked_of({1, 10}, true, false), {{"ent", 100, {0}, {0}}});
    for (auto& cell : w.cells) cell.score = 0, cell.passed = false;
    add("inconclusive, there is no share of nothing", w);
  }
  add("ship, by interval", {asked_of({1, 20}, false, true), {{"ent", 400, {80}, {2}}}});
  add("inconclusive, the low end does not reach the threshold",
      {asked_of({1, 20}, false, true), {{"ent", 200, {20}, {2}}}});
  auto const no_worse = asked_of({-1, 50}, false, false, Rational{-1, 2});
  add("ship, no worse and cheaper", priced(no_worse, {"ent", 1000, {5}, {7}}, .4));
  add("kill, worse than the rule allows", priced(no_worse, {"ent", 1000, {2}, {60}}, .4));
  add("kill, no worse but no cheaper", priced(no_worse, {"ent", 1000, {5}, {7}}, 1));
  add("inconclusive, not shown to be no worse", priced(no_worse, {"ent", 60, {2}, {2}}, .4));
  add("inconclusive, worse than the rule allows but it is not excluded",
      priced(no_worse, {"ent", 60, {0}, {2}}, .4));
  {
    auto w = noisy();
    w.plan.rule.effect = {-1, 50};
    add("inconclusive, the distance from the margin could be noise", w);
  }
  add("ship, and a guard holds",
      priced(asked_of({1, 20}, false, false, Rational{3, 5}), {"ent", 200, {40}, {0}}, 1.5));
  add("kill, a guard fails",
      priced(asked_of({1, 20}, false, false, Rational{3, 5}), {"ent", 200, {40}, {0}}, 1.9));
  add("inconclusive, a guard is not shown",
      priced(asked_of({1, 20}, false, false, Rational{3, 5}), {"ent", 200, {40}, {0}}, 1.6, true));
  add("inconclusive, nobody says what it costs",
      {asked_of({1, 20}, false, false, Rational{3, 5}), {{"ent", 200, {40}, {0}}}});
  for (auto const wins : {8, 120}) {
    auto plan = asked_of({1, 20}, false, false, {}, 2);
    plan.arms[2].control = true;
    plan.arms[2].name = "bigger";
    add(wins == 8 ? "ship, and the control did not move" : "ship, and the control moved",
        {plan, {{"ent", 400, {80, static_cast<std::size_t>(wins)}, {0, 6}}}});
  }
  add("inconclusive, on enough rows, with an effect too near to the share",
      {asked_of({19, 50}, true, false), {{"ent", 150, {30}, {2}}}});
  {
    auto plan = no_worse;
    plan.categories.clear();
    add("inconclusive, on enough rows, with an effect too near to the margin",
        priced(plan, {"ent", 3000, {60}, {105}}, .4));
  }
  {
    auto plan = asked();
    plan.rule.slices.push_back({{"tier", {}}, "", {-1, 20}, spec::SliceMode::harm, {}});
    add("ship narrowly, a slice shows harm above its floor",
        {plan, {{"ent", 400, {46}, {2}}, {"smb", 200, {0}, {9}}}});
    add("kill, a slice shows harm above its floor and the rest does not carry it",
        {plan, {{"ent", 80, {40}, {0}}, {"smb", 420, {0}, {12}}}});
  }
  add("invalid", {asked(), {{"ent", 100, {20}, {0}}}}, {}, {"the plan is not the registered one"});
  return out;
}

std::string shown() {
  std::string out;
  for (auto const& c : cases()) {
    auto const v = c.world.verdict(c.integrity);
    auto const& plan = c.world.plan;
    out += "# " + c.name + "\n\n" + summary(plan, v, c.audit) + "\n\nrationale: " + rationale(plan, v) +
           "\n\ndecided by: " + deciding_clause(plan, v) + "\n\nnot shown: " + not_shown(plan, v) +
           "\n\nnext: " + next_action(plan, v) + "\n\n";
    for (auto const& arm : v.arms) out += clause_by_clause(plan, arm) + "\n\n";
    for (auto const& arm : v.arms)
      for (auto const& remark : remarks(plan, arm)) out += remark + "\n\n";
  }
  return out + "# invalid, the pass on test was cut short\n\n" +
         summary_of_closed(asked(),
                           "The experiment is invalid: its test set was opened and the pass was cut short; "
                           "a second pass is refused.",
                           kStartAnew) +
         "\n\n# inconclusive, the test was foretold to be blind and not opened\n\n" +
         summary_of_closed(asked(), "The test is blind, so it was not opened.", kMoreSuchRows) + "\n";
}

TEST(Sentences, AreThoseOfTheGolden) {
  auto const now = shown();
  if (auto const* update = std::getenv("ITERA_UPDATE_GOLDENS"); update && *update) {
    ASSERT_TRUE(write_file(kGolden, now));
    return;
  }
  EXPECT_EQ(now, read_file(kGolden).value_or("")) << "ITERA_UPDATE_GOLDENS=1 rewrites " << kGolden;
}

// Every decision that the verdict order can come to.
TEST(Sentences, EveryOutcomeAndEveryDecidingClauseIsAmongThem) {
  std::set<std::string> seen;
  for (auto const& c : cases())
    for (auto const& arm : c.world.verdict(c.integrity).arms)
      seen.insert(std::string(to_string(arm.decision.outcome)) + " " + arm.decision.decided_by);
  EXPECT_EQ(seen, (std::set<std::string>{"invalid C0", "kill C3", "kill C4", "kill C5", "kill C6", "kill C7",
                                         "inconclusive C1", "inconclusive C2", "inconclusive C3",
                                         "inconclusive C4", "inconclusive C6", "inconclusive C7",
                                         "inconclusive blind", "ship C1", "ship narrowly C4"}));
}

// Sentences end with a full stop and a blank or the end; a question ends inside of its quotes.
std::size_t sentences(std::string const& text) {
  std::size_t out = 0;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] == '.' && (i + 1 == text.size() || text[i + 1] == ' ')) ++out;
  return out;
}

TEST(Sentences, TheFirstParagraphIsThreeToSixOfThem) {
  for (auto const& c : cases()) {
    auto const text = summary(c.world.plan, c.world.verdict(c.integrity), c.audit);
    EXPECT_GE(sentences(text), 3U) << text;
    EXPECT_LE(sentences(text), 6U) << text;
  }
}

TEST(Sentences, NoOutcomeIsToldToRunMoreIterations) {
  for (auto const& c : cases()) {
    auto const next = next_action(c.world.plan, c.world.verdict(c.integrity));
    EXPECT_EQ(next.find("iteration"), std::string::npos) << next;
    EXPECT_FALSE(next.empty());
  }
}

}  // namespace
}  // namespace itera::report
