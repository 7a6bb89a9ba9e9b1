// What a second terminal is told, and what Ctrl-C leaves.
#include <chrono>
#include <csignal>
#include <functional>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/experiment.hpp"
#include "tests/support/programs.hpp"
#include "tests/support/schema.hpp"

namespace itera::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

bool half(Placed const& row) {
  return row.nth % 10 < 5;
}
bool more(Placed const& row) {
  return row.nth % 10 < 8;
}

Outcome status(Workspace const& w) {
  return w.itera({"status", "exp"});
}
Json status_json(Workspace const& w) {
  return Json::parse(w.itera({"status", "exp", "--format", "json"}).out);
}

// Programs that wait at each row while the file `slow` is there.
void write_slow(Workspace const& w) {
  Spec spec;
  spec.baseline = "using process { ref \"old.py:1\"  " + program("old.py") + " }";
  spec.arms = "arm new from old \"more words\" { " + program("new.py") + " }";
  w.write("rows.csv", csv(make_rows(100)));
  w.write("old.py", python_arm(right_on(500), "log.jsonl", "old"));
  w.write("new.py", python_arm(right_on(900), "log.jsonl", "new"));
  w.write("x.itera", spec.text());
}

void wait_until(std::function<bool()> const& done) {
  for (int i = 0; i < 2000 && !done(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
}

// A run that is in the middle of dev.
struct InDev {
  explicit InDev(Workspace const& w)
      : child(itera_command({"run", "x.itera", "--out", "exp"}), w.path(), w.at("out"), w.at("err")) {
    wait_until([&] {
      auto const json = w.has("exp/state/progress.json")
                            ? Json::parse(w.read("exp/state/progress.json"), nullptr, false)
                            : Json();
      return json.is_object() && json.at("phase") == "dev" && json.at("pass").is_object();
    });
  }
  Child child;
};

struct SlowDev : testing::Test {
  SlowDev() {
    write_slow(w);
    EXPECT_EQ(run(w, {"--until", "pilot"}).code, 0);
    w.write("slow", "");
  }
  Workspace w;
};

TEST_F(SlowDev, AnotherTerminalSeesTheProcessAndItsPass) {
  InDev const run(w);
  auto const json = status_json(w);
  EXPECT_EQ(json.at("experiment"), "router");
  EXPECT_EQ(json.at("process").at("alive"), true);
  EXPECT_EQ(json.at("process").at("phase"), "dev");
  EXPECT_EQ(json.at("process").at("pass").at("total"), 50);
  EXPECT_EQ(json.at("process").at("pass").at("arms").at(0).at("name"), "old");
  EXPECT_EQ(json.at("outcome"), nullptr);
  auto const human = status(w);
  EXPECT_EQ(human.code, 0) << human.err;
  EXPECT_THAT(human.out, HasSubstr(" works on it since "));
  EXPECT_THAT(human.out, HasSubstr("dev, baseline first: "));
  EXPECT_THAT(human.out, HasSubstr("next  wait, or stop it with Ctrl-C where it runs"));
}

TEST_F(SlowDev, CtrlCStopsCleanlyAndSaysHowToGoOn) {
  for (int const number : {SIGINT, SIGTERM}) {
    InDev run(w);
    run.child.signal(number);
    EXPECT_EQ(run.child.wait(std::chrono::seconds(20)), 130) << w.read("err");
    EXPECT_THAT(w.read("out"), HasSubstr("verdict     stopped, as asked\n"));
    EXPECT_THAT(w.read("out"),
                HasSubstr("next        run the same command again: it goes on after `registered`, and "
                          "no finished answer is made twice\n"));
    EXPECT_FALSE(w.has("exp/state/progress.json"));
  }
  EXPECT_THAT(status(w).out, HasSubstr("no process works on it"));
  w.remove("slow");
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
}

TEST_F(SlowDev, CtrlCInJson) {
  Child child(itera_command({"run", "x.itera", "--out", "exp", "--format", "json"}), w.path(), w.at("out"),
              w.at("err"));
  wait_until([&] { return w.has("exp/state/progress.json"); });
  child.signal(SIGINT);
  EXPECT_EQ(child.wait(std::chrono::seconds(20)), 130) << w.read("err");
  auto const json = Json::parse(w.read("out"));
  EXPECT_EQ(json.at("status"), "interrupted");
  EXPECT_EQ(json.at("ok"), false);
  EXPECT_EQ(json.at("exit_code"), 130);
  EXPECT_EQ(wrong_by_schema(json), "");
}

TEST_F(SlowDev, AProcessThatWasKilledIsToldFromALivingOne) {
  {
    InDev run(w);
    run.child.signal(SIGKILL);
    EXPECT_EQ(run.child.wait(), -SIGKILL);
  }
  EXPECT_EQ(status_json(w).at("process").at("alive"), false);
  EXPECT_THAT(status(w).out, HasSubstr("that worked on it is gone; its last sign of life was "));
  EXPECT_THAT(status(w).out, HasSubstr("next  `itera run` goes on after the last step that stands here\n"));
}

TEST(Status, TellsTheStepsAndTheVerdict) {
  Workspace w;
  write_recorded(w, unplaced(make_rows(200)), half, more);
  ASSERT_EQ(run(w, {"--until", "source"}).code, 0);
  std::vector<std::string> kinds;
  auto const json = status_json(w);
  for (auto const& step : json.at("steps")) kinds.push_back(step.at("kind"));
  EXPECT_THAT(kinds, ElementsAre("framed", "split", "sealed"));
  EXPECT_THAT(status(w).out, HasSubstr("train 60, dev 100, test 40 rows"));
  EXPECT_THAT(status(w).out, HasSubstr("no process works on it"));
  ASSERT_EQ(run(w).code, 0);
  EXPECT_THAT(status(w).out, HasSubstr("concluded: ship\n"));
  EXPECT_THAT(status(w).out, HasSubstr("next  read exp/conclusion.md\n"));
  EXPECT_EQ(status_json(w).at("outcome"), "ship");
}

TEST(Status, AFolderThatIsNoExperimentAndALedgerThatIsBroken) {
  Workspace w;
  auto const none = status(w);
  EXPECT_EQ(none.code, 2);
  EXPECT_THAT(none.err,
              HasSubstr("error: exp is no experiment's folder: it has no ledger.jsonl\n  = help: name "
                        "the folder that `itera run` wrote"));
  write_recorded(w, unplaced(make_rows(200)), half, more);
  ASSERT_EQ(run(w, {"--until", "source"}).code, 0);
  w.edit("exp/ledger.jsonl", "\"kind\":\"split\"", "\"kind\":\"spilt\"");
  EXPECT_NE(status(w).code, 0);
  EXPECT_THAT(status(w).err, HasSubstr("ledger.jsonl"));
}

}  // namespace
}  // namespace itera::test
