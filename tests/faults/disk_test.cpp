// Disks that are full, failing or read-only. The sweep over every place where a run writes is sweep_test.cpp.
#include <cerrno>
#include <cstdlib>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>

#include "tests/faults/experiment.hpp"

namespace itera::test {
namespace {

using testing::HasSubstr;

// One experiment whose every run but the last meets a fault, each in another file.
TEST(Disk, EachFileThatCannotBeWrittenIsNamedAndTheNextRunGoesOn) {
  struct Case {
    Fault fault;
    std::string said, help;
  };
  std::string const room = "make room and ", report = "the disk reports an error, ";
  Workspace w, other;
  for (auto const* one : {&w, &other}) write_recorded_answers(*one, 100);
  ASSERT_EQ(run(other).code, 0);
  for (auto const& [fault, said, help] : std::vector<Case>{
           {{"/seal.key", "write", 1, ENOSPC}, "cannot write exp/state/seal.key.part: No space left", room},
           {{"/ledger.jsonl", "write", 1, ENOSPC}, "cannot append to exp/ledger.jsonl: No space left", room},
           {{"/ledger.jsonl", "sync", 1, EIO}, "cannot append to exp/ledger.jsonl: Input/output", report},
           {{"/frame.md", "rename", 1, EIO}, "cannot replace exp/frame.md: Input/output", report},
           {{"/test.sealed", "sync", 1, EIO},
            "cannot write exp/state/test.sealed.part: Input/output",
            report},
           {{"/head", "open", 2, ENOSPC}, "cannot write exp/state/head.part: No space left", room},
           {{"/run.db-wal", "write", 1, ENOSPC, true},
            "cannot write exp/state/run.db: the disk is full",
            room},
           {{"/run.db-wal", "sync", 2, EIO},
            "cannot sync exp/state/run.db: Input/output",
            "mend the cause and "},
           {{"/run.db-wal", "write", 20, EIO}, "exp/state/run.db: disk I/O error", "mend the cause and "},
           {{"/rows.jsonl", "write", 1, ENOSPC}, "cannot write exp/rows.jsonl.part: No space left", room},
           {{"/ledger.jsonl", "write", 2, ENOSPC}, "cannot append to exp/ledger.jsonl: No space left", room},
           {{"/rows.jsonl", "rename", 1, EIO}, "cannot replace exp/rows.jsonl: Input/output", report},
           {{"/data.json", "sync", 1, EIO}, "cannot write exp/data.json.part: Input/output", report},
           {{"/conclusion.md", "write", 1, ENOSPC},
            "cannot write exp/conclusion.md.part: No space left",
            room}}) {
    auto const outcome = faulty(w, fault, run_arguments());
    auto err = outcome.err;
    for (auto at = err.find(w.path().string() + "/"); at != err.npos; at = err.find(w.path().string() + "/"))
      err.erase(at, w.path().string().size() + 1);
    EXPECT_EQ(outcome.code, 1) << said << outcome.out << err;
    EXPECT_EQ(outcome.out, "") << said;
    EXPECT_THAT(err, HasSubstr("error: "));
    EXPECT_THAT(err, HasSubstr(said));
    EXPECT_THAT(err, HasSubstr("  = help: " + help));
    EXPECT_EQ(w.itera({"doctor", "exp"}).code == 0, w.has("exp/ledger.jsonl"))
        << w.itera({"doctor", "exp"}).out;
  }
  EXPECT_EQ(run(w).code, 0);
  EXPECT_EQ(measured(w), measured(other));
  EXPECT_EQ(entries(w, "unsealed").size(), 1U);
  EXPECT_EQ(entries(w, "verdict").size(), 1U);
  EXPECT_EQ(run(w).code, 50) << "concluded, and whole";
}

// A mounted file system, unmounted with this object.
class Mount {
 public:
  Mount(std::filesystem::path at, std::string const& size) : at_(std::move(at)) {
    std::filesystem::create_directories(at_);
    good_ = ::mount("tmpfs", at_.c_str(), "tmpfs", 0, ("size=" + size).c_str()) == 0;
  }
  ~Mount() {
    if (good_) ::umount2(at_.c_str(), MNT_DETACH);
  }
  Mount(Mount const&) = delete;
  Mount& operator=(Mount const&) = delete;
  bool good() const { return good_; }
  void again(unsigned long flags, std::string const& size) const {
    EXPECT_EQ(::mount("tmpfs", at_.c_str(), "tmpfs", MS_REMOUNT | flags, ("size=" + size).c_str()), 0);
  }

 private:
  std::filesystem::path at_;
  bool good_;
};

TEST(Disk, ARealFileSystemThatFillsUp) {
  Workspace w, other;
  Mount const disk(w.at("exp"), "256k");
  if (!disk.good()) GTEST_SKIP() << "this user may mount nothing";
  for (auto const* one : {&w, &other}) write_quick_programs(*one, 100);
  auto const full = w.itera(run_arguments());
  EXPECT_EQ(full.code, 1) << full.out;
  EXPECT_THAT(full.err, HasSubstr("error: cannot "));
  EXPECT_THAT(full.err, HasSubstr("  = help: make room and "));
  disk.again(0, "64m");
  EXPECT_EQ(w.itera(run_arguments()).code, 0);
  EXPECT_LE(asked_again(w), 2 * 2) << "what was in flight, and what came back as the disk was full";
  ASSERT_EQ(other.itera(run_arguments()).code, 0);
  EXPECT_EQ(measured(w), measured(other));
}

TEST(Disk, ReadOnlyFoldersAreRefusedBeforeAnythingIsPaidForAndCanStillBeLookedAt) {
  Workspace w;
  Mount const folder(w.at("exp"), "64m");
  if (!folder.good()) GTEST_SKIP() << "this user may mount nothing";
  Mount const state(w.at("exp/state"), "64m");
  ASSERT_TRUE(state.good());
  write_quick_programs(w, 100);
  ASSERT_EQ(w.itera(run_arguments({"--until", "pilot"})).code, 0);
  auto const calls = requests(w);
  auto const expect_refused = [&](std::string const& said) {
    auto const outcome = w.itera(run_arguments());
    EXPECT_EQ(outcome.code, 1) << outcome.out;
    EXPECT_THAT(outcome.err,
                HasSubstr("error: cannot write " + said + ": Read-only file system\n  = help: make "));
    EXPECT_EQ(requests(w), calls);
    EXPECT_EQ(w.itera({"status", "exp"}).code, 0);
    EXPECT_EQ(w.itera({"plan", "x.itera"}).code, 0);
    auto const doctor = w.itera({"doctor", "exp"});
    EXPECT_EQ(doctor.code, 0) << doctor.out << doctor.err;
  };
  folder.again(MS_RDONLY, "64m");
  expect_refused("in " + w.at("exp").string());
  state.again(MS_RDONLY, "64m");
  expect_refused(w.at("exp/state/lock").string());
  folder.again(0, "64m");
  expect_refused(w.at("exp/state/lock").string());
  state.again(0, "64m");
  EXPECT_EQ(w.itera(run_arguments()).code, 0);
}

TEST(Disk, AStoreThatCannotBeWrittenIsRefusedBeforeAnythingIsPaidFor) {
  Workspace w;
  write_quick_programs(w, 100);
  ASSERT_EQ(w.itera(run_arguments({"--until", "pilot"})).code, 0);
  auto const calls = requests(w);
  auto const outcome = faulty(w, {"/run.db", "open", 1, EROFS, true}, run_arguments());
  EXPECT_EQ(outcome.code, 1) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("/exp/state/run.db"));
  EXPECT_THAT(outcome.err, HasSubstr("  = help: make the folder and its files writable and run again\n"));
  EXPECT_EQ(requests(w), calls);
  EXPECT_EQ(w.itera(run_arguments()).code, 0);
}

}  // namespace
}  // namespace itera::test
