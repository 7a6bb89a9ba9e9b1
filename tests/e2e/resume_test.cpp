// A run that is cut short goes on where it was: nothing that is finished is lost or made twice.
#include <chrono>
#include <csignal>
#include <map>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/experiment.hpp"
#include "tests/support/programs.hpp"

namespace itera::test {
namespace {

using testing::HasSubstr;
using testing::Not;

// Two arms that are programs and write down every request that they get.
void write_programs(Workspace const& w, std::size_t rows) {
  Spec spec;
  spec.baseline = "using process { ref \"old.py:1\"  " + program("old.py") + " }";
  spec.arms = "arm new from old \"more words\" { " + program("new.py") + " }";
  w.write("rows.csv", csv(make_rows(rows)));
  w.write("old.py", python_arm(right_on(500), "log.jsonl", "old"));
  w.write("new.py", python_arm(right_on(900), "log.jsonl", "new"));
  w.write("x.itera", spec.text());
}

// How often each (arm, row, trial) was asked for.
std::map<std::string, int> requests(Workspace const& w) {
  std::map<std::string, int> out;
  for (auto const& line : json_lines(w.read("log.jsonl")))
    ++out[line.at("who").get<std::string>() + " " + line.at("id").get<std::string>()];
  return out;
}

void wait_until(std::function<bool()> const& done) {
  for (int i = 0; i < 4000 && !done(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(2));
}

struct Running {
  explicit Running(Workspace const& w, std::vector<std::string> const& more = {})
      : child(command(more), w.path(), w.at("out"), w.at("err")) {}
  static std::vector<std::string> command(std::vector<std::string> const& more) {
    std::vector<std::string> arguments{"run", "x.itera", "--out", "exp", "--workers", "2"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return itera_command(arguments);
  }
  Child child;
};

// The records of a run that nobody disturbed.
std::map<std::string, std::string> undisturbed(std::size_t rows) {
  Workspace w;
  write_programs(w, rows);
  EXPECT_EQ(run(w).code, 0);
  return records(w);
}

TEST(Resume, ARunThatIsKilledAgainAndAgainEndsWithTheSameRecordsAndMakesNoFinishedCallTwice) {
  constexpr std::size_t kRows = 100, kWorkers = 2;
  Workspace w;
  write_programs(w, kRows);
  int kills = 0;
  // Each process gets a little further before it is killed; the steps between are all met on the way.
  for (int attempt = 0; attempt < 60; ++attempt) {
    Running process(w);
    std::this_thread::sleep_for(std::chrono::milliseconds(30 + attempt * 23 % 171));
    process.child.signal(SIGKILL);
    if (process.child.wait() != -SIGKILL) break;
    ++kills;
  }
  EXPECT_GT(kills, 3);
  auto const last = run(w);
  EXPECT_TRUE(last.code == 0 || last.code == 50) << last.out << last.err;
  auto again = 0;
  for (auto const& [what, times] : requests(w)) again += times - 1;
  EXPECT_LE(again, kills * static_cast<int>(kWorkers)) << "only calls that were in flight at a kill";
  auto mine = records(w);
  auto const other = undisturbed(kRows);
  for (auto const* name : {"rows.jsonl", "data.json"}) {
    if (std::string(name) == "data.json") {
      // A ledger that was cut short between two entries holds what happened; what was measured is the same.
      auto const a = Json::parse(mine.at(name)), b = Json::parse(other.at(name));
      for (auto const* part : {"effect_sizes", "test_set_aggregate", "arm_verdicts", "variance_trials"})
        EXPECT_EQ(a.at(part), b.at(part)) << part;
      EXPECT_EQ(a.at("verdict").at("outcome"), b.at("verdict").at("outcome"));
    } else {
      EXPECT_EQ(mine.at(name), other.at(name)) << name;
    }
  }
  EXPECT_EQ(entries(w, "unsealed").size(), 1U);
  EXPECT_EQ(entries(w, "verdict").size(), 1U);
}

struct InTest : testing::Test {
  InTest() {
    write_programs(w, 100);
    EXPECT_EQ(run(w, {"--until", "dev"}).code, 0);
    w.remove("log.jsonl");
  }
  // Killed when some answers of test are finished.
  void cut_short(int number) {
    auto const before = requests(w).size();
    Running process(w);
    wait_until([&] { return requests(w).size() >= before + 15; });
    process.child.signal(number);
    auto const code = process.child.wait(std::chrono::seconds(20));
    EXPECT_EQ(code, number == SIGKILL ? -SIGKILL : 130) << w.read("err");
    ASSERT_EQ(entries(w, "unsealed").size(), 1U);
    ASSERT_TRUE(entries(w, "verdict").empty());
    EXPECT_FALSE(w.has("exp/data.json")) << "a pass that is not whole shows nothing";
    EXPECT_THAT(w.read("exp/rows.jsonl"), Not(HasSubstr("\"split\":\"test\"")));
  }
  Workspace w;
};

TEST_F(InTest, APassOnTestThatIsCutShortIsResumedUnderItsIdAndNeverRepeated) {
  for (int const number : {SIGKILL, SIGINT}) cut_short(number);
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("the pass on test was cut short: it is resumed"));
  auto const pass = entries(w, "unsealed").at(0).at("body").at("pass");
  ASSERT_EQ(entries(w, "resumed").size(), 2U);
  for (auto const& entry : entries(w, "resumed")) EXPECT_EQ(entry.at("body").at("pass"), pass);
  EXPECT_EQ(entries(w, "verdict").at(0).at("body").at("pass"), pass);
  auto again = 0;
  for (auto const& [what, times] : requests(w)) again += times - 1;
  EXPECT_LE(again, 2 * 2);
  EXPECT_EQ(records(w).at("rows.jsonl"), undisturbed(100).at("rows.jsonl"));
}

TEST_F(InTest, WhatWasStoppedSaysWhatIsNotShown) {
  cut_short(SIGINT);
  EXPECT_THAT(w.read("out"), HasSubstr("not shown   everything: the pass on test is not whole\n"));
  EXPECT_THAT(w.read("out"),
              HasSubstr("it goes on after `unsealed`, and no finished answer is made twice\n"));
  EXPECT_THAT(w.itera({"status", "exp"}).out,
              HasSubstr("next  `itera run` goes on with the one pass on test\n"));
}

// Dev rows that could not be had are tried again; those that were had are not.
TEST(Resume, WhatIsMissingIsTriedAgainAndNothingElse) {
  Workspace w;
  write_programs(w, 100);
  ASSERT_EQ(run(w, {"--until", "pilot"}).code, 0);
  auto const program_text = w.read("new.py");
  {
    Running process(w, {"--until", "dev"});
    wait_until([&] { return requests(w).size() >= 30; });
    process.child.signal(SIGINT);
    EXPECT_EQ(process.child.wait(), 130);
  }
  ASSERT_EQ(run(w, {"--until", "dev"}).code, 0);
  for (auto const& [what, times] : requests(w)) EXPECT_LE(times, 2) << what;
  auto again = 0;
  for (auto const& [what, times] : requests(w)) again += times - 1;
  EXPECT_LE(again, 2);
}

TEST(TwoRuns, TheSecondIsRefusedAndNamesTheFirst) {
  Workspace w;
  write_programs(w, 100);
  ASSERT_EQ(run(w, {"--until", "pilot"}).code, 0);
  w.write("slow", "");
  Running first(w);
  wait_until([&] { return w.has("exp/state/progress.json"); });
  auto const pid =
      Json::parse(w.itera({"status", "exp", "--format", "json"}).out).at("process").at("pid").dump();
  auto const second = run(w);
  EXPECT_EQ(second.code, 1);
  EXPECT_THAT(second.err, HasSubstr("error: process " + pid + " works on this experiment already\n"));
  EXPECT_THAT(second.err, HasSubstr("= help: wait for it or stop it; `itera status "));
  first.child.signal(SIGKILL);
  EXPECT_EQ(first.child.wait(), -SIGKILL);
  w.remove("slow");
  EXPECT_EQ(run(w).code, 0) << "what a dead process left is no lock";
}

struct Store : testing::Test {
  Store() {
    write_recorded(
        w, unplaced(make_rows(200)), [](auto const& r) { return r.nth % 10 < 5; },
        [](auto const& r) { return r.nth % 10 < 8; });
    EXPECT_EQ(run(w, {"--until", "dev"}).code, 0);
    db = w.read("exp/state/run.db");
    EXPECT_GT(db.size(), 8192U);
  }
  void expect_refused(std::string const& why) {
    auto const before = w.read("exp/ledger.jsonl");
    auto const outcome = run(w);
    EXPECT_EQ(outcome.code, 50) << outcome.out << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr(why));
    EXPECT_THAT(outcome.err, HasSubstr("itera doctor "));
    EXPECT_EQ(w.read("exp/ledger.jsonl"), before) << "nothing was done";
    EXPECT_FALSE(w.has("exp/data.json"));
  }
  Workspace w;
  std::string db;
};

TEST_F(Store, OneThatIsGoneIsNeverRebuiltInSilence) {
  w.remove("exp/state/run.db");
  expect_refused("run.db is gone: it held every answer that was paid for");
}

TEST_F(Store, OneThatIsNoDatabase) {
  w.write("exp/state/run.db", "not a database, whatever its name says; it is long enough to be looked at");
  expect_refused("run.db cannot be believed: it is damaged: ");
}

TEST_F(Store, OneThatIsCutShort) {
  w.write("exp/state/run.db", db.substr(0, db.size() / 2 / 4096 * 4096));
  expect_refused("run.db cannot be believed: it is damaged: ");
}

TEST_F(Store, OneOfAnotherProgram) {
  auto foreign = db;
  foreign[68] = 'X';  // the application's id in SQLite's header
  w.write("exp/state/run.db", foreign);
  expect_refused("run.db cannot be believed: it was written by another program");
}

TEST_F(Store, OneOfAnotherExperiment) {
  Workspace other;
  Spec spec;
  spec.name = "another";
  write_recorded(
      other, unplaced(make_rows(200)), [](auto const& r) { return r.nth % 10 < 3; },
      [](auto const& r) { return r.nth % 10 < 4; }, spec);
  ASSERT_EQ(run(other, {"--until", "dev"}).code, 0);
  w.write("exp/state/run.db", other.read("exp/state/run.db"));
  expect_refused("run.db cannot be believed: it belongs to experiment `another`");
}

TEST_F(Store, OneOfAnotherRunOfTheSameExperiment) {
  Workspace other;
  write_recorded(
      other, unplaced(make_rows(200)), [](auto const& r) { return r.nth % 10 < 3; },
      [](auto const& r) { return r.nth % 10 < 4; });
  ASSERT_EQ(run(other, {"--until", "dev"}).code, 0);
  w.write("exp/state/run.db", other.read("exp/state/run.db"));
  expect_refused("run.db cannot be believed: entry 1 was changed, or is another experiment's");
}

// Wherever a bit is turned, it is found or it was not used: never a wrong answer, a crash or a second
// payment.
TEST_F(Store, ATurnedBitIsFoundOrMeansNothing) {
  auto const clean = w.read("exp/ledger.jsonl");
  int found = 0;
  for (std::size_t at = 40; at < db.size(); at += db.size() / 23) {
    auto turned = db;
    turned[at] = static_cast<char>(turned[at] ^ 4);
    w.write("exp/state/run.db", turned);
    auto const outcome = run(w, {"--until", "dev"});
    EXPECT_TRUE(outcome.code == 0 || outcome.code == 50 || outcome.code == 1) << outcome.code << outcome.err;
    found += outcome.code != 0;
    EXPECT_EQ(w.read("exp/ledger.jsonl"), clean);
  }
  EXPECT_GT(found, 15);
}

TEST_F(Store, DoctorSaysThatAllIsWhole) {
  auto const outcome = w.itera({"doctor", "exp"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(outcome.out,
            "experiment router\n"
            "  whole    ledger.jsonl        8 entries, the chain holds\n"
            "  whole    state/train.sealed  60 rows, the seal holds\n"
            "  whole    state/dev.sealed    100 rows, the seal holds\n"
            "  whole    state/test.sealed   40 rows, the seal holds\n"
            "  whole    state/run.db        322 entries, all whole\n"
            "  whole    rows.jsonl          what `dev_pass` wrote\n");
  EXPECT_EQ(w.itera({"doctor", "exp", "--salvage"}).code, 2) << "there is nothing to salvage";
}

TEST_F(Store, DoctorSavesWhatIsWholeAndTheRunGoesOn) {
  auto turned = db;
  turned[db.size() - 100] = static_cast<char>(turned[db.size() - 100] ^ 4);
  w.write("exp/state/run.db", turned);
  auto const before = w.itera({"doctor", "exp"});
  EXPECT_EQ(before.code, 1);
  EXPECT_THAT(before.out, HasSubstr("  DAMAGED  state/run.db        321 entries are whole, "));
  EXPECT_THAT(before.out, HasSubstr("= help: `itera doctor exp --salvage` keeps what is whole"));
  auto const saved = w.itera({"doctor", "exp", "--salvage"});
  EXPECT_EQ(saved.code, 0) << saved.err;
  EXPECT_EQ(saved.out,
            "kept 321 whole entries; what was damaged or could not be read is lost, and the ledger says so\n"
            "the damaged store is now exp/state/run.db.damaged-1\n"
            "next  `itera run` makes what was lost again\n");
  EXPECT_EQ(entries(w, "salvaged").at(0).at("body").at("kept"), 321);
  EXPECT_EQ(run(w).code, 0);
}

TEST_F(Store, AStoreThatIsGoneCanBeGivenUpInTheOpen) {
  w.remove("exp/state/run.db");
  EXPECT_THAT(w.itera({"doctor", "exp"}).out, HasSubstr("gone: it held every answer that was paid for"));
  EXPECT_EQ(w.itera({"doctor", "exp", "--salvage"}).code, 0);
  EXPECT_EQ(entries(w, "salvaged").at(0).at("body").at("was_gone"), true);
  EXPECT_EQ(run(w).code, 0);
}

TEST_F(Store, DoctorNamesWhateverElseIsNotWhole) {
  w.write("exp/rows.jsonl", w.read("exp/rows.jsonl").substr(1));
  auto sealed = w.read("exp/state/test.sealed");
  sealed.back() = static_cast<char>(sealed.back() ^ 1);
  w.write("exp/state/test.sealed", sealed);
  auto const outcome = w.itera({"doctor", "exp", "--format", "json"});
  EXPECT_EQ(outcome.code, 1);
  std::vector<std::string> damaged;
  auto const json = Json::parse(outcome.out);
  for (auto const& f : json.at("findings"))
    if (!f.at("whole").get<bool>()) damaged.push_back(f.at("what"));
  EXPECT_THAT(damaged, testing::ElementsAre("state/test.sealed", "rows.jsonl"));
  w.write("exp/ledger.jsonl", w.read("exp/ledger.jsonl").substr(0, 900));
  EXPECT_THAT(w.itera({"doctor", "exp"}).out, HasSubstr("  DAMAGED  ledger.jsonl"));
}

}  // namespace
}  // namespace itera::test
