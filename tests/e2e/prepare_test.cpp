// The prepare step: what an arm may learn from, and that it learns once.
#include <set>

#include <gtest/gtest.h>

#include "tests/support/experiment.hpp"
#include "tests/support/programs.hpp"

namespace itera::test {
namespace {

void expect_contains(std::string const& text, std::string const& part) {
  EXPECT_NE(text.find(part), std::string::npos) << "`" << part << "` is not in:\n" << text;
}

// Keeps what it was given beside the spec, with what stood in its folder; learns the rows' number.
constexpr char kPrepare[] = R"(import json, os, sys
name = sys.argv[1]
if os.path.exists("broken"):
    print("there is no teacher", file=sys.stderr)
    sys.exit(3)
folder = os.environ["ITERA_PREPARED"]
rows = [json.loads(line) for line in sys.stdin]
with open(name + ".seen", "a") as seen:
    seen.write(json.dumps({"found": os.listdir(folder), "rows": rows}) + "\n")
with open(os.path.join(folder, "model.json"), "w") as model:
    json.dump({"rows": len(rows)}, model)
)";

// Right on every text if its model is there and holds `rows`.
constexpr char kLearnt[] = R"(import json, os, sys
model = json.load(open(os.path.join(os.environ["ITERA_PREPARED"], "model.json")))
for line in sys.stdin:
    request = json.loads(line)
    number = (int(request["input"]["text"].split("tok")[1][:5]) - 13) // 7
    print(json.dumps({"id": request["id"], "output": "abc"[number // 10 % 3] if model["rows"] else "wrong"}), flush=True)
)";

class Prepare : public ::testing::Test {
 protected:
  void SetUp() override {
    spec.baseline = "using process { ref \"old.py:1\"  " + program("old.py") + " }";
    spec.arms = "arm new from old \"learns\" { deterministic " +
                program("new.py", "prepare = [\"python3\", \"prepare.py\", \"new\"]") +
                " }\n  arm next from new \"learns more\" { deterministic prepare = [\"python3\", "
                "\"prepare.py\", \"next\"] }";
    w.write("rows.csv", csv(make_rows(200)));
    w.write("old.py", python_arm(right_on(500)));
    w.write("new.py", kLearnt);
    w.write("prepare.py", kPrepare);
    w.write("x.itera", spec.text());
  }

  Workspace w;
  Spec spec;
};

TEST_F(Prepare, GetsTheTrainRowsWithTheirAnswersAndAnEmptyFolder) {
  auto const rows = placed(make_rows(200));
  auto const outcome = run(w);
  ASSERT_TRUE(w.has("exp/data.json")) << outcome.err;
  for (auto const* name : {"new.seen", "next.seen"}) {
    auto const seen = json_lines(w.read(name));
    ASSERT_EQ(seen.size(), 1U) << "run once, for pilot, dev and test";
    EXPECT_EQ(seen.front().at("found"), Json::array());
    std::set<std::string> given;
    for (auto const& row : seen.front().at("rows")) {
      EXPECT_EQ(row.size(), 3U) << row;
      given.insert(row.at("key").get<std::string>());
    }
    for (auto const& row : rows)
      EXPECT_EQ(given.contains(row.row.key), row.part == "train")
          << row.row.key << " is a row of " << row.part;
    auto const& first = seen.front().at("rows").front();
    auto const known =
        std::find_if(rows.begin(), rows.end(), [&](auto const& r) { return r.row.key == first.at("key"); });
    EXPECT_EQ(first.at("expected"), known->row.answer);
    EXPECT_EQ(first.at("input").at("text"), known->row.text);
  }
  EXPECT_EQ(data(w).at("test_set_aggregate").at("new"), 1.0) << "and the arm finds what was learnt";
}

TEST_F(Prepare, ItsFolderIsInTheLedgerAndIsNotMadeAgain) {
  for (auto const* phase : {"pilot", "dev", "test"}) run(w, {"--until", phase});
  ASSERT_TRUE(w.has("exp/data.json"));
  EXPECT_EQ(json_lines(w.read("new.seen")).size(), 1U);
  auto const prepared = entries(w, "prepared");
  ASSERT_EQ(prepared.size(), 2U);
  EXPECT_EQ(prepared[0].at("body").at("arm"), "new");
  EXPECT_EQ(prepared[0].at("body").at("train_rows"), 60);
  EXPECT_EQ(prepared[0].at("body").at("digest").get<std::string>().size(), 64U);
  EXPECT_EQ(prepared[1].at("body").at("arm"), "next");
}

TEST_F(Prepare, AnEditedFolderIsNotUsed) {
  ASSERT_EQ(run(w, {"--until", "dev"}).code, 0);
  w.write("exp/state/prepared/new/model.json", "{\"rows\": 1000}");
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 1);
  expect_contains(outcome.err, "its prepared folder");
  expect_contains(outcome.err, "changed since it was made");
  EXPECT_TRUE(entries(w, "unsealed").empty());
}

TEST_F(Prepare, ItsFailureIsReportedWithWhatItSaidAndIsNotFinal) {
  w.write("broken", "");
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 1);
  expect_contains(
      outcome.err,
      "arm `new`: its prepare step `python3 prepare.py new` ended with exit code 3: there is no teacher");
  expect_contains(outcome.err, "nothing of dev or test was used");
  EXPECT_EQ(kinds(w).back(), "sealed");
  w.remove("broken");
  EXPECT_EQ(run(w, {"--until", "pilot"}).code, 0);
}

// Other train rows: every arm learns anew, also one whose turn did not come at once.
TEST_F(Prepare, WhatWasLearntFromEarlierRowsIsNotUsed) {
  w.write("late.py", std::string("import os, sys\nif os.path.exists(\"late\"): sys.exit(4)\n") + kPrepare);
  w.edit("x.itera", "\"prepare.py\", \"next\"", "\"late.py\", \"next\"");
  ASSERT_EQ(run(w, {"--until", "pilot"}).code, 0);
  w.write("more.csv", csv(make_rows(400)));
  w.edit("x.itera", "rows.csv", "more.csv");
  w.write("late", "");
  ASSERT_EQ(run(w, {"--until", "pilot"}).code, 1);
  w.remove("late");
  ASSERT_EQ(run(w, {"--until", "pilot"}).code, 0);
  ASSERT_EQ(json_lines(w.read("next.seen")).size(), 2U);
  EXPECT_EQ(json_lines(w.read("next.seen")).back().at("rows").size(), 120U);
}

}  // namespace
}  // namespace itera::test
