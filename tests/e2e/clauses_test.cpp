// Rules with a relative threshold, non-inferiority, `by interval`, guards on cost and latency, and control
// arms, through the program: clauses.expect holds what it says and the clauses line by line.
// ITERA_UPDATE_GOLDENS=1 rewrites it. Whatever the rule, the numbers of data.json alone give the same verdict
// again.
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/support/experiment.hpp"
#include "tests/support/programs.hpp"

namespace itera::test {
namespace {

constexpr auto kGolden = ITERA_SOURCE_DIR "/tests/e2e/clauses.expect";

// What the calls of a recorded arm cost and took; nothing of what is not recorded.
struct Price {
  std::optional<double> cost, latency;
  double spread = 0;  ///< of the rows, as a share
};

void price(Workspace const& w, std::string const& file, Price const& price) {
  std::string out;
  unsigned row = 0;
  for (auto line : json_lines(w.read(file))) {
    auto const factor = 1 + price.spread * (row++ * 7 % 13 / 6.0 - 1);
    line.erase("cost_usd");
    if (price.cost) line["cost_usd"] = *price.cost * factor;
    if (price.latency) line["latency_ms"] = *price.latency * factor;
    out += line.dump() + "\n";
  }
  w.write(file, out);
}

struct Story {
  std::string name, rule;
  double right = .75;  ///< share of rows that `new` has right, where `old` has six tenths
  Price old_price = {.0005, 20, 0}, new_price = {.0005, 20, 0};
  std::optional<double> control{};  ///< share that a control has right
  int code = 0;
};

std::vector<Story> stories() {
  return {
      {"a share of the baseline's score that is reached", "effect >= 10%\n and every tier >= -2%", .75},
      {"a share that is excluded", "effect >= 40%", .65, {}, {}, {}, 20},
      {"no worse, and cheaper", "effect >= -5pp and cost <= -50%", .61, {.0005, 20, .2}, {.0002, 20, .2}},
      {"no worse, but no cheaper",
       "effect >= -5pp and cost <= -50%",
       .61,
       {.0005, 20, .2},
       {.0005, 20, .2},
       {},
       20},
      {"worse by more than the rule allows",
       "effect >= -5pp and cost <= -50%",
       .4,
       {},
       {.0001, 20, 0},
       {},
       20},
      {"by interval, and reached", "effect >= 5pp by interval", .8},
      {"by interval, and not reached", "effect >= 5pp by interval", .68, {}, {}, {}, 30},
      {"guards that hold",
       "effect >= 5pp and cost <= +60% and latency <= -20% and latency p95 <= +10%",
       .75,
       {.0005, 20, .2},
       {.0006, 10, .2}},
      {"a guard on cost that fails",
       "effect >= 5pp and cost <= +60%",
       .75,
       {.0005, 20, .2},
       {.0012, 20, .2},
       {},
       20},
      {"a guard on latency of which nothing is known",
       "effect >= 5pp and latency <= +10%",
       .75,
       {.0005, {}, 0},
       {.0005, {}, 0},
       {},
       30},
      {"a control that did not move", "effect >= 10pp and every tier >= -2pp", .75, {}, {}, .61},
      {"a control of which nothing is shown", "effect >= 5pp and every tier >= -2pp", .75, {}, {}, .61},
      {"a control that moved", "effect >= 5pp and every tier >= -2pp", .75, {}, {}, .8},
  };
}

class Clauses : public ::testing::Test {
 protected:
  static std::vector<Placed> const& rows() {
    static auto const all = placed(make_rows(600));
    return all;
  }

  static void write(Workspace const& w, Story const& story) {
    Spec spec;
    spec.rule = story.rule;
    if (story.control)
      spec.clauses +=
          "\n  report using markdown\n  report using html\n  report using charts { formats = [\"svg\"]  "
          "kinds = "
          "[\"forest-plot\"] }";
    if (story.control)
      spec.arms +=
          "\n  control bigger from old \"a larger model\" { deterministic  path = \"bigger.jsonl\" }";
    auto const right = [](double share) {
      return [share](Placed const& r) { return among_first(r, share); };
    };
    if (story.control) {
      write_recorded(w, rows(), right(.6), right(*story.control), spec);
      w.write("bigger.jsonl", w.read("new.jsonl"));
    }
    write_recorded(w, rows(), right(.6), right(story.right), spec);
    price(w, "old.jsonl", story.old_price);
    price(w, "new.jsonl", story.new_price);
  }

  static std::string clauses(Json const& evidence) {
    std::string out;
    for (auto const& c : evidence.at("arm_verdicts").at("new").at("checks"))
      if (c.at("id") != "C0" && c.at("id") != "C5" && c.at("id") != "C6")
        out += fmt::format("  {}  {}  {}: {}\n", c.at("id").get<std::string>(),
                           c.at("status").get<std::string>(), c.at("clause").get<std::string>(),
                           c.at("evidence").get<std::string>());
    return out;
  }
};

TEST_F(Clauses, ComeOutAndAreSaidAsInTheGolden) {
  std::string now;
  for (auto const& story : stories()) {
    Workspace w;
    write(w, story);
    auto const outcome = run(w);
    EXPECT_EQ(outcome.code, story.code) << story.name << '\n' << outcome.out << outcome.err;
    auto const evidence = data(w);
    now += fmt::format("# {}\n\nship when {}\n\n{}\n{}\n", story.name, story.rule, outcome.out,
                       clauses(evidence));
    now += fmt::format("in short: {}\n\n", evidence.at("verdict").at("summary").get<std::string>());
    if (story.control) {
      auto const control = evidence.at("controls").at("bigger");
      now += fmt::format("control: {}: {}\n\n", control.at("reading").get<std::string>(),
                         control.at("evidence").get<std::string>());
      EXPECT_FALSE(evidence.at("arm_verdicts").contains("bigger"));
      auto const conclusion = w.read("exp/conclusion.md");
      EXPECT_NE(conclusion.find("### Controls"), std::string::npos);
      EXPECT_NE(conclusion.find("control: a larger model"), std::string::npos);
      auto const reading = control.at("reading").get<std::string>();
      EXPECT_NE(conclusion.find("control: " + reading), std::string::npos);
      auto const page = w.read("exp/conclusion.html");
      EXPECT_NE(page.find("<h3>Controls</h3>"), std::string::npos);
      EXPECT_NE(page.find(reading + "</span>"), std::string::npos);
      EXPECT_NE(w.read("exp/charts/forest-plot.svg").find(reading), std::string::npos);
    }
    auto const again = w.itera({"verdict", "--data", "exp/data.json"});
    EXPECT_EQ(again.code, story.code) << again.out << again.err;
    EXPECT_NE(again.out.find("decided again it is the same\n"), std::string::npos) << story.name << again.out;
    EXPECT_NE(again.out.find("lint        the file agrees with itself\n"), std::string::npos)
        << story.name << again.out;
    EXPECT_EQ(again.out.find("not assessed"), std::string::npos) << story.name << again.out;
  }
  if (auto const* update = std::getenv("ITERA_UPDATE_GOLDENS"); update && *update) {
    std::ofstream(kGolden) << now;
    return;
  }
  std::stringstream golden;
  golden << std::ifstream(kGolden).rdbuf();
  EXPECT_EQ(now, golden.str()) << "ITERA_UPDATE_GOLDENS=1 rewrites " << kGolden;
}

// Programs have latencies that nobody wrote down before: the first call of each stands apart.
TEST_F(Clauses, AGuardOnLatencyIsMeasuredOnPrograms) {
  Workspace w;
  Spec spec;
  spec.baseline = "using process { ref \"rules.py:1\"  deterministic  " + program("old.py") + " }";
  spec.arms = "arm new from old \"more words\" { deterministic  " + program("new.py") + " }";
  spec.rule = "effect >= 5pp and latency <= +10000%";
  spec.clauses += "\n  report using markdown\n  report using html";
  w.write("rows.csv", csv(make_rows(200)));
  w.write("old.py", python_arm(right_on(400)));
  w.write("new.py", python_arm(right_on(950)));
  w.write("x.itera", spec.text());
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
  auto const evidence = data(w);
  auto const guard = evidence.at("arm_verdicts").at("new").at("guards").at(0);
  EXPECT_EQ(guard.at("status"), "pass") << guard;
  EXPECT_EQ(guard.at("reproducible"), false);
  EXPECT_NE(check_of(evidence, "new", "C7")
                .at("evidence")
                .get<std::string>()
                .find("as measured in this run: not reproducible, and in no digest"),
            std::string::npos);
  auto const latency = evidence.at("meta").at("latency").at("new");
  EXPECT_EQ(latency.at("calls"), 39) << "40 test rows, without the first call";
  EXPECT_GT(latency.at("first_ms"), 0);
  EXPECT_LE(latency.at("p50_ci_low_ms"), latency.at("p50_ms"));
  EXPECT_GE(latency.at("p50_ci_high_ms"), latency.at("p50_ms"));
  EXPECT_TRUE(latency.at("p95_ci_high_ms").is_null()) << "39 calls have no bound of their 95% quantile";
  EXPECT_NE(w.read("exp/conclusion.md").find("the first call, apart,"), std::string::npos);
}

}  // namespace
}  // namespace itera::test
