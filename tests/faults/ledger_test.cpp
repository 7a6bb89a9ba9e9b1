// A ledger that lost its end, or one of whose bits turned: what nobody was told of is cut off in the open,
// what somebody built on is missed, and nothing is made again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/faults/experiment.hpp"

namespace itera::test {
namespace {

using testing::AnyOf;
using testing::HasSubstr;

struct Ledger : testing::Test {
  Ledger() {
    write_recorded_answers(w, 100);
    EXPECT_EQ(run(w, {"--until", "dev"}).code, 0);
    clean = w.read("exp/ledger.jsonl");
    store = w.read("exp/state/run.db");
  }

  // Every command that reads it says the same, and nothing is done.
  void expect_refused(std::string const& ledger, std::string const& said) {
    w.write("exp/ledger.jsonl", ledger);
    auto const outcome = run(w);
    EXPECT_EQ(outcome.code, 50) << outcome.out << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr(said));
    EXPECT_THAT(outcome.err, HasSubstr("= help: "));
    for (auto const& command : {std::vector<std::string>{"status", "exp"}, {"plan", "x.itera"}}) {
      auto const other = w.itera(command);
      EXPECT_EQ(other.code, 50) << command.front() << other.out << other.err;
      EXPECT_THAT(other.err, HasSubstr(said)) << command.front();
    }
    auto const doctor = w.itera({"doctor", "exp"});
    EXPECT_EQ(doctor.code, 1);
    EXPECT_THAT(doctor.out, HasSubstr("  DAMAGED  ledger.jsonl"));
    EXPECT_EQ(w.read("exp/ledger.jsonl"), ledger) << "nothing was done";
    EXPECT_EQ(w.read("exp/state/run.db"), store);
  }

  Workspace w;
  std::string clean, store;
};

TEST_F(Ledger, AnEntryThatAPowerCutLeftUnfinishedIsCutOffAndNoted) {
  auto const next = clean.substr(clean.rfind('\n', clean.size() - 2) + 1);
  // Its first half; then a file that grew before its bytes were written; then all but its line break.
  for (auto const& tail : {next.substr(0, next.size() / 2), next.substr(0, 40) + std::string(300, '\0'),
                           std::string(4096, '\0'), next.substr(0, next.size() - 1)}) {
    auto const before = w.read("exp/ledger.jsonl");
    auto const n = json_lines(before).size();
    w.write("exp/ledger.jsonl", before + tail);
    EXPECT_EQ(w.itera({"status", "exp"}).code, 0);
    EXPECT_EQ(w.itera({"plan", "x.itera"}).code, 0);
    auto const doctor = w.itera({"doctor", "exp"});
    EXPECT_EQ(doctor.code, 0) << doctor.out;
    EXPECT_THAT(doctor.out,
                HasSubstr(std::to_string(n) + " entries, the chain holds; " + std::to_string(tail.size()) +
                          " bytes of one that was never finished: `itera run` cuts them off\n"));
    EXPECT_EQ(w.read("exp/ledger.jsonl"), before + tail) << "looking changes nothing";
    auto const outcome = run(w, {"--until", "dev"});
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    auto const after = json_lines(w.read("exp/ledger.jsonl"));
    ASSERT_EQ(after.size(), n + 1);
    EXPECT_EQ(after.back().at("kind"), "torn");
    EXPECT_EQ(after.back().at("body"), Json({{"bytes", tail.size()}}));
    EXPECT_THAT(w.itera({"status", "exp"}).out,
                HasSubstr("an entry that a power cut left unfinished was cut off"));
  }
  EXPECT_EQ(run(w).code, 0);
}

// An entry that is whole, and whose process died before it was noted in state/head.
TEST_F(Ledger, AWholeEntryThatNobodyWasToldOfStands) {
  auto const head = w.read("exp/state/head");
  ASSERT_EQ(run(w).code, 0);
  w.remove("exp/data.json");
  w.write("exp/state/head", head);
  EXPECT_EQ(run(w).code, 0);
  EXPECT_EQ(entries(w, "verdict").size(), 1U);
  EXPECT_TRUE(w.has("exp/data.json"));
}

TEST_F(Ledger, OneThatLostEntriesIsRefusedWhereverItWasCut) {
  auto const n = std::to_string(json_lines(clean).size());
  std::size_t line = 0;
  for (auto end = clean.find('\n'); end + 1 < clean.size(); end = clean.find('\n', end + 1), ++line)
    if (line % 3 == 1) expect_refused(clean.substr(0, end + 1), "does not hold the " + n + " entries");
  expect_refused("", "does not hold the " + n + " entries");
  for (auto const size : {clean.size() - 1, clean.size() - 40, clean.size() / 2})
    expect_refused(clean.substr(0, size), "the last entry is cut short");
}

TEST_F(Ledger, OneWithALineThatIsNoEntryIsRefusedAlsoAtItsEnd) {
  expect_refused(clean + "{}\n", "not a ledger entry");
}

TEST_F(Ledger, OneWhoseHeadIsGoneIsRefusedAndCanBeTrustedByHand) {
  auto const head = w.read("exp/state/head");
  w.remove("exp/state/head");
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 50);
  EXPECT_THAT(outcome.err, HasSubstr("exp/state/head is gone: whether "));
  EXPECT_THAT(outcome.err,
              HasSubstr("write `" + head.substr(0, head.size() - 1) + "` and a line break into it"));
  w.write("exp/state/head", head);
  EXPECT_EQ(run(w).code, 0);
}

TEST_F(Ledger, ATurnedBitIsFoundOrMeansNothing) {
  int found = 0;
  for (std::size_t at = 3; at < clean.size(); at += clean.size() / 31) {
    auto turned = clean;
    turned[at] = static_cast<char>(turned[at] ^ 1);
    w.write("exp/ledger.jsonl", turned);
    auto const outcome = run(w, {"--until", "dev"});
    // Time and version of an entry are in no digest: they prove nothing.
    EXPECT_THAT(outcome.code, AnyOf(0, 50)) << outcome.err;
    found += outcome.code == 50;
    EXPECT_EQ(w.read("exp/ledger.jsonl"), turned) << "nothing was done";
  }
  EXPECT_GT(found, 25);
}

}  // namespace
}  // namespace itera::test
