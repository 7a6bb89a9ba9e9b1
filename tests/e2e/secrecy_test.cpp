// What may be read, and when: no row of dev or test stands anywhere before the conclusion.
#include <set>

#include <gtest/gtest.h>

#include "tests/support/experiment.hpp"
#include "tests/support/programs.hpp"

namespace itera::test {
namespace {

namespace fs = std::filesystem;

std::string token(Placed const& row) {
  return row.row.text.substr(8, 9);
}

// Every file below a folder in which one of the tokens stands.
std::set<std::string> files_with(Workspace const& w, std::string const& folder,
                                 std::vector<std::string> const& tokens) {
  std::set<std::string> out;
  for (auto const& entry : fs::recursive_directory_iterator(w.at(folder))) {
    if (!entry.is_regular_file()) continue;
    auto const name = fs::relative(entry.path(), w.path()).string();
    auto const text = w.read(name);
    for (auto const& t : tokens)
      if (text.find(t) != std::string::npos) out.insert(name);
  }
  return out;
}

std::vector<std::string> tokens_of(std::vector<Placed> const& rows, std::string const& part) {
  std::vector<std::string> out;
  for (auto const& row : rows)
    if (row.part == part) out.push_back(token(row));
  return out;
}

TEST(Secrecy, NoTextOfADevOrTestRowStandsInTheFolderBeforeTheConclusion) {
  Workspace w;
  auto const rows = placed(make_rows(250));
  Spec spec;
  spec.baseline = "using process { ref \"old.py:1\"  " + program("old.py") + " }";
  spec.arms = "arm new from old \"more words\" { " + program("new.py") + " }";
  w.write("rows.csv", csv(make_rows(250)));
  // An arm that repeats its input would bring it into the records, if outputs were recorded.
  w.write("old.py", python_arm("text"));
  w.write("new.py", python_arm("text.upper()"));
  w.write("x.itera", spec.text());
  auto const outcome = run(w, {"--until", "dev"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;

  auto const test = tokens_of(rows, "test"), dev = tokens_of(rows, "dev"), train = tokens_of(rows, "train");
  ASSERT_EQ(test.size(), 50U);
  EXPECT_EQ(files_with(w, "exp", test), std::set<std::string>());
  EXPECT_EQ(files_with(w, "exp", dev), std::set<std::string>());
  EXPECT_EQ(files_with(w, "exp", train), std::set<std::string>({"exp/state/pilot.md"}))
      << "one row of train, shown whole";
  for (auto const& t : test) EXPECT_EQ(outcome.err.find(t), std::string::npos) << t;
  for (auto const& t : dev) EXPECT_EQ(outcome.err.find(t), std::string::npos) << t;
  auto const records = w.read("exp/rows.jsonl");
  for (auto const& row : rows) {
    if (row.part == "test") {
      EXPECT_EQ(records.find(row.row.key), std::string::npos) << "not even its key: " << row.row.key;
    }
  }

  auto const concluded = run(w);
  EXPECT_TRUE(w.has("exp/data.json")) << concluded.err;
  EXPECT_EQ(files_with(w, "exp", test), std::set<std::string>()) << "and the records hold no text afterwards";
}

TEST(Secrecy, TheStateIsReadableByItsOwnerOnlyAndIgnoredByGit) {
  Workspace w;
  write_recorded(
      w, unplaced(make_rows(100)), [](auto const& r) { return r.nth % 2 == 0; },
      [](auto const&) { return true; });
  run(w, {"--until", "source"});
  auto const others = fs::perms::group_all | fs::perms::others_all;
  for (auto const* name :
       {"exp/state", "exp/state/seal.key", "exp/state/test.sealed", "exp/state/dev.sealed"})
    EXPECT_EQ(fs::status(w.at(name)).permissions() & others, fs::perms::none) << name;
  EXPECT_EQ(w.read("exp/state/.gitignore"), "*\n");
}

TEST(Secrecy, AnArmNeverSeesTheExpectedAnswerNorTheKeyNorOtherColumns) {
  Workspace w;
  auto const rows = placed(make_rows(250));
  Spec spec;
  spec.baseline = "using process { ref \"old.py:1\"  " + program("old.py") + " }";
  spec.arms = "arm new from old \"more words\" { " + program("new.py") + " }";
  w.write("rows.csv", csv(make_rows(250)));
  w.write("old.py", python_arm(right_on(600), "log.jsonl", "old"));
  w.write("new.py", python_arm(right_on(800), "log.jsonl", "new"));
  w.write("x.itera", spec.text());
  auto const outcome = run(w);
  ASSERT_TRUE(w.has("exp/data.json")) << outcome.err;
  std::size_t calls = 0;
  for (auto const& request : json_lines(w.read("log.jsonl"))) {
    ++calls;
    ASSERT_EQ(request.at("input").size(), 1U) << request;
    ASSERT_TRUE(request.at("input").contains("text")) << request;
    for (auto const& [field, _] : request.items())
      ASSERT_TRUE(std::set<std::string>({"who", "id", "input", "seed", "trial"}).contains(field)) << field;
  }
  EXPECT_EQ(calls, 2 * (1 + 3 * (125 + 50))) << "one for the pilot, three trials on dev and on test";
}

TEST(Secrecy, TheBaselinesFirstTrialOnDevIsDoneBeforeAnyArmSeesADevRow) {
  Workspace w;
  auto const rows = placed(make_rows(250));
  Spec spec;
  spec.baseline = "using process { ref \"old.py:1\"  " + program("old.py") + " }";
  spec.arms = "arm new from old \"more words\" { " + program("new.py") + " }";
  w.write("rows.csv", csv(make_rows(250)));
  w.write("old.py", python_arm(right_on(600), "log.jsonl", "old"));
  w.write("new.py", python_arm(right_on(800), "log.jsonl", "new"));
  w.write("x.itera", spec.text());
  ASSERT_EQ(run(w, {"--until", "pilot"}).code, 0);
  w.remove("log.jsonl");
  ASSERT_EQ(run(w, {"--until", "dev", "--workers", "8"}).code, 0);
  auto const calls = json_lines(w.read("log.jsonl"));
  ASSERT_EQ(calls.size(), 2U * 3 * 125);
  std::set<std::string> seen;
  for (std::size_t i = 0; i < 125; ++i) {
    EXPECT_EQ(calls[i].at("who"), "old");
    EXPECT_EQ(calls[i].at("trial"), 0);
    seen.insert(calls[i].at("input").at("text").get<std::string>());
  }
  EXPECT_EQ(seen.size(), 125U) << "every dev row once";
  auto const scores = entries(w, "baseline_pass");
  ASSERT_EQ(scores.size(), 1U);
  EXPECT_EQ(scores.front().at("body").at("rows"), 125);
}

}  // namespace
}  // namespace itera::test
