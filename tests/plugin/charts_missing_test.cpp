// What the charts say of evidence that lacks something, fails a clause, or cannot be drawn.
#include "tests/plugin/charts.hpp"

namespace itera::tests {
namespace {

TEST(ReporterCharts, WhatIsMissingLeavesItsMarkAwayAndIsSaid) {
  auto const contains = [](Json const& data, std::string const& kind, std::string const& sentence) {
    auto const seen = texts(svg(data, kind));
    EXPECT_NE(seen.find(sentence), std::string::npos) << sentence << "\nis not said in\n" << seen;
  };
  auto const foreign = fixture("foreign");
  contains(foreign, "forest-plot",
           "default floor \xE2\x88\x92"
           "2pp");
  contains(foreign, "forest-plot", "This file has its rule as prose only");
  contains(foreign, "forest-plot", "A mark without a line: the data has no interval for it.");
  contains(foreign, "forest-plot", "The data has no effect of prompt-v4 (never finished).");
  contains(foreign, "arm-bar", "Not shown, because `arms` does not name it: variance_trials.v5.");
  contains(foreign, "cost-vs-accuracy", "The data has no score of prompt-v4 (never finished).");
  contains(foreign, "cost-vs-accuracy", "The data has no interval of the costs.");
  contains(fixture("edge"), "forest-plot", "An arrow head: the interval goes on beyond the axis");
  contains(fixture("edge"), "forest-plot", "Dotted: the floor of each slice.");
  contains(fixture("edge"), "forest-plot", "n/a: the data has no effect.");
  contains(fixture("edge"), "arm-bar", "n/a: one trial, so no error bar.");
  contains(fixture("edge"), "cost-vs-accuracy", "cost not reported");
  contains(fixture("fine"), "arm-bar", "The axis does not begin at zero.");
  contains(fixture("costs"), "arm-bar", "The data has no trials: no error bars.");
  contains(fixture("costs"), "cost-vs-accuracy", "Vertical lines: 95% interval of the arm&#39;s own score.");
  contains(fixture("costs"), "cost-vs-accuracy", "Horizontal lines: 95% interval of the mean cost.");
  contains(fixture("costs"), "cost-vs-accuracy", "cost per 1,000 rows, USD (logarithmic)");

  auto bare = foreign;
  bare["experiment"] = nullptr;
  bare.erase("slices");
  bare["test_set_aggregate"].erase("baseline");
  bare["variance_trials"] = nullptr;
  contains(bare, "forest-plot", "The data has no threshold.");
  contains(bare, "arm-bar",
           "The data has no score of the baseline, so neither it nor the threshold is drawn.");
  contains(bare, "cost-vs-accuracy", "The data has no interval of the scores.");
}

// What colours mean is said in words, too.
TEST(ReporterCharts, RowsAreJudgedByTheRegisteredClauses) {
  auto const words = [](Json const& data) {
    std::string out;
    auto const document = svg(data, "forest-plot");
    std::regex const row("<g><title>([^:]*): [^<]*; ([^;<]*)</title>");
    for (std::sregex_iterator at(document.begin(), document.end(), row), end; at != end; ++at)
      out += (*at)[1].str() + ": " + (*at)[2].str() + "\n";
    return out;
  };
  EXPECT_EQ(words(fixture("router")),
            "classifier, all rows: holds\n"
            "classifier, tier=enterprise: holds\n"
            "classifier, tier=smb: holds\n"
            "classifier, language=de: holds\n"
            "classifier, language=ja: loss not excluded\n"
            "retrieval, all rows: holds\n"
            "retrieval, tier=enterprise: holds\n"
            "retrieval, tier=smb: fails C4\n"
            "retrieval, language=de: holds\n"
            "retrieval, language=ja: loss not excluded\n"
            "large_model, all rows: unmoved\n"
            "large_model, tier=enterprise: floor \xE2\x88\x92"
            "2pp\n"
            "large_model, tier=smb: floor \xE2\x88\x92"
            "2pp\n"
            "large_model, language=de: floor \xE2\x88\x92"
            "2pp\n"
            "large_model, language=ja: floor \xE2\x88\x92"
            "2pp\n");
  EXPECT_EQ(words(fixture("foreign")),
            "prompt-v2 (+ vendor history), all rows: holds\n"
            "prompt-v2 (+ vendor history), EU vendors (n=40): holds\n"
            "prompt-v2 (+ vendor history), US vendors (n=40): holds\n"
            "prompt-v3 (+ vendor history + amounts), all rows: below threshold\n"
            "prompt-v3 (+ vendor history + amounts), EU vendors (n=40): holds\n"
            "prompt-v3 (+ vendor history + amounts), US vendors (n=40): loss not excluded\n"
            "prompt-v3 (+ vendor history + amounts), apac: below floor\n");
  auto moved = fixture("router");
  moved["arm_verdicts"]["large_model"]["outcome"] = "moved";
  auto const before = count_of(svg(fixture("router"), "forest-plot"), "itera-fail-text");
  EXPECT_EQ(count_of(svg(moved, "forest-plot"), "itera-fail-text"), before + 1);
}

// What a control does is no choice: the front is that of the arms that may ship, as in conclusion.md.
TEST(ReporterCharts, AControlIsNeitherOnTheFrontNorBeforeAnArm) {
  auto const drawn_with = [](double score, double cost) {
    auto data = fixture("router");
    data["test_set_aggregate"]["large_model"] = score;
    data["arms"][3]["cost_per_1k_usd"] = cost;
    return svg(data, "cost-vs-accuracy");
  };
  for (auto const& document : {drawn_with(0.70, 4.4), drawn_with(0.82, 0.25)}) {
    EXPECT_EQ(count_of(document, "; on the Pareto front</title>"), 2U);
    EXPECT_EQ(count_of(document, "large_model, a control: "), 2U);  // the mark and the description
    EXPECT_EQ(count_of(document, "\xC2\xB7 control"), 1U);
  }
}

// The longest outcome under a short name stays left of the bars.
TEST(ReporterCharts, AnOutcomeDoesNotReachIntoTheBars) {
  auto data = fixture("router");
  for (auto& arm : data["arms"]) arm["name"] = "a" + std::to_string(arm["id"].get<std::string>().size());
  for (auto& verdict : data["arm_verdicts"]) verdict["outcome"] = "ship";
  auto const axis_of = [](std::string const& document) {
    std::smatch found;
    std::regex const zero("<text[^>]* x=\"([0-9.]+)\"[^>]*>0%</text>");
    return std::regex_search(document, found, zero) ? std::stod(found[1].str()) : -1;
  };
  auto const before = axis_of(svg(data, "arm-bar"));
  ASSERT_GT(before, 0);
  data["arm_verdicts"]["classifier"]["outcome"] = "inconclusive";
  EXPECT_GT(axis_of(svg(data, "arm-bar")), before + 10);
}

// A share of the baseline's score comes out with many digits.
TEST(ReporterCharts, AThresholdHasFourDigitsAtMost) {
  auto data = fixture("router");
  data["experiment"]["threshold_pct"] = 22.44295302013423;
  for (auto const* kind : {"arm-bar", "forest-plot", "cost-vs-accuracy"})
    EXPECT_NE(svg(data, kind).find("+22.44pp"), std::string::npos) << kind;
}

TEST(ReporterCharts, WhatCannotBeDrawnIsRefusedWithItsPlace) {
  auto const with = [](char const* pointer, Json value) {
    auto data = fixture("router");
    data[Json::json_pointer(pointer)] = std::move(value);
    return data;
  };
  std::string const help = " | docs/charts.md has the members that the charts read";
  auto const says = [&](std::string const& what) { return "reporter `charts`: " + what + help; };
  EXPECT_EQ(refusal(Json::array()), says("the data must be a JSON object, as in data.json"));
  EXPECT_EQ(refusal(with("/effect_sizes/retrieval/aggregate/delta", "6pp")),
            says("`effect_sizes.retrieval.aggregate.delta` must be a number, not string"));
  EXPECT_EQ(
      refusal(with("/effect_sizes/retrieval/per_slice/tier=smb/ci_low", -9.2)),
      says("`effect_sizes.retrieval.per_slice.tier=smb.ci_low` is -9.2, but scores and effects are fractions "
           "between -1 and 1: 0.089 is 8.9pp"));
  EXPECT_EQ(refusal(with("/effect_sizes/retrieval/per_slice/tier=smb/ci_low", 0.5)),
            says("`effect_sizes.retrieval.per_slice.tier=smb.ci_low` is greater than `ci_high`"));
  EXPECT_EQ(refusal(with("/effect_sizes", Json::array())),
            says("`effect_sizes` must be an object, not array"));
  EXPECT_EQ(
      refusal(with("/experiment/threshold_pct", 500)),
      says("`experiment.threshold_pct` is 500, but a threshold lies between -100 and 100 percentage points"));
  EXPECT_EQ(refusal(with("/experiment/test_set_n", -1)),
            says("`experiment.test_set_n` is -1, but a number of rows lies between 0 and 1e12"));
  EXPECT_EQ(refusal(with("/experiment/name", 7)), says("`experiment.name` must be a text, not 7"));
  EXPECT_EQ(refusal(with("/arms", "two")), says("`arms` must be an array, not string"));
  EXPECT_EQ(refusal(with("/arms/1", "two")), says("`arms[1]` must be an object, not string"));
  EXPECT_EQ(refusal(with("/arms/1/id", nullptr)), says("`arms[1]` has no `id`"));
  EXPECT_EQ(refusal(with("/arms/1/id", "keywords")),
            says("`arms[1].id` is `keywords`, as is that of an arm before"));
  EXPECT_EQ(refusal(with("/arms/1/control", "yes")),
            says("`arms[1].control` must be true or false, not string"));
  EXPECT_EQ(refusal(with("/arms/1/cost_per_1k_usd", -3)),
            says("`arms[1].cost_per_1k_usd` is -3, but a cost lies between 0 and 1e9 USD"));
  EXPECT_EQ(refusal(with("/slices/0", Json::object())), says("`slices[0]` has no `id`"));
  EXPECT_EQ(refusal(with("/variance_trials/keywords", 0.7)),
            says("`variance_trials.keywords` must be an array, not 0.7"));
  EXPECT_EQ(refusal(with("/variance_trials/keywords/1", 71)),
            says("`variance_trials.keywords[1]` is 71, but scores and effects are fractions between -1 and "
                 "1: 0.089 is "
                 "8.9pp"));
  EXPECT_EQ(refusal(with("/arm_verdicts/retrieval/checks", 1)),
            says("`arm_verdicts.retrieval.checks` must be an array, not 1"));
  EXPECT_EQ(refusal(with("/arms", Json::array())),
            "reporter `charts`: `arms` names no arm | it holds {id, name, cost_per_1k_usd} of each; the "
            "baseline stands "
            "first");
  Json many = Json::array();
  for (int i = 0; i < 13; ++i) many.push_back({{"id", std::to_string(i)}});
  EXPECT_EQ(refusal(with("/arms", many)), "reporter `charts`: `arms` has 13 arms | at most 12 can be drawn");
}

TEST(ReporterCharts, NothingToShowIsSaid) {
  Json const empty = {{"arms", {{{"id", "a"}}, {{"id", "b"}}}}};
  EXPECT_EQ(
      refusal(empty, "arm-bar"),
      "reporter `charts`: the data has no score to plot | `test_set_aggregate` holds the score of each arm, "
      "`variance_trials` that of each trial");
  EXPECT_EQ(
      refusal(empty, "cost-vs-accuracy"),
      "reporter `charts`: the data has no score to plot | `test_set_aggregate` holds the score of each arm, "
      "`arms[].cost_per_1k_usd` its cost");
  EXPECT_EQ(
      refusal(empty, "forest-plot"),
      "reporter `charts`: the data has no effect to plot | `effect_sizes` holds {aggregate: {delta, ci_low, "
      "ci_high}, per_slice} of each arm");
  auto wide = fixture("router");
  for (int i = 0; i < 501; ++i)
    wide["effect_sizes"]["classifier"]["per_slice"]["s" + std::to_string(i)] = {{"delta", 0}};
  EXPECT_EQ(refusal(wide),
            "reporter `charts`: 516 rows are too many for one forest plot | at most 500 can be drawn");
  auto const broken = report("{\"arms\": [", settings({"svg"}));
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().what, "reporter `charts`: the evidence is not JSON");
}

// Such an experiment shows nothing of its test; that is no fault of the report.
TEST(ReporterCharts, AnInvalidExperimentHasNoCharts) {
  auto data = fixture("router");
  for (auto const* part : {"test_set_aggregate", "variance_trials", "effect_sizes"}) data.erase(part);
  data["verdict"]["outcome"] = "invalid";
  EXPECT_TRUE(drawn(data, settings({"svg", "png"})).empty());
}

}  // namespace
}  // namespace itera::tests
