// An experiment that is carried on in steps is the same experiment.
#include <gtest/gtest.h>

#include "tests/support/experiment.hpp"

namespace itera::test {
namespace {

bool half(Placed const& row) {
  return row.nth % 10 < 5;
}
bool more(Placed const& row) {
  return row.nth % 10 < 8;
}

struct Step {
  char const* phase;
  std::vector<std::string> ledger;  // what stands in it afterwards
};

std::vector<Step> const kSteps{
    {"frame", {"framed"}},
    {"source", {"framed", "split", "sealed"}},
    {"pilot", {"framed", "split", "sealed", "pilot"}},
    {"dev",
     {"framed", "split", "sealed", "pilot", "registered", "determinism", "baseline_pass", "dev_pass"}}};

TEST(Until, EachStepStopsWithZeroAndTheRunGoesOnToTheRecordsOfAnUninterruptedOne) {
  auto const rows = unplaced(make_rows(200));
  Workspace straight, stepwise;
  write_recorded(straight, rows, half, more);
  write_recorded(stepwise, rows, half, more);
  ASSERT_EQ(run(straight).code, 0);
  for (auto const& step : kSteps) {
    auto const outcome = run(stepwise, {"--until", step.phase});
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_NE(outcome.out.find(std::string("verdict     stopped after ") + step.phase + ", as asked"),
              std::string::npos)
        << outcome.out;
    EXPECT_EQ(kinds(stepwise), step.ledger);
    EXPECT_FALSE(stepwise.has("exp/data.json"));
  }
  ASSERT_EQ(run(stepwise).code, 0);
  EXPECT_EQ(records(stepwise), records(straight));
}

TEST(Until, AStepThatIsAskedForAgainDoesNothingAgain) {
  Workspace w;
  write_recorded(w, unplaced(make_rows(200)), half, more);
  for (auto const& step : kSteps) {
    run(w, {"--until", step.phase});
    EXPECT_EQ(run(w, {"--until", step.phase}).code, 0);
    EXPECT_EQ(kinds(w), step.ledger);
  }
  EXPECT_EQ(run(w, {"--until", "frame"}).code, 0) << "an earlier step is done as well";
  EXPECT_EQ(kinds(w), kSteps.back().ledger);
}

TEST(Until, TestIsTheWholeRun) {
  Workspace w;
  write_recorded(w, unplaced(make_rows(200)), half, more);
  auto const outcome = run(w, {"--until", "test"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(data(w).at("verdict").at("outcome"), "ship");
}

TEST(Until, WithoutOutTheExperimentIsFoundAgainByItsName) {
  Workspace w;
  write_recorded(w, unplaced(make_rows(200)), half, more);
  EXPECT_EQ(w.itera({"run", "x.itera", "--until", "source"}).code, 0);
  // As if it had been begun on another day.
  auto const begun = std::filesystem::directory_iterator(w.at("docs/experiments"))->path();
  EXPECT_TRUE(begun.filename().string().ends_with("-router")) << begun;
  std::filesystem::rename(begun, w.at("docs/experiments/2025-12-31-router"));
  auto const outcome = w.itera({"run", "x.itera"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(data(w, "docs/experiments/2025-12-31-router").at("verdict").at("outcome"), "ship");
  auto const elsewhere = run(w);
  EXPECT_EQ(elsewhere.code, 50) << "the same experiment in a second folder";
  EXPECT_NE(elsewhere.err.find("already stands in"), std::string::npos) << elsewhere.err;
}

}  // namespace
}  // namespace itera::test
