// Fewer than 50 rows: five folds in place of train and dev. An arm that learns never answers a row that it
// learnt from, and test stays sealed all the same.
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

TEST(Folds, AnArmAnswersEachRowWithWhatItLearntFromOthers) {
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

TEST(Folds, AreSaidWhereverTheExperimentIsTold) {
  Workspace w;
  write_learners(w);
  w.edit("x.itera", "report using markdown", "report using markdown\n  report using html");
  run(w);
  auto const note = std::string(
      "With fewer than 50 rows there is no fixed train part. The rows that are not test's are divided into 5 "
      "folds: "
      "5 rows are the reading fold, which is open as train is, and 19 rows are the other 4, which are dev. "
      "What an "
      "arm learns, it learns for each fold without that fold, and for test from all of them. The 24 test "
      "rows are "
      "sealed all the same.");
  EXPECT_THAT(w.read("exp/frame.md"), HasSubstr("Reading fold 5, dev 19, test 24 rows. " + note));
  EXPECT_THAT(w.read("exp/frame.md"), HasSubstr("of the reading fold: passed"));
  EXPECT_THAT(w.read("exp/conclusion.md"), HasSubstr(note));
  EXPECT_THAT(w.read("exp/conclusion.html"), HasSubstr("divided into 5 folds"));
  EXPECT_EQ(data(w).at("split"),
            Json({{"train", 5}, {"dev", 19}, {"test", 24}, {"folds", 5}, {"note", note}}));
  for (auto const& line : data(w).at("self_audit")) {
    auto const evidence = line.at("evidence").get<std::string>();
    if (line.at("line") == "pilot passed") {
      EXPECT_THAT(evidence, HasSubstr("on the reading fold's row `")) << line;
    }
    if (line.at("line") == "distribution audit against production") {
      EXPECT_THAT(evidence,
                  HasSubstr("fewer than 50 rows: dev is judged in folds, and the reading fold, which "
                            "stands in train's place, is not audited"));
    }
    if (line.at("line") == "nothing moved after registration") {
      EXPECT_EQ(line.at("answer"), "yes") << line;
    }
  }
  EXPECT_THAT(w.itera({"status", "exp"}).out, HasSubstr("5 folds: reading fold 5, dev 19, test 24 rows"));
}

TEST(Folds, PlanSaysSoBeforeAndAfter) {
  Workspace w;
  write_learners(w);
  auto const before = w.itera({"plan", "x.itera"}).out;
  EXPECT_THAT(before, HasSubstr("  share         10%        40%        50%\n"));
  EXPECT_THAT(
      before,
      HasSubstr("fewer than 50 rows: five folds in place of train and dev; train is the reading fold, dev "
                "the other four\n"));
  ASSERT_EQ(run(w, {"--until", "source"}).code, 0);
  auto const after = w.itera({"plan", "x.itera"}).out;
  EXPECT_THAT(after, HasSubstr("five folds in place of train and dev"));
  EXPECT_THAT(after, HasSubstr("the split against production, as it was audited\n"));
  auto const json = Json::parse(w.itera({"plan", "x.itera", "--format", "json"}).out);
  EXPECT_EQ(json.at("folds"), 5);
  EXPECT_EQ(json.at("distribution").at(0).at("column"), "tier");
}

TEST(Folds, ARunThatWasKilledGoesOn) {
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

TEST(Folds, NeedTenRowsAndARowForEachFold) {
  Workspace w;
  write_recorded(
      w, unplaced(make_rows(9)), [](auto const&) { return false; }, [](auto const&) { return true; });
  auto const few = run(w);
  EXPECT_EQ(few.code, 50);
  EXPECT_THAT(
      few.err,
      HasSubstr("9 rows remain after duplicates, caps and the sample; with fewer than 10 a fold of dev "
                "holds a row or none, and test too few to show anything"));
  EXPECT_THAT(w.itera({"plan", "x.itera"}).out, HasSubstr("fewer than 10 rows: `run` refuses\n"));

  // Thirty rows of three customers are three units.
  Workspace c;
  Spec spec;
  spec.row = "key id  input text  expected answer  entity customer";
  spec.split = "cap 20 per customer  seed 1";
  auto const rows = make_rows(30);
  auto table = std::string("id,text,answer,customer\n");
  for (auto const& row : rows)
    table += row.key + "," + row.text + "," + row.answer + ",c" + std::to_string((row.key.back() - '0') % 3) +
             "\n";
  write_recorded(
      c, unplaced(rows), [](auto const&) { return false; }, [](auto const&) { return true; }, spec);
  c.write("rows.csv", table);
  auto const lumps = run(c);
  EXPECT_EQ(lumps.code, 50) << lumps.err;
  EXPECT_THAT(lumps.err, HasSubstr("rows of one entity stay together"));
}

}  // namespace
}  // namespace itera::test
