// data.json keeps its schema, and its numbers are those of the records: recomputed here from rows.jsonl
// alone.
#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "tests/support/experiment.hpp"

namespace itera::test {
namespace {

class Evidence : public ::testing::Test {
 protected:
  void SetUp() override {
    auto const rows = unplaced(make_rows(300));
    Spec spec;
    spec.baseline = R"(using recorded { ref "rules.py:1"  path = "old.jsonl" })";
    spec.arms = R"(arm new from old "more words" { path = "new.jsonl" })";
    spec.arms += "\n  arm other from new \"other words\" { path = \"other.jsonl\" }";
    spec.report = "report using markdown\n  report using html";
    write_recorded(
        w, rows, [](auto const&) { return true; }, [](auto const&) { return false; }, spec);
    auto const trials = [&](std::size_t modulus) {
      return recording(make_rows(300), 3, [=](Row const& row, unsigned trial) {
        auto const number = static_cast<std::size_t>(std::stoi(row.key.substr(1)));
        return (number * 13 + trial * 5) % 30 < modulus ? row.answer : std::string("wrong");
      });
    };
    w.write("old.jsonl", trials(15));
    w.write("new.jsonl", trials(22));
    w.write("other.jsonl", trials(24));
    auto const outcome = run(w);
    ASSERT_TRUE(w.has("exp/data.json")) << outcome.err;
    evidence = data(w);
    for (auto const& line : json_lines(w.read("exp/rows.jsonl")))
      (line.at("split") == "test" ? test : dev).push_back(line);
  }

  // Mean score over the lines that are meant.
  static double mean(std::vector<Json> const& lines, std::function<bool(Json const&)> const& meant) {
    double sum = 0, n = 0;
    for (auto const& line : lines)
      if (meant(line)) {
        sum += line.at("score").get<double>();
        ++n;
      }
    return sum / n;
  }

  Workspace w;
  Json evidence;
  std::vector<Json> dev, test;
};

TEST_F(Evidence, HasTheKeysOfItsSchema) {
  for (auto const* key : {"experiment", "arms", "slices", "failure_modes", "severity", "variance_trials",
                          "test_set_aggregate", "test_set_per_slice", "effect_sizes", "verdict", "rule"})
    EXPECT_TRUE(evidence.contains(key)) << key;
  auto const& x = evidence.at("experiment");
  EXPECT_EQ(x.at("name"), "router");
  EXPECT_EQ(x.at("question"), "Do the new rules sort better?");
  EXPECT_EQ(x.at("metric"), "accuracy");
  EXPECT_EQ(x.at("threshold_pct"), 5.0) << "in percentage points";
  EXPECT_TRUE(x.at("threshold_rule").is_string());
  EXPECT_EQ(x.at("test_set_n"), 60);
  EXPECT_EQ(x.at("trials_per_arm"), 3);
  ASSERT_EQ(evidence.at("arms").size(), 3U);
  EXPECT_EQ(evidence.at("arms")[0].at("id"), "old") << "the baseline first";
  for (auto const& arm : evidence.at("arms")) {
    EXPECT_TRUE(arm.at("name").is_string());
    EXPECT_NEAR(arm.at("cost_per_1k_usd").get<double>(), .5, 1e-9);
  }
  for (auto const& slice : evidence.at("slices")) EXPECT_EQ(slice.at("id"), slice.at("name"));
  EXPECT_EQ(evidence.at("slices").size(), 2U);
  for (auto const* key : {"registered_at_phase_2", "categories", "test_set_counts"})
    EXPECT_TRUE(evidence.at("failure_modes").contains(key)) << key;
  for (auto const* key : {"winner", "killed", "rationale"})
    EXPECT_TRUE(evidence.at("verdict").contains(key)) << key;
}

TEST_F(Evidence, TheRecordsHoldEveryCellOnceAndNoText) {
  EXPECT_EQ(test.size(), 60U * 3 * 3);
  EXPECT_EQ(dev.size(), 150U * 3 * 3);
  std::set<std::string> cells;
  for (auto const& line : test) {
    cells.insert(line.at("key").get<std::string>() + line.at("arm").get<std::string>() +
                 line.at("trial").dump());
    EXPECT_FALSE(line.contains("input"));
    EXPECT_FALSE(line.contains("output"));
    for (auto const* field :
         {"ending", "slices", "class", "entity", "weight", "failures", "cost_usd", "tokens", "error"})
      ASSERT_TRUE(line.contains(field)) << field;
  }
  EXPECT_EQ(cells.size(), test.size());
}

TEST_F(Evidence, TheHtmlReportFindsTheRecordsAndDataJsonDoesNotSayWhereTheyAre) {
  auto const html = w.read("exp/conclusion.html");
  EXPECT_NE(html.find("Showing 210 of 210 rows"), std::string::npos) << html.substr(0, 2000);
  EXPECT_FALSE(evidence.contains("records"));
  EXPECT_EQ(html.find(w.path().string()), std::string::npos) << "nor does the page";
}

TEST_F(Evidence, AggregatesAreTheMeansOfTheRecords) {
  for (std::string const arm : {"old", "new", "other"}) {
    auto const of_arm = [&](Json const& line) { return line.at("arm") == arm; };
    EXPECT_NEAR(evidence.at("test_set_aggregate").at(arm).get<double>(), mean(test, of_arm), 1e-12) << arm;
    EXPECT_NEAR(evidence.at("dev").at("scores").at(arm).get<double>(), mean(dev, of_arm), 1e-12) << arm;
    ASSERT_EQ(evidence.at("variance_trials").at(arm).size(), 3U);
    for (int trial = 0; trial < 3; ++trial)
      EXPECT_NEAR(evidence.at("variance_trials").at(arm)[static_cast<std::size_t>(trial)].get<double>(),
                  mean(test, [&](Json const& line) { return of_arm(line) && line.at("trial") == trial; }),
                  1e-12);
  }
}

TEST_F(Evidence, SlicesAreTheMeansOfTheirRecords) {
  for (std::string const arm : {"old", "new", "other"})
    for (std::string const tier : {"ent", "smb"})
      EXPECT_NEAR(evidence.at("test_set_per_slice").at(arm).at("tier=" + tier).get<double>(),
                  mean(test,
                       [&](Json const& line) {
                         return line.at("arm") == arm && line.at("slices").at("tier") == tier;
                       }),
                  1e-12)
          << arm << " " << tier;
}

TEST_F(Evidence, EffectsAreDifferencesToTheBaselineWithAnIntervalAroundThem) {
  auto const& scores = evidence.at("test_set_aggregate");
  auto const& slices = evidence.at("test_set_per_slice");
  auto const expect_interval = [](Json const& effect, double delta) {
    EXPECT_NEAR(effect.at("delta").get<double>(), delta, 1e-12);
    EXPECT_LT(effect.at("ci_low").get<double>(), delta);
    EXPECT_GT(effect.at("ci_high").get<double>(), delta);
    EXPECT_GE(effect.at("ci_low").get<double>(), -1);
    EXPECT_LE(effect.at("ci_high").get<double>(), 1) << "a fraction, not points";
  };
  for (std::string const arm : {"new", "other"}) {
    auto const& effects = evidence.at("effect_sizes").at(arm);
    expect_interval(effects.at("aggregate"), scores.at(arm).get<double>() - scores.at("old").get<double>());
    for (std::string const slice : {"tier=ent", "tier=smb"})
      expect_interval(effects.at("per_slice").at(slice),
                      slices.at(arm).at(slice).get<double>() - slices.at("old").at(slice).get<double>());
  }
  EXPECT_FALSE(evidence.at("effect_sizes").contains("old"));
  // What the second arm changes is its step from the first, and only that.
  auto const& own = evidence.at("effect_sizes").at("other").at("against_parent");
  EXPECT_EQ(own.at("parent"), "new");
  EXPECT_NEAR(own.at("delta").get<double>(),
              scores.at("other").get<double>() - scores.at("new").get<double>(), 1e-12);
  EXPECT_FALSE(evidence.at("effect_sizes").at("new").contains("against_parent"));
}

// The same records in the conclusion: what people read is what machines read.
TEST_F(Evidence, TheConclusionSaysTheSame) {
  auto const text = w.read("exp/conclusion.md");
  for (auto const* heading :
       {"## 1. In short", "## 2. Question", "## 3. Arms", "## 4. Metric and rule", "## 5. Dev",
        "## 6. Iterations", "## 7. Test", "## 8. Verdict", "## 9. Self-audit"})
    EXPECT_NE(text.find(heading), std::string::npos) << heading;
  EXPECT_NE(text.find(evidence.at("verdict").at("rationale").get<std::string>()), std::string::npos);
  for (auto const& id : {"C0", "C1", "C2", "C3", "C4", "C5"})
    EXPECT_NE(text.find(std::string("\n| ") + id + " | "), std::string::npos) << id;
}

TEST_F(Evidence, TheDigestsAreThoseOfTheLedger) {
  auto const ledger = json_lines(w.read("exp/ledger.jsonl"));
  EXPECT_EQ(evidence.at("digests").at("ledger"), ledger.back().at("digest"));
  EXPECT_EQ(evidence.at("digests").at("frame"), entries(w, "framed").front().at("body").at("frame_digest"));
  EXPECT_EQ(evidence.at("digests").at("plan"), entries(w, "registered").front().at("body").at("plan_digest"));
  for (std::size_t i = 1; i < ledger.size(); ++i) EXPECT_EQ(ledger[i].at("prev"), ledger[i - 1].at("digest"));
}

}  // namespace
}  // namespace itera::test
