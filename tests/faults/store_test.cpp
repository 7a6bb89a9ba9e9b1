// A store that lost finished entries, or is open to others.
#include <csignal>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/faults/experiment.hpp"

namespace itera::test {
namespace {

using testing::HasSubstr;

unsigned mode_of(Workspace const& w, std::string const& name) {
  struct stat st {};
  EXPECT_EQ(::stat(w.at(name).c_str(), &st), 0) << name;
  return st.st_mode & 0777U;
}

// Killed on dev: what was finished is in SQLite's log.
struct CutShort : testing::Test {
  CutShort() {
    write_quick_programs(w, 100, 2000);
    EXPECT_EQ(w.itera(run_arguments({"--until", "pilot"})).code, 0);
    Running process(w);
    for (int i = 0; i < 4000 && requests(w).size() < 100; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    process.child.signal(SIGKILL);
    EXPECT_EQ(process.child.wait(), -SIGKILL);
    log = w.read("exp/state/run.db-wal");
    EXPECT_GT(log.size(), 8192U);
    calls = requests(w);
  }

  void expect_refused(std::string const& said) {
    auto const outcome = w.itera(run_arguments());
    EXPECT_EQ(outcome.code, 50) << outcome.out << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr(said));
    EXPECT_THAT(outcome.err, HasSubstr("itera doctor "));
    EXPECT_EQ(requests(w), calls) << "nothing was asked for again";
  }

  Workspace w;
  std::string log;
  std::map<std::string, int> calls;
};

TEST_F(CutShort, OnlyItsOwnerCanReadTheStore) {
  for (auto const* name :
       {"run.db", "run.db-wal", "run.db.count", "seal.key", "test.sealed", "pilot.md", "lock"})
    EXPECT_EQ(mode_of(w, std::string("exp/state/") + name), 0600U) << name;
  EXPECT_EQ(mode_of(w, "exp/state"), 0700U);
  // One that an earlier version left open is closed.
  for (auto const* name : {"exp/state/run.db", "exp/state/run.db-wal"}) ::chmod(w.at(name).c_str(), 0644);
  EXPECT_EQ(w.itera(run_arguments({"--until", "dev"})).code, 0);
  EXPECT_EQ(mode_of(w, "exp/state/run.db"), 0600U);
}

TEST_F(CutShort, FinishedEntriesThatWereCutFromTheLogAreMissed) {
  auto const store = w.read("exp/state/run.db");
  auto const again = [&](std::string const& damaged) {
    w.write("exp/state/run.db", store);
    w.write("exp/state/run.db-wal", damaged);
  };
  again(log.substr(0, log.size() / 2));
  expect_refused(" entries that were finished are gone\n");
  auto turned = log;
  turned[log.size() / 3] = static_cast<char>(turned[log.size() / 3] ^ 8);
  again(turned);
  expect_refused(" entries that were finished are gone\n");
  w.write("exp/state/run.db", store);
  w.remove("exp/state/run.db-wal");
  expect_refused("");
  again(log.substr(0, log.size() * 3 / 4));
  EXPECT_THAT(w.itera({"doctor", "exp"}).out, HasSubstr("entries that were finished are gone"));
  EXPECT_THAT(w.itera({"status", "exp"}).out, HasSubstr("next  `itera run` goes on"));
  // Given up in the open, the rest is made again.
  EXPECT_EQ(w.itera({"doctor", "exp", "--salvage"}).code, 0);
  EXPECT_EQ(entries(w, "salvaged").size(), 1U);
  EXPECT_EQ(w.itera(run_arguments()).code, 0);
  EXPECT_EQ(w.itera({"doctor", "exp"}).code, 0);
}

TEST_F(CutShort, AndWithoutDamageItGoesOn) {
  EXPECT_EQ(w.itera(run_arguments()).code, 0);
  EXPECT_LE(asked_again(w), 2);
}

}  // namespace
}  // namespace itera::test
