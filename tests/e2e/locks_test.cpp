// The two locks: what may be mended between them, and that nothing moves after the second.
#include <gtest/gtest.h>

#include "tests/support/experiment.hpp"
#include "tests/support/programs.hpp"

namespace itera::test {
namespace {

void expect_contains(std::string const& text, std::string const& part) {
  EXPECT_NE(text.find(part), std::string::npos) << "`" << part << "` is not in:\n" << text;
}

// An experiment of programs that answer from recordings would do as well; these can be edited in one line.
class Locks : public ::testing::Test {
 protected:
  void SetUp() override {
    spec.baseline = "using process { ref \"old.py:1\"  deterministic  " + program("old.py") + " }";
    spec.arms = "arm new from old \"more words\" { deterministic  " + program("new.py") + " }";
    spec.split = "train 30%  dev 50%  test 20%  seed 20260412";
    w.write("rows.csv", csv(make_rows(300)));
    w.write("old.py", python_arm(right_on(500)));
    w.write("new.py", python_arm(right_on(800)));
    w.write("x.itera", spec.text());
  }

  void edit_spec(std::string_view from, std::string_view to) { w.edit("x.itera", from, to); }

  // Refused with 50, with what moved and a way on, and nothing is written.
  void expect_refused(std::string const& lock, std::string const& change) {
    auto const ledger = w.read("exp/ledger.jsonl"), frame = w.read("exp/frame.md"),
               plan = w.read("exp/plan.json");
    auto const outcome = run(w);
    EXPECT_EQ(outcome.code, 50) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    expect_contains(outcome.err, "stopped: experiment `router` is " + lock);
    expect_contains(outcome.err, change);
    expect_contains(outcome.err, "start a new experiment under a new name with fresh test rows");
    EXPECT_EQ(w.read("exp/ledger.jsonl"), ledger);
    EXPECT_EQ(w.read("exp/frame.md"), frame);
    EXPECT_EQ(w.read("exp/plan.json"), plan);
  }

  Workspace w;
  Spec spec;
};

TEST_F(Locks, AnArmMayBeDevelopedBetweenTheLocksAndTheChangeIsShown) {
  ASSERT_EQ(run(w, {"--until", "source"}).code, 0);
  edit_spec("\"more words\"", "\"many more words\"");
  w.write("new.py", python_arm(right_on(850)));
  ASSERT_EQ(run(w, {"--until", "pilot"}).code, 0);

  auto const amended = entries(w, "amended");
  ASSERT_EQ(amended.size(), 1U);
  auto const& body = amended.front().at("body");
  EXPECT_EQ(body.at("new_rows"), false);
  ASSERT_EQ(body.at("changes").size(), 2U) << body;
  expect_contains(body.at("changes")[0], "/arms/1/actor/files/new.py: ");
  expect_contains(body.at("changes")[1], R"("more words" -> "many more words")");
  expect_contains(w.read("exp/frame.md"), "## Amended between the two locks");
  expect_contains(w.read("exp/frame.md"), "many more words");
  ASSERT_EQ(run(w).code, 0);
  expect_contains(w.read("exp/conclusion.md"), "Amended between the two locks:");
  expect_contains(w.read("exp/conclusion.md"), R"("more words" -\> "many more words")");
}

TEST_F(Locks, AnotherSliceBetweenTheLocksDrawsTheRowsAgainAndNoRowChangesItsPart) {
  edit_spec("  slice tier", "");
  edit_spec("        and every tier >= -2pp", "");
  ASSERT_EQ(run(w, {"--until", "source"}).code, 0);
  auto const before = w.read("exp/state/split.json");
  edit_spec("expected answer", "expected answer  slice tier");
  auto const outcome = run(w, {"--until", "source"});
  EXPECT_EQ(outcome.code, 50) << "the strata are a matter of the first lock";
  edit_spec("expected answer  slice tier", "expected answer");
  edit_spec("input text", "input text, tier");
  ASSERT_EQ(run(w, {"--until", "source"}).code, 0);
  EXPECT_EQ(entries(w, "split").size(), 2U);
  EXPECT_EQ(entries(w, "sealed").size(), 2U);
  EXPECT_EQ(entries(w, "amended").front().at("body").at("new_rows"), true);
  EXPECT_EQ(w.read("exp/state/split.json"), before);
}

// The change is recorded when it is seen; the rows must follow it even if they cannot be read at once.
TEST_F(Locks, AnotherSourceThatIsNotThereYetIsNotForgotten) {
  ASSERT_EQ(run(w, {"--until", "source"}).code, 0);
  edit_spec("rows.csv", "later.csv");
  ASSERT_EQ(run(w, {"--until", "source"}).code, 1);
  w.write("later.csv", csv(make_rows(400)));
  ASSERT_EQ(run(w, {"--until", "source"}).code, 0);
  EXPECT_EQ(entries(w, "split").back().at("body").at("source_rows"), 400);
}

TEST_F(Locks, TheFrameIsRefusedOnceItIsLocked) {
  ASSERT_EQ(run(w, {"--until", "frame"}).code, 0);
  struct Edit {
    std::string from, to, seen;
  };
  for (auto const& [from, to, seen] :
       std::vector<Edit>{{"sort better", "sort well",
                          R"(/question: "Do the new rules sort better?" -> "Do the new rules sort well?")"},
                         {"They know", "They may know", "/hypothesis: "},
                         {"effect >= 5pp", "effect >= 3pp", R"(/rule/effect: "0.05" -> "0.03")"},
                         {"every tier >= -2pp", "every tier >= -9pp", "/rule/slices/0/floor: "},
                         {"accuracy using exact", "accuracy using exact { ignore_case = true }",
                          "/metric/judge/settings/ignore_case: false -> true"},
                         {"weight 1", "weight 2", "/categories/0/weight: "},
                         {"test 20%  seed", "test 20%  cap 2 per tier  seed", ""},
                         {"dev 50%  test 20%", "dev 40%  test 30%", "/split/test: "},
                         {"seed 20260412", "seed 7", "/seed: 20260412 -> 7"},
                         {"failure wrong", "trials 5\n  failure wrong", "/trials: 3 -> 5"},
                         {"origin production", "origin generated from \"a script\"", "/origin: "}}) {
    if (seen.empty()) continue;
    SCOPED_TRACE(to);
    edit_spec(from, to);
    expect_refused("framed", seen);
    edit_spec(to, from);
  }
  EXPECT_EQ(run(w).code, 0) << "put back, it goes on";
}

TEST_F(Locks, NothingMovesAfterRegistration) {
  ASSERT_EQ(run(w, {"--until", "dev"}).code, 0);
  struct Edit {
    std::string from, to, seen;
  };
  for (auto const& [from, to, seen] : std::vector<Edit>{
           {"effect >= 5pp", "effect >= 3pp", R"(/rule/effect: "0.05" -> "0.03")"},
           {"\"more words\"", "\"other words\"", R"(/arms/1/summary: "more words" -> "other words")"},
           {"\"new.py\"]", "\"new.py\", \"--fast\"]", "/arms/1/actor/settings/command: "},
           {"input text", "input text, tier", "/row/input: "},
           {"rows.csv", "other.csv", "/source/settings/path: "},
           {"failure wrong", "sample 100 rows\n  failure wrong", "/sample: null -> 100"}}) {
    SCOPED_TRACE(to);
    edit_spec(from, to);
    expect_refused("registered", seen);
    edit_spec(to, from);
  }
  EXPECT_EQ(run(w).code, 0);
}

TEST_F(Locks, AnEditedProgramIsAnEditedArm) {
  ASSERT_EQ(run(w, {"--until", "dev"}).code, 0);
  auto const was = w.read("new.py");
  w.write("new.py", was + "\n# a comment\n");
  expect_refused("registered", "/arms/1/actor/files/new.py: ");
  w.write("new.py", was);
  EXPECT_EQ(run(w).code, 0);
}

TEST_F(Locks, AnEditedRecordingIsAnEditedArm) {
  Workspace recorded;
  write_recorded(
      recorded, unplaced(make_rows(100)), [](auto const& r) { return r.nth % 2 == 0; },
      [](auto const&) { return true; });
  ASSERT_EQ(run(recorded, {"--until", "dev"}).code, 0);
  recorded.edit("new.jsonl", "0.0005", "0.0004");
  auto const outcome = run(recorded);
  EXPECT_EQ(outcome.code, 50);
  expect_contains(outcome.err, "/arms/1/actor/files/new.jsonl: ");
}

// White space, comments and what is only reported are no part of the protocol.
TEST_F(Locks, WhatIsNotInTheLocksMayChange) {
  ASSERT_EQ(run(w, {"--until", "dev"}).code, 0);
  edit_spec("  metric", "\n  // how it is judged\n  metric");
  edit_spec("ship when", "report using charts\n  ship when");
  EXPECT_EQ(run(w).code, 0);
}

TEST_F(Locks, ASecondRunAfterTheVerdictIsRefused) {
  ASSERT_EQ(run(w).code, 0);
  auto const before = records(w);
  for (auto const* until : {"test", "frame", "dev"}) {
    auto const outcome = run(w, {"--until", until});
    EXPECT_EQ(outcome.code, 50) << until;
    expect_contains(outcome.err, "its test set was opened, and that is done once");
    expect_contains(outcome.err, "a new question is a new experiment with fresh test rows");
  }
  edit_spec("effect >= 5pp", "effect >= 1pp");
  EXPECT_EQ(run(w).code, 50);
  EXPECT_EQ(records(w), before);
}

}  // namespace
}  // namespace itera::test
