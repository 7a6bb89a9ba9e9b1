// Failure categories whose condition stands in the spec.
#include <sstream>

#include <gtest/gtest.h>

#include "tests/support/experiment.hpp"

namespace itera::test {
namespace {

void expect_contains(std::string const& text, std::string const& part) {
  EXPECT_NE(text.find(part), std::string::npos) << "`" << part << "` is not in:\n" << text;
}

struct Counts {
  int failed = 0, near = 0, urgent = 0, undecided = 0;
};

// What rows.jsonl says of one arm's answers on test.
Counts counts_of(Workspace const& w, std::string const& arm) {
  Counts out;
  std::istringstream lines(w.read("exp/rows.jsonl"));
  for (std::string line; std::getline(lines, line);) {
    auto const row = Json::parse(line);
    if (row.at("arm") != arm || row.at("split") != "test") continue;
    out.failed += row.at("passed") == false;
    if (row.at("passed") == true) {
      EXPECT_EQ(row.at("failures"), Json::array()) << line;
    }
    for (auto const& failure : row.at("failures")) {
      out.near += failure == "near_miss";
      out.urgent += failure == "urgent_one";
    }
    out.undecided += row.contains("undecided") && row.at("undecided") == Json({"urgent_one"});
  }
  return out;
}

TEST(When, TagsFailedAnswersByTheirTextAndByColumnsOfTheirRow) {
  auto const rows = placed(make_rows(600));
  Workspace w;
  Spec spec;
  spec.clauses =
      "failure near_miss   weight 1  \"nearly right\"      when output matches \"^wro\"\n"
      "  failure urgent_one  weight 3  \"an urgent ticket\"  when urgent";
  write_recorded(
      w, rows, [](auto const& r) { return among_first(r, .6); },
      [](auto const& r) { return among_first(r, .8); }, spec);
  // Every third row is urgent, every third is not, and of the rest nobody knows.
  std::string table = "id,text,tier,answer,urgent\n";
  for (auto const& r : rows)
    table += r.row.key + "," + r.row.text + "," + r.row.tier + "," + r.row.answer + "," +
             (r.nth % 3 == 0   ? "yes"
              : r.nth % 3 == 1 ? "no"
                               : "") +
             "\n";
  w.write("rows.csv", table);
  auto const outcome = run(w);
  ASSERT_EQ(outcome.code, 0) << outcome.out << outcome.err;

  auto const evidence = data(w);
  auto const& modes = evidence.at("failure_modes");
  for (auto const* arm : {"old", "new"}) {
    auto const counts = counts_of(w, arm);
    EXPECT_GT(counts.failed, 0) << arm;
    EXPECT_EQ(counts.near, counts.failed) << arm << ": every wrong answer begins with wro";
    EXPECT_GT(counts.urgent, 0) << arm;
    EXPECT_LT(counts.urgent, counts.failed) << arm;
    EXPECT_GT(counts.undecided, 0) << arm;
    EXPECT_LE(counts.urgent + counts.undecided, counts.failed) << arm;
    EXPECT_EQ(modes.at("test_set_counts").at(arm).at("urgent_one").get<double>(), counts.urgent) << arm;
    EXPECT_EQ(modes.at("undecided").at(arm).at("urgent_one"), counts.undecided) << arm;
    EXPECT_FALSE(modes.at("undecided").at(arm).contains("near_miss"));
    expect_contains(
        w.read("exp/conclusion.md"),
        std::to_string(counts.undecided) + " failed answers of `" + arm +
            "` are not counted under `urgent_one`: a column that its condition needs is empty, or "
            "the arm gave no answer.");
  }
  EXPECT_EQ(check_of(evidence, "new", "C5").at("status"), "pass");
  EXPECT_EQ(w.read("exp/rows.jsonl").find("\"yes\""), std::string::npos) << "records hold no text of rows";
}

}  // namespace
}  // namespace itera::test
