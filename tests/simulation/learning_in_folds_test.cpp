// Fewer than 50 rows, and an arm that learns: it never answers a row that it learnt from, also when the run
// is killed between two folds. Slow for its many processes.
#include <csignal>
#include <set>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/experiment.hpp"
#include "tests/support/programs.hpp"

namespace itera::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// Learns the keys and texts of what it is given.
constexpr char kPrepare[] = R"(import json, os, sys
folder = os.environ["ITERA_PREPARED"]
rows = [json.loads(line) for line in sys.stdin]
with open("lessons", "a") as lessons:
    lessons.write(json.dumps({"folder": os.path.basename(folder), "keys": [r["key"] for r in rows]}) + "\n")
json.dump({r["input"]["text"]: r["expected"] for r in rows}, open(os.path.join(folder, "model.json"), "w"))
)";

// Right on every row but those that it learnt from.
constexpr char kLearnt[] = R"(import json, os, sys, time
for line in sys.stdin:
    request = json.loads(line)
    text = request["input"]["text"]
    model = json.load(open(os.path.join(os.environ["ITERA_PREPARED"], "model.json")))
    with open("log", "a") as log:
        log.write("new " + os.path.basename(os.environ["ITERA_PREPARED"]) + " " + text.split()[1] + "\n")
    if os.path.exists("slow"):
        time.sleep(0.05)
    number = (int(text.split("tok")[1][:5]) - 13) // 7
    print(json.dumps({"id": request["id"], "output": "learnt" if text in model else "abc"[number // 10 % 3]}), flush=True)
)";

constexpr char kOld[] = R"(import json, sys
for line in sys.stdin:
    request = json.loads(line)
    text = request["input"]["text"]
    number = (int(text.split("tok")[1][:5]) - 13) // 7
    with open("log", "a") as log:
        log.write("old - " + text.split()[1] + "\n")
    print(json.dumps({"id": request["id"], "output": "abc"[number // 10 % 3] if number % 2 else "wrong"}), flush=True)
)";

Spec spec_of_learners() {
  Spec spec;
  spec.split = "train 20% dev 30% test 50%  seed 20260412";
  spec.baseline = "using process { ref \"old.py:1\"  deterministic  " + program("old.py") + " }";
  spec.arms = "arm new from old \"learns\" { deterministic " +
              program("new.py", "prepare = [\"python3\", \"prepare.py\"]") + " }";
  return spec;
}

void write_learners(Workspace const& w) {
  w.write("rows.csv", csv(make_rows(48)));
  w.write("old.py", kOld);
  w.write("new.py", kLearnt);
  w.write("prepare.py", kPrepare);
  w.write("x.itera", spec_of_learners().text());
}

std::map<std::string, std::set<std::string>> lessons(Workspace const& w) {
  std::map<std::string, std::set<std::string>> out;
  for (auto const& line : json_lines(w.read("lessons"))) {
    EXPECT_FALSE(out.contains(line.at("folder"))) << "learnt once: " << line.at("folder");
    out[line.at("folder")] = line.at("keys").get<std::set<std::string>>();
  }
  return out;
}

std::set<std::string> keys_of(Workspace const& w, std::string const& part) {
  std::set<std::string> out;
  for (auto const& line : json_lines(w.read("exp/rows.jsonl")))
    if (line.at("split") == part) out.insert(line.at("key").get<std::string>());
  return out;
}

TEST(LearningInFolds, AnArmAnswersEachRowWithWhatItLearntFromOthers) {
  Workspace w;
  write_learners(w);
  auto const outcome = run(w);
  ASSERT_TRUE(w.has("exp/data.json")) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("48 rows: reading fold 5, dev 19 in 4 folds, test 24 (sealed)"));
  for (auto const& line : json_lines(w.read("exp/rows.jsonl")))
    if (line.at("arm") == "new") {
      EXPECT_EQ(line.at("score"), 1.0) << line;
    }

  auto const dev = keys_of(w, "dev"), test = keys_of(w, "test");
  auto const learnt = lessons(w);
  ASSERT_EQ(learnt.size(), 6U);
  EXPECT_EQ(learnt.at("all").size(), 24U);
  for (auto const& [folder, keys] : learnt)
    for (auto const& key : keys) EXPECT_FALSE(test.contains(key)) << folder << " learnt test row " << key;
  EXPECT_EQ(learnt.at("without-1"), dev)
      << "the pilot's arm learnt from dev alone: its row is the reading fold's";
  std::multiset<std::string> left_out;
  for (auto const* folder : {"without-2", "without-3", "without-4", "without-5"})
    for (auto const& key : learnt.at("all"))
      if (!learnt.at(folder).contains(key)) left_out.insert(key);
  EXPECT_EQ(left_out, std::multiset<std::string>(dev.begin(), dev.end())) << "each dev row in one fold";

  auto const split = entries(w, "split").front().at("body");
  EXPECT_EQ(split.at("folds"), 5);
  EXPECT_FALSE(split.at("audit").at("dimensions").at(0).at("results").contains("train")) << "not judged";
  Json without = Json::array();
  for (auto const& entry : entries(w, "prepared")) without.push_back(entry.at("body").at("without_fold"));
  EXPECT_EQ(without, Json({nullptr, 1, 2, 3, 4, 5}));
  std::vector<std::string> order;
  for (auto const& kind : kinds(w))
    if (kind != "prepared") order.push_back(kind);
  EXPECT_THAT(order, ElementsAre("framed", "split", "sealed", "pilot", "registered", "determinism",
                                 "baseline_pass", "dev_pass", "unsealed", "verdict"));
}

TEST(LearningInFolds, ARunThatWasKilledGoesOn) {
  Workspace w, whole;
  write_learners(w);
  write_learners(whole);
  ASSERT_EQ(run(w, {"--until", "pilot"}).code, 0);
  w.write("slow", "");
  auto const answers = [&] {
    auto const text = w.read("log");
    return std::count(text.begin(), text.end(), '\n');
  };
  auto const before = answers();
  {
    Child child(itera_command({"run", "x.itera", "--out", "exp", "--workers", "2"}), w.path(), w.at("out"),
                w.at("err"));
    // Past the determinism check (2 x 19 x 3 answers) and the baseline's first trial, in the arm's folds.
    for (int i = 0; i < 4000 && answers() < before + 2 * 19 * 3 + 19 + 6; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    child.signal(SIGKILL);
    child.wait();
  }
  w.remove("slow");
  auto const outcome = run(w);
  auto const other = run(whole);
  EXPECT_EQ(outcome.code, other.code) << outcome.err;
  EXPECT_EQ(lessons(w).size(), 6U);
  auto const mine = records(w), theirs = records(whole);
  EXPECT_EQ(mine.at("rows.jsonl"), theirs.at("rows.jsonl"));
  EXPECT_EQ(mine.at("data.json"), theirs.at("data.json"));
  EXPECT_EQ(mine.at("conclusion.md"), theirs.at("conclusion.md"));
}

}  // namespace
}  // namespace itera::test
