// Secondary metrics through the program: measured beside the metric, never a loss of the metric's own score.
#include "tests/support/secondaries.hpp"

#include <fstream>
#include <map>
#include <sstream>

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace itera::test {
namespace {

using testing::HasSubstr;

TEST_F(Secondaries, StandInTheRecordsAndTakeNothingFromTheMetric) {
  Workspace w;
  write(w, {"", "effect >= 5pp", .5, .6, .75, 0, .1});
  ASSERT_EQ(run(w).code, 0);
  std::size_t failed = 0;
  for (auto const& line : json_lines(w.read("exp/rows.jsonl"))) {
    auto const said = line.at("secondaries").at("polite");
    EXPECT_EQ(line.at("ending"), "scored") << line;
    EXPECT_TRUE(line.at("score").is_number()) << line;
    EXPECT_EQ(line.at("failures").empty(), line.at("score") == 1.0) << "tags are the metric's judge's";
    failed += said.at("score").is_null();
    EXPECT_EQ(said.at("error").is_null(), said.at("score").is_number()) << line;
    if (said.at("score").is_null()) {
      EXPECT_EQ(said.at("error"), "the answer is not to be read");
    }
  }
  auto const evidence = data(w);
  auto const metric = evidence.at("secondaries").at(0);
  EXPECT_EQ(metric.at("name"), "polite");
  EXPECT_EQ(metric.at("judge"), "polite_words");
  auto const arm = metric.at("arms").at(1);
  EXPECT_EQ(arm.at("judge_errors"), failed);
  EXPECT_GT(failed, 5U);
  EXPECT_EQ(arm.at("effect").at("excluded"), failed);
  EXPECT_EQ(arm.at("effect").at("n").get<std::size_t>() + failed,
            evidence.at("effect_sizes").at("new").at("aggregate").at("n").get<std::size_t>());
  EXPECT_TRUE(arm.at("clause").is_null());
  EXPECT_EQ(evidence.at("endings").at("new").at("judge_errors"), 0);
  auto const dev = entries(w, "dev_pass").at(0).at("body").at("secondaries").at("polite");
  EXPECT_EQ(dev.at("new"), arm.at("dev_score"));
  EXPECT_NEAR(dev.at("new").get<double>(), .6, .02);
  EXPECT_THAT(w.read("exp/conclusion.md"), HasSubstr("\nBy polite: old 50"));
  EXPECT_THAT(w.read("exp/conclusion.html"), HasSubstr("<p>By "));
}

TEST_F(Secondaries, ArePartOfThePilot) {
  Workspace w;
  write(w, {"", "effect >= 5pp"});
  std::string out;
  for (auto line : json_lines(w.read("new.jsonl"))) {
    for (auto& output : line.at("outputs")) output = output.get<std::string>() + " unreadable";
    out += line.dump() + "\n";
  }
  w.write("new.jsonl", out);
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 50) << outcome.out;
  EXPECT_THAT(outcome.err, HasSubstr("\n  `new` polite: the judge failed (the answer is not to be read)\n"));
  EXPECT_THAT(w.read("exp/state/pilot.md"), HasSubstr("\npolite "));
}

TEST_F(Secondaries, OneThatIsUnknownOnDevIsWarnedOf) {
  Workspace w;
  write(w, {"", "effect >= 5pp"});
  std::map<std::string, Placed const*> by_key;
  for (auto const& row : rows()) by_key[row.row.key] = &row;
  std::string out;
  std::size_t lost = 0;
  for (auto line : json_lines(w.read("new.jsonl"))) {
    auto const& row = *by_key.at(line.at("key"));
    if (row.part == "dev" && among_first(row, .1)) {
      ++lost;
      for (auto& output : line.at("outputs")) output = output.get<std::string>() + " unreadable";
    }
    out += line.dump() + "\n";
  }
  w.write("new.jsonl", out);
  auto const outcome = run(w, {"--until", "dev"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr(fmt::format(
                               "{} of 300 dev rows have no score by `polite` for `new`: of a metric that "
                               "is not known on 98% of the rows nothing is shown\n",
                               lost)));
}

// The guide's example, run as it stands there.
TEST(SecondariesInTheGuide, AreHeldAgainstTheirFloor) {
  std::stringstream page;
  page << std::ifstream(ITERA_SOURCE_DIR "/docs/guide.md").rdbuf();
  auto const guide = page.str();
  auto const from = guide.find("metric accuracy using exact\nalso "), rule = guide.find("ship when ", from);
  ASSERT_NE(from, guide.npos);
  Spec spec;
  spec.metric = guide.substr(from + 7, rule - from - 7);
  spec.rule = guide.substr(rule + 10, guide.find("```", rule) - rule - 10);
  Workspace w;
  write_recorded(
      w, placed(make_rows(600)), [](auto const& r) { return among_first(r, .6); },
      [](auto const& r) { return among_first(r, .75); }, spec);
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
  EXPECT_THAT(w.read("exp/conclusion.md"),
              HasSubstr("| loosely | new | 75.0% | +15.0pp | [+8.0pp, +21.5pp] | 120 | 0 | >= -1pp by "
                        "interval | pass |\n"));
  auto const planned = w.itera({"plan", "x.itera"});
  EXPECT_THAT(planned.out, HasSubstr("\nalso loosely by exact "));
  EXPECT_THAT(planned.out, HasSubstr(", of every judged answer\n"));
  EXPECT_THAT(planned.out, HasSubstr("\n  C7  loosely >= -1pp by interval\n"));
}

}  // namespace
}  // namespace itera::test
