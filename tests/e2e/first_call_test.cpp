// The first call fills a cache and costs fifty times what each further one costs. It is no arm's cost: not in
// a guard, not in what the conclusion quotes. It is not hidden either.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/support/experiment.hpp"

namespace itera::test {
namespace {

// Answers rightly on the first `right` of every 200 rows. The call that finds the file `cold` costs fifty
// times `cost`, and takes the file away.
std::string cached_arm(int right, std::string const& cold, double cost) {
  return fmt::format(R"(import json, os, sys
for line in sys.stdin:
    request = json.loads(line)
    number = int(request["input"]["text"].split("tok")[1][:5])
    answer = "abc"[(number - 13) // 7 // 10 % 3] if (number - 13) // 7 % 200 < {} else "wrong"
    cost = {}
    try:
        os.remove("{}")
        cost *= 50
    except FileNotFoundError:
        pass
    print(json.dumps({{"id": request["id"], "output": answer, "cost_usd": cost}}), flush=True)
)",
                     right, cost, cold);
}

struct Costs {
  double old_usd, new_usd;
};

// An arm that gains thirty points over all rows. The caches that are named are cold when test begins.
class TheFirstCall : public ::testing::Test {
 protected:
  Outcome conclude(Costs costs, std::vector<std::string> const& cold, std::string const& guard) {
    Spec spec;
    spec.baseline = "using process { ref \"rules.py:1\"  deterministic  " + program("old.py") + " }";
    spec.arms = "arm new from old \"more words\" { deterministic  " + program("new.py") + " }";
    spec.rule = "effect >= 5pp and " + guard;
    w.write("rows.csv", csv(make_rows(200)));
    w.write("old.py", cached_arm(120, "cold_old", costs.old_usd));
    w.write("new.py", cached_arm(180, "cold_new", costs.new_usd));
    w.write("x.itera", spec.text());
    auto const before = run(w, {"--until", "dev", "--workers", "1"});
    EXPECT_EQ(before.code, 0) << before.err;
    for (auto const& file : cold) w.write(file, "");
    auto const outcome = run(w, {"--workers", "1"});
    for (auto const& file : cold) EXPECT_FALSE(w.has(file)) << "a call of test found its cache cold";
    return outcome;
  }

  Json arm(std::size_t i) const { return data(w).at("arms").at(i); }
  // Both figures stand in the conclusion, and no other is quoted.
  void expect_quoted(std::vector<std::string> const& there, std::vector<std::string> const& not_there) const {
    auto const text = w.read("exp/conclusion.md");
    for (auto const& quoted : there)
      EXPECT_NE(text.find(quoted), std::string::npos) << "`" << quoted << "` is not in:\n" << text;
    for (auto const& quoted : not_there)
      EXPECT_EQ(text.find(quoted), std::string::npos) << "`" << quoted << "` is in:\n" << text;
  }

  Json guard() const { return data(w).at("arm_verdicts").at("new").at("guards").at(0); }

  Workspace w;
};

// By first calls the arm is 25 times as dear as the baseline's steady cost, by the mean over all 40 calls
// still dearer than it. In truth it halves the cost, which is what the rule asks for.
TEST_F(TheFirstCall, DoesNotMakeACheapArmDear) {
  auto const outcome = conclude({.001, .0005}, {"cold_new"}, "cost <= -40%");
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
  EXPECT_NEAR(arm(1).at("cost_per_1k_usd").get<double>(), .5, 1e-9);
  EXPECT_NEAR(arm(1).at("cost_first_call_usd").get<double>(), .025, 1e-12);
  EXPECT_NEAR(guard().at("change").get<double>(), -.5, 1e-9);
  // Per 1k rows the first call would be $25, the mean over all calls $1.1.
  expect_quoted({"| arm | score | cost per 1k rows | the first call, apart | on the Pareto front |",
                 "| $0.5 | $0.025 | yes |", "$0.001 a row -> $0.0005 a row, -50.0%",
                 "first calls apart: $0.001 a row and $0.025 a row"},
                {"$25", "$1.1"});
}

// By first calls, and by the mean over all calls, the arm is cheaper than what is deployed. In truth it costs
// half as much again, which the rule forbids: it must not ship.
TEST_F(TheFirstCall, DoesNotMakeADearArmCheap) {
  auto const outcome = conclude({.001, .0015}, {"cold_old"}, "cost <= +20%");
  EXPECT_EQ(outcome.code, 20) << outcome.out << outcome.err;
  auto const evidence = data(w);
  for (auto const* id : {"C0", "C1", "C2", "C3"})
    EXPECT_EQ(check_of(evidence, "new", id).at("status"), "pass") << id;
  EXPECT_EQ(check_of(evidence, "new", "C7").at("status"), "fail");
  EXPECT_EQ(evidence.at("verdict").at("decided_by"), "C7");
  EXPECT_NEAR(arm(0).at("cost_per_1k_usd").get<double>(), 1, 1e-9);
  EXPECT_NEAR(arm(0).at("cost_first_call_usd").get<double>(), .05, 1e-12);
  EXPECT_NEAR(guard().at("change").get<double>(), .5, 1e-9);
  // Per 1k rows the first call would be $50, the mean over all calls $2.2.
  expect_quoted({"| $1 | $0.05 | yes |", "| $1.5 | $0.0015 | yes |", "$0.001 a row -> $0.0015 a row, +50.0%",
                 "first calls apart: $0.05 a row and $0.0015 a row"},
                {"$50", "$2.2"});
}

}  // namespace
}  // namespace itera::test
