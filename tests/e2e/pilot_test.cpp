// The pilot: one row of train, before anything of dev is run.
#include <gtest/gtest.h>

#include "tests/support/experiment.hpp"
#include "tests/support/programs.hpp"

namespace itera::test {
namespace {

void expect_contains(std::string const& text, std::string const& part) {
  EXPECT_NE(text.find(part), std::string::npos) << "`" << part << "` is not in:\n" << text;
}

class Pilot : public ::testing::Test {
 protected:
  // The baseline is sound and notes what it is given; the arm is the program, or the command, of the test.
  void write(std::string const& arm_program, std::string const& settings = program("new.py")) {
    spec.baseline = "using process { ref \"old.py:1\"  " + program("old.py") + " }";
    spec.arms = "arm new from old \"more words\" { " + settings + " }";
    w.write("rows.csv", csv(make_rows(100)));
    w.write("old.py", python_arm(right_on(500), "log.jsonl", "old"));
    if (!arm_program.empty()) w.write("new.py", arm_program);
    w.write("x.itera", spec.text());
  }

  void expect_stopped(std::string const& said) {
    auto const outcome = run(w);
    EXPECT_EQ(outcome.code, 50) << outcome.err;
    expect_contains(outcome.err, "stopped: the pilot failed on row `");
    expect_contains(outcome.err, "\n  `new` " + said);
    EXPECT_EQ(outcome.err.find("\n  `old` "), std::string::npos) << "the baseline is sound:\n" << outcome.err;
    EXPECT_EQ(json_lines(w.read("log.jsonl")).size(), 1U) << "one row of train, and nothing of dev";
    auto const pilot = entries(w, "pilot");
    ASSERT_EQ(pilot.size(), 1U);
    EXPECT_EQ(pilot.front().at("body").at("passed"), false);
    EXPECT_EQ(kinds(w).back(), "pilot") << "not registered";
    EXPECT_FALSE(w.has("exp/rows.jsonl"));
    expect_contains(w.read("exp/frame.md"), "of train: failed");
    expect_contains(w.read("exp/state/pilot.md"), "## new: failed");
  }

  Workspace w;
  Spec spec;
};

TEST_F(Pilot, AnEmptyOutputStopsTheRun) {
  write(python_arm("\"  \""));
  expect_stopped("output: empty");
}

TEST_F(Pilot, APlaceholderStopsTheRun) {
  write(python_arm("\"None\""));
  expect_stopped("output: placeholder text `None`");
}

TEST_F(Pilot, ATemplateThatWasNotFilledInStopsTheRun) {
  write(python_arm("\"Dear {{name}}\""));
  expect_stopped("output: placeholder text `Dear {{name}}`");
}

TEST_F(Pilot, ACrashStopsTheRunWithItsLastWords) {
  write("import sys\nsys.stdin.readline()\nraise RuntimeError(\"no model\")\n");
  expect_stopped(
      "output: the arm failed (the program ended with exit code 1 before it answered: RuntimeError: no "
      "model)");
}

TEST_F(Pilot, AProgramThatIsKilledStopsTheRun) {
  write("import os, sys\nsys.stdin.readline()\nos.kill(os.getpid(), 11)\n");
  expect_stopped("output: the arm failed (the program was ended by signal 11");
}

TEST_F(Pilot, AProgramThatDoesNotAnswerInTimeStopsTheRun) {
  write("import time\ntime.sleep(60)\n", program("new.py", "timeout = 0.3s"));
  expect_stopped("output: the arm failed (the program did not answer in time and was killed");
}

TEST_F(Pilot, AProgramThatAnswersNoJsonStopsTheRun) {
  write("import sys\nsys.stdin.readline()\nprint(\"a\", flush=True)\nsys.stdin.readline()\n",
        program("new.py", "timeout = 0.3s"));
  expect_stopped("output: the arm failed (the program did not answer in time and was killed");
}

TEST_F(Pilot, AMissingProgramStopsTheRun) {
  write("", "command = [\"./no_such_program\", \"new.py\"]");
  expect_stopped("output: none (the program did not start: ");
}

TEST_F(Pilot, AMendedArmGoesOnAfterANewPilot) {
  write(python_arm("\"\""));
  expect_stopped("output: empty");
  w.write("new.py", python_arm(right_on(900)));
  auto const outcome = run(w, {"--until", "dev"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  ASSERT_EQ(entries(w, "pilot").size(), 2U);
  EXPECT_EQ(entries(w, "pilot").back().at("body").at("passed"), true);
  EXPECT_EQ(entries(w, "amended").size(), 1U) << "the mended program is a change between the locks";
}

TEST_F(Pilot, APilotThatFailedIsRunAgainNotBelieved) {
  write(python_arm("\"\""));
  expect_stopped("output: empty");
  EXPECT_EQ(run(w).code, 50);
  EXPECT_EQ(entries(w, "pilot").size(), 2U);
  EXPECT_TRUE(entries(w, "registered").empty());
}

TEST_F(Pilot, OutputsAreShownWhole) {
  auto const long_answer = std::string(3000, 'x') + "END";
  write(python_arm("\"" + long_answer + "\""));
  auto const outcome = run(w, {"--until", "pilot"});
  EXPECT_EQ(outcome.code, 0);
  expect_contains(outcome.err, long_answer);
  expect_contains(w.read("exp/state/pilot.md"), long_answer);
}

// Columns cannot say what an output cost; like its latency, that is unknown, and known to be.
TEST(PilotOfRecordedOutputs, ColumnsOfTheRowsPass) {
  Workspace w;
  Spec spec;
  spec.row = "key id  input text, old_out, new_out  expected answer  slice tier";
  spec.baseline =
      R"(using recorded { ref "rules.py:1"  columns = ["old_out", "old_out", "old_out"]  deterministic })";
  spec.arms =
      R"(arm new from old "more words" { columns = ["new_out", "new_out", "new_out"]  deterministic })";
  auto rows = std::string("id,text,tier,answer,old_out,new_out\n");
  for (auto const& row : make_rows(300))
    rows += row.key + "," + row.text + "," + row.tier + "," + row.answer + "," +
            (row.key.back() < '5' ? row.answer : "wrong") + "," +
            (row.key.back() < '9' ? row.answer : "wrong") + "\n";
  w.write("rows.csv", rows);
  w.write("x.itera", spec.text());
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(data(w).at("arms").at(0).at("cost_per_1k_usd"), nullptr);
  expect_contains(w.read("exp/conclusion.md"), "not reported");
}

}  // namespace
}  // namespace itera::test
