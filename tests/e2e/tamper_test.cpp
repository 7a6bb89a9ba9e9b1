// Records that were edited, lost or copied, and a pass on test that was cut short.
#include <chrono>
#include <csignal>
#include <thread>

#include <gtest/gtest.h>

#include "tests/support/experiment.hpp"
#include "tests/support/programs.hpp"

namespace itera::test {
namespace {

void expect_contains(std::string const& text, std::string const& part) {
  EXPECT_NE(text.find(part), std::string::npos) << "`" << part << "` is not in:\n" << text;
}

class Tamper : public ::testing::Test {
 protected:
  void SetUp() override {
    write_recorded(
        w, unplaced(make_rows(200)), [](auto const& r) { return r.nth % 10 < 5; },
        [](auto const& r) { return r.nth % 10 < 8; });
    ASSERT_EQ(run(w, {"--until", "dev"}).code, 0);
  }

  // The run is refused with the place, test stays sealed, and the file put back makes it go on.
  void expect_refused_until_restored(std::string const& file, std::string const& was,
                                     std::string const& said) {
    auto const outcome = run(w);
    EXPECT_EQ(outcome.code, 50) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    expect_contains(outcome.err, said);
    expect_contains(outcome.err, "restore it from version control");
    EXPECT_EQ(w.read("exp/ledger.jsonl").find("\"unsealed\""), std::string::npos);
    w.write(file, was);
    EXPECT_EQ(run(w).code, 0);
  }

  // Closed as invalid, once; no result of the pass is shown, and it is never repeated.
  void expect_closed_as_invalid(std::string const& why) {
    auto const outcome = run(w);
    EXPECT_EQ(outcome.code, 40) << outcome.err;
    expect_contains(outcome.out, "verdict     invalid. The experiment is invalid: ");
    expect_contains(outcome.out, why);
    auto const evidence = data(w);
    EXPECT_EQ(evidence.at("verdict").at("outcome"), "invalid");
    EXPECT_EQ(evidence.at("verdict").at("winner"), nullptr);
    EXPECT_FALSE(evidence.contains("effect_sizes"));
    expect_contains(w.read("exp/conclusion.md"), "# router: invalid");
    EXPECT_EQ(entries(w, "unsealed").size(), 1U);
    EXPECT_EQ(entries(w, "verdict").size(), 1U);
    EXPECT_EQ(run(w).code, 50);
    EXPECT_EQ(entries(w, "unsealed").size(), 1U);
  }

  Workspace w;
};

TEST_F(Tamper, AnEditedPlanIsRefused) {
  auto const was = w.read("exp/plan.json");
  w.edit("exp/plan.json", "\"effect\": \"0.05\"", "\"effect\": \"0.02\"");
  expect_refused_until_restored("exp/plan.json", was, "exp/plan.json is not the plan that the ledger locked");
}

// What a second pass on test would need: a ledger that forgets the first.
TEST_F(Tamper, ALedgerThatLostItsLastEntriesIsRefused) {
  ASSERT_EQ(run(w).code, 0);
  auto const was = w.read("exp/ledger.jsonl");
  w.write("exp/ledger.jsonl", was.substr(0, was.find("\n", was.find("\"dev_pass\"")) + 1));
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 50) << outcome.err;
  expect_contains(outcome.err, "exp/ledger.jsonl does not hold the ");
  w.write("exp/ledger.jsonl", was);
  expect_contains(run(w).err, "is concluded: its test set was opened, and that is done once");
}

// An experiment's identity is its name, wherever --out put it.
TEST_F(Tamper, LeavingOutGoesOnWhereTheExperimentStands) {
  auto const plain = w.itera({"run", "x.itera", "--until", "dev", "--format", "json"});
  EXPECT_EQ(plain.code, 0) << plain.err;
  expect_contains(Json::parse(plain.out).at("folder").get<std::string>(), "/exp");
  auto const other = w.itera({"run", "x.itera", "--out", "elsewhere"});
  EXPECT_EQ(other.code, 50) << other.err;
  expect_contains(other.err, "experiment `router` already stands in ");
}

// Spec and plan.json edited alike agree with each other; only the ledger knows better.
TEST_F(Tamper, AnEditedPlanIsRefusedAlsoIfTheSpecIsEditedTheSameWay) {
  auto const was = w.read("exp/plan.json");
  w.edit("exp/plan.json", "\"effect\": \"0.05\"", "\"effect\": \"0.02\"");
  w.edit("x.itera", "effect >= 5pp", "effect >= 2pp");
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 50) << outcome.err;
  expect_contains(outcome.err, "exp/plan.json is not the plan that the ledger locked");
}

TEST(TamperBetweenTheLocks, ARuleThatIsEditedInSpecAndPlanIsRefused) {
  Workspace w;
  write_recorded(
      w, unplaced(make_rows(200)), [](auto const& r) { return r.nth % 10 < 5; },
      [](auto const& r) { return r.nth % 10 < 8; });
  ASSERT_EQ(run(w, {"--until", "pilot"}).code, 0);
  w.edit("exp/plan.json", "\"effect\": \"0.05\"", "\"effect\": \"0.02\"");
  w.edit("x.itera", "effect >= 5pp", "effect >= 2pp");
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 50) << outcome.out;
  EXPECT_FALSE(w.has("exp/data.json"));
}

TEST_F(Tamper, AnEditedLedgerEntryIsRefusedAtItsLine) {
  auto const was = w.read("exp/ledger.jsonl");
  w.edit("exp/ledger.jsonl", "\"passed\":true", "\"passed\":false");
  expect_refused_until_restored("exp/ledger.jsonl", was,
                                "exp/ledger.jsonl:2: its digest does not match its body");
}

TEST_F(Tamper, ALedgerWithoutOneOfItsEntriesIsRefusedAtTheGap) {
  auto const was = w.read("exp/ledger.jsonl");
  auto const second = was.find('\n') + 1;
  w.write("exp/ledger.jsonl", was.substr(0, second) + was.substr(was.find('\n', second) + 1));
  expect_refused_until_restored("exp/ledger.jsonl", was, "exp/ledger.jsonl:2: the chain is broken");
}

TEST_F(Tamper, ALedgerThatIsCutShortIsRefused) {
  auto const was = w.read("exp/ledger.jsonl");
  w.write("exp/ledger.jsonl", was.substr(0, was.size() - 40));
  expect_refused_until_restored("exp/ledger.jsonl", was, "exp/ledger.jsonl:8: the last entry is cut short");
}

TEST_F(Tamper, EditedRecordsOfDevAreRefused) {
  auto const was = w.read("exp/rows.jsonl");
  w.edit("exp/rows.jsonl", "\"score\":0.0", "\"score\":1.0");
  expect_refused_until_restored("exp/rows.jsonl", was, "exp/rows.jsonl is not what the dev pass wrote");
}

TEST_F(Tamper, ACopyWithoutItsStateIsRefusedAsOftenAsItIsTried) {
  w.remove("exp/state");
  auto const ledger = w.read("exp/ledger.jsonl");
  for (int attempt = 0; attempt < 2; ++attempt) {
    auto const outcome = run(w);
    EXPECT_EQ(outcome.code, 50) << outcome.err;
    expect_contains(outcome.err, "has a ledger but no state/: this is a copy");
    EXPECT_EQ(w.read("exp/ledger.jsonl"), ledger);
  }
}

TEST_F(Tamper, ATruncatedSealIsInvalid) {
  auto const sealed = w.read("exp/state/test.sealed");
  w.write("exp/state/test.sealed", sealed.substr(0, sealed.size() / 2));
  expect_closed_as_invalid("test.sealed: the seal is broken");
}

TEST_F(Tamper, AnEditedSealIsInvalid) {
  auto sealed = w.read("exp/state/test.sealed");
  sealed[sealed.size() / 2] = static_cast<char>(sealed[sealed.size() / 2] ^ 1);
  w.write("exp/state/test.sealed", sealed);
  expect_closed_as_invalid("test.sealed: the seal is broken");
}

TEST_F(Tamper, DevRowsInThePlaceOfTestRowsAreInvalid) {
  w.copy("exp/state/dev.sealed", "exp/state/test.sealed");
  expect_closed_as_invalid("test.sealed: the seal is broken");
}

TEST_F(Tamper, TestRowsOfAnotherExperimentAreInvalid) {
  Workspace other;
  write_recorded(
      other, unplaced(make_rows(200)), [](auto const& r) { return r.nth % 10 < 5; },
      [](auto const& r) { return r.nth % 10 < 8; });
  ASSERT_EQ(run(other, {"--until", "source"}).code, 0);
  w.write("exp/state/test.sealed", other.read("exp/state/test.sealed"));
  expect_closed_as_invalid("test.sealed: the seal is broken");
}

TEST_F(Tamper, ALostSealIsInvalid) {
  w.remove("exp/state/test.sealed");
  expect_closed_as_invalid("test.sealed");
}

// Sealed by this experiment with its key, but before the rows were drawn again.
TEST(TamperBetweenTheLocks, EarlierTestRowsInThePlaceOfTheLastAreInvalid) {
  Workspace w;
  write_recorded(
      w, unplaced(make_rows(200)), [](auto const& r) { return r.nth % 10 < 5; },
      [](auto const& r) { return r.nth % 10 < 8; });
  ASSERT_EQ(run(w, {"--until", "source"}).code, 0);
  auto const earlier = w.read("exp/state/test.sealed");
  w.edit("x.itera", "input text", "input text, tier");
  ASSERT_EQ(run(w, {"--until", "dev"}).code, 0);
  w.write("exp/state/test.sealed", earlier);
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 40) << outcome.err;
  expect_contains(outcome.out, "the sealed test rows are not those of the split");
}

}  // namespace
}  // namespace itera::test
