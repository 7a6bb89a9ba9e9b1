// Every place where a run writes fails once: by a full disk, by an error of the disk, by loss of power. Then
// the fault is gone, and the run goes on to the same records.
#include <cerrno>
#include <cstdlib>
#include <iterator>
#include <sstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/faults/experiment.hpp"

namespace itera::test {
namespace {

constexpr std::size_t kRows = 100;
constexpr auto kWrites = "open,write,sync,rename,mkdir";
constexpr std::size_t kShards = 4;
constexpr auto kExperiment = "/exp";

struct Sweep : testing::TestWithParam<std::size_t> {
  Sweep() {
    write_recorded_answers(clean, kRows);
    auto const trace = clean.at("trace").string();
    auto const outcome = faulty(clean, {kExperiment, kWrites, 0, 0, false, trace}, run_arguments());
    expected_code = outcome.code;
    EXPECT_TRUE(clean.has("exp/conclusion.md")) << outcome.err;
    expected = measured(clean);
    std::istringstream in(clean.read("trace"));
    for (std::string line; std::getline(in, line);)
      ops.push_back(line.substr(0, line.find(' ') + 1) + line.substr(line.find("/exp") + 1));
  }

  // A copy of the experiment before anything was done, with its n-th write failing.
  void one(long at, int number, bool stays) {
    Workspace w;
    write_recorded_answers(w, kRows);
    Fault const fault{kExperiment, kWrites, at, number, stays};
    auto const place = fmt::format("{} of {}: {}", at, ops.size(), ops.at(static_cast<std::size_t>(at - 1)));
    auto const broken = faulty(w, fault, run_arguments());
    hit += broken.code != expected_code;
    if (number == 0) {
      EXPECT_EQ(broken.code, -9) << place << broken.err;
    } else if (broken.code != expected_code) {
      EXPECT_EQ(broken.code, 1) << place << broken.out << broken.err;
      EXPECT_EQ(broken.out, "") << place;
      EXPECT_NE(broken.err.find("error: cannot "), std::string::npos) << place << broken.err;
      EXPECT_NE(broken.err.find("/exp"), std::string::npos) << place << broken.err;
      EXPECT_NE(broken.err.find("  = help: "), std::string::npos) << place << broken.err;
    } else {
      survived.push_back(place);
    }
    auto const again = faulty(w, {kExperiment, kWrites, 0, 0, false}, run_arguments());
    // 50: all was written before, and power was lost as the store was put away.
    EXPECT_TRUE(again.code == expected_code ||
                (again.code == 50 && (broken.code == expected_code || number == 0)))
        << place << broken.err << again.err;
    EXPECT_EQ(measured(w), expected) << place;
    EXPECT_LE(entries(w, "unsealed").size(), 1U) << place;
    EXPECT_EQ(entries(w, "verdict").size(), 1U) << place;
    EXPECT_TRUE(w.has("exp/conclusion.md")) << place;
    EXPECT_EQ(w.itera({"doctor", "exp"}).code, 0) << place << w.itera({"doctor", "exp"}).out;
  }

  // Each place by one kind of fault, the next place by the next; by every kind if ITERA_SWEEP_ALL is set.
  void all(std::size_t shard) {
    struct Kind {
      int number;
      bool stays;
    };
    constexpr Kind kinds[] = {{ENOSPC, true}, {EIO, false}, {0, false}};
    bool const every = std::getenv("ITERA_SWEEP_ALL") != nullptr;
    int tried = 0;
    for (auto i = shard; i < ops.size() && !HasFailure(); i += kShards)
      for (std::size_t kind = 0; kind < std::size(kinds); ++kind)
        if (every || kind == i / kShards % std::size(kinds)) {
          one(static_cast<long>(i + 1), kinds[kind].number, kinds[kind].stays);
          ++tried;
        }
    fmt::print("{} faults at every {}th of {} places, {} of them stopped the run\n", tried, kShards,
               ops.size(), hit);
    for (auto const& place : survived) fmt::print("  went on: {}\n", place);
    EXPECT_GT(hit, tried * 9 / 10);
  }

  Workspace clean;
  Measured expected;
  std::vector<std::string> ops, survived;
  int expected_code = 0, hit = 0;
};

TEST_P(Sweep, EveryPlaceWhereARunWrites) {
  all(GetParam());
}
INSTANTIATE_TEST_SUITE_P(Shard, Sweep, testing::Range<std::size_t>(0, kShards));

}  // namespace
}  // namespace itera::test
