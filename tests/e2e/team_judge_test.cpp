// A team's own judge from a library elsewhere: it scores, its failure categories count, and they decide.
#include <gtest/gtest.h>

#include "tests/support/experiment.hpp"

namespace itera::test {
namespace {

void expect_contains(std::string const& text, std::string const& part) {
  EXPECT_NE(text.find(part), std::string::npos) << "`" << part << "` is not in:\n" << text;
}

// The judge `prefix` tags an empty answer `empty` and any other wrong one `wrong_start`.
class TeamJudge : public ::testing::Test {
 protected:
  void SetUp() override {
    spec.uses = "use prefix from \"team/judge_prefix.so\"";
    spec.metric = "start using prefix { length = 1 }";
    spec.clauses =
        "failure wrong_start  weight 1  \"begins with another letter\"\n"
        "  failure empty  weight 3  \"says nothing\"";
    spec.rule = "effect >= 5pp";
    std::filesystem::create_directories(w.at("team"));
    std::filesystem::copy_file(ITERA_TEAM_JUDGE, w.at("team/judge_prefix.so"));
  }

  // The baseline is right on six tenths and never silent. The arm is right on eight tenths, and silent on
  // `silent`.
  void write(std::function<bool(Placed const&)> const& silent) {
    auto const rows = placed(make_rows(600));
    write_recorded(
        w, rows, [](auto const& r) { return r.nth % 10 < 6; }, [](auto const& r) { return r.nth % 10 < 8; },
        spec);
    std::map<std::string, Placed const*> by_key;
    for (auto const& row : rows) by_key[row.row.key] = &row;
    w.write("new.jsonl", recording(make_rows(600), 3, [&](Row const& row, unsigned) {
              auto const& r = *by_key.at(row.key);
              if (r.part == "test" && silent(r)) return std::string();
              return r.nth % 10 < 8 ? row.answer + " and more" : std::string("wrong");
            }));
  }

  Workspace w;
  Spec spec;
};

TEST_F(TeamJudge, ItScoresAndItsCategoriesAreCounted) {
  write([](auto const&) { return false; });
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
  auto const evidence = data(w);
  auto const& modes = evidence.at("failure_modes");
  EXPECT_EQ(modes.at("registered_at_phase_2"), true);
  ASSERT_EQ(modes.at("categories").size(), 2U);
  EXPECT_EQ(modes.at("categories")[1].at("id"), "empty");
  EXPECT_EQ(modes.at("categories")[1].at("severity_weight"), 3.0);
  std::size_t tagged = 0;
  for (auto const& line : json_lines(w.read("exp/rows.jsonl"))) {
    if (line.at("split") != "test" || line.at("score") == 1.0) continue;
    EXPECT_EQ(line.at("failures"), Json({"wrong_start"})) << line;
    tagged += line.at("arm") == "new";
  }
  EXPECT_EQ(modes.at("test_set_counts").at("new").at("wrong_start"), static_cast<double>(tagged));
  EXPECT_EQ(modes.at("test_set_counts").at("new").at("empty"), 0.0);
  EXPECT_EQ(modes.at("test_set_counts").at("old").at("empty"), 0.0);
  EXPECT_EQ(check_of(evidence, "new", "C5").at("status"), "pass");
  expect_contains(w.read("exp/conclusion.md"), "| says nothing | 3 | 0 | 0 (+0) |");
}

// Better by a fifth of the rows, but it is silent on two of them: the most severe failure, which the baseline
// never has.
TEST_F(TeamJudge, ARiseOfTheMostSevereCategoryKillsABetterArm) {
  write([](auto const& r) { return r.row.tier == "ent" && (r.nth == 8 || r.nth == 9); });
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 20) << outcome.out << outcome.err;
  auto const evidence = data(w);
  EXPECT_EQ(evidence.at("verdict").at("decided_by"), "C5");
  EXPECT_EQ(evidence.at("failure_modes").at("test_set_counts").at("new").at("empty"), 2.0);
  EXPECT_EQ(check_of(evidence, "new", "C5").at("status"), "fail");
  EXPECT_EQ(check_of(evidence, "new", "C5").at("evidence"), "0 -> 2 of 120 rows, exact p of a rise 0.25");
  for (auto const* id : {"C1", "C2", "C3"})
    EXPECT_EQ(check_of(evidence, "new", id).at("status"), "pass") << id;
  expect_contains(outcome.out,
                  "decided by  C5 empty does not rise fails (0 -> 2 of 120 rows, exact p of a rise 0.25)");
}

TEST_F(TeamJudge, ItsLibraryIsPartOfTheLock) {
  write([](auto const&) { return false; });
  ASSERT_EQ(run(w, {"--until", "frame"}).code, 0);
  w.write("team/judge_prefix.so", w.read("team/judge_prefix.so") + "\n");
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 50) << outcome.err;
  expect_contains(outcome.err, "/metric/judge/library: ");
}

TEST_F(TeamJudge, ALibraryThatIsNotThereIsAMistakeOfTheSpec) {
  write([](auto const&) { return false; });
  w.remove("team");
  auto const outcome = w.itera({"check", "x.itera"});
  EXPECT_EQ(outcome.code, 2);
  expect_contains(outcome.err, "x.itera:1:");
  expect_contains(outcome.err, "judge_prefix.so");
}

}  // namespace
}  // namespace itera::test
