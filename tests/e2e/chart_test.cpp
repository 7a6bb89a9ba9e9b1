#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/experiment.hpp"

namespace itera::test {
namespace {

std::string const kFiles = ITERA_SOURCE_DIR "/tests/data/charts/";
constexpr char const* kKinds[] = {"arm-bar", "forest-plot", "cost-vs-accuracy"};

// A finished experiment whose spec says nothing of reports.
class Chart : public ::testing::Test {
 protected:
  static void finish(Workspace const& w, std::string const& report = "") {
    Spec spec;
    spec.report = report;
    auto const rows = placed(make_rows(600), spec);
    write_recorded(
        w, rows, [](auto const& r) { return among_first(r, 0.6); },
        [](auto const& r) { return among_first(r, 0.8); }, spec);
    ASSERT_EQ(run(w).code, 0);
  }
  Workspace w;
};

TEST_F(Chart, AVerdictComesWithItsPictures) {
  finish(w);
  auto const conclusion = w.read("exp/conclusion.md");
  for (std::string const kind : kKinds) {
    EXPECT_TRUE(w.has("exp/charts/" + kind + ".svg")) << kind;
    EXPECT_TRUE(w.has("exp/charts/" + kind + ".png")) << kind;
    EXPECT_NE(conclusion.find("](charts/" + kind + ".png)"), std::string::npos) << kind;
  }
  Json const kinds = {"arm-bar", "forest-plot", "cost-vs-accuracy"};
  EXPECT_EQ(data(w)["reports"],
            (Json{{{"name", "markdown"}, {"settings", Json::object()}},
                  {{"name", "charts"}, {"settings", {{"formats", {"svg", "png"}}, {"kinds", kinds}}}}}));
}

TEST_F(Chart, TheConclusionShowsWhatIsMade) {
  finish(w,
         "report using markdown\n  report using charts { formats = [\"svg\"]  kinds = [\"forest-plot\"] }");
  auto const conclusion = w.read("exp/conclusion.md");
  EXPECT_NE(conclusion.find("](charts/forest-plot.svg)"), std::string::npos);
  EXPECT_EQ(conclusion.find("arm-bar"), std::string::npos);
  EXPECT_TRUE(w.has("exp/charts/forest-plot.svg"));
  EXPECT_FALSE(w.has("exp/charts/forest-plot.png"));
  Workspace without;
  finish(without, "report using markdown");
  EXPECT_EQ(without.read("exp/conclusion.md").find("]("), std::string::npos);
  EXPECT_FALSE(without.has("exp/charts"));
}

TEST_F(Chart, TheCommandDrawsTheSamePictures) {
  finish(w);
  for (std::string const kind : kKinds)
    for (std::string const format : {"svg", "png"}) {
      auto const out = kind + "." + format;
      auto const said = w.itera({"chart", kind, "--data", "exp/data.json", "--out", out});
      EXPECT_EQ(said.code, 0) << said.err;
      EXPECT_EQ(said.out, out + "\n");
      EXPECT_EQ(said.err, "");
      EXPECT_TRUE(w.read(out) == w.read("exp/charts/" + out)) << out;
    }
}

// The commands of docs/charts.md, on the file that its pictures are made of.
TEST_F(Chart, WhatTheDocumentationShows) {
  w.copy(kFiles + "router.json", "data.json");
  std::istringstream page(w.read(ITERA_SOURCE_DIR "/docs/charts.md"));
  std::size_t commands = 0;
  for (std::string line; std::getline(page, line);) {
    if (!line.starts_with("$ itera chart ")) continue;
    std::vector<std::string> words;
    std::istringstream in(line.substr(std::string("$ itera ").size()));
    for (std::string word; in >> word;) words.push_back(word);
    auto const said = w.itera(words);
    EXPECT_EQ(said.code, 0) << line << "\n" << said.err;
    std::string answer;
    std::getline(page, answer);
    EXPECT_EQ(said.out, answer + "\n");
    ++commands;
  }
  EXPECT_EQ(commands, 2U);
  EXPECT_TRUE(w.read("forest.svg") == w.read(ITERA_SOURCE_DIR "/docs/images/forest-plot.svg"));
}

TEST_F(Chart, JsonNamesThePath) {
  w.copy(kFiles + "foreign.json", "d.json");
  auto const said = w.itera({"chart", "arm-bar", "--data", "d.json", "--out", "a.svg", "--format", "json"});
  EXPECT_EQ(said.code, 0);
  EXPECT_EQ(Json::parse(said.out), (Json{{"ok", true}, {"chart", "arm-bar"}, {"path", "a.svg"}}));
}

TEST_F(Chart, MistakesAreExplained) {
  w.copy(kFiles + "foreign.json", "d.json");
  w.write("broken.json", "{\"arms\": [");
  w.write("other.json", "{\"rows\": 3}");
  auto const says = [&](std::vector<std::string> const& words, int code, std::string const& sentence) {
    std::vector<std::string> all{"chart"};
    all.insert(all.end(), words.begin(), words.end());
    auto const said = w.itera(all);
    EXPECT_EQ(said.code, code) << sentence;
    EXPECT_EQ(said.out, "");
    EXPECT_EQ(said.err, sentence);
    EXPECT_FALSE(w.has("x.svg"));
  };
  says({"forest", "--data", "d.json", "--out", "x.svg"}, 2,
       "error: there is no chart `forest`\n"
       "  = help: the charts are `arm-bar`, `forest-plot` and `cost-vs-accuracy`\n");
  says({"forrest-plot", "--data", "d.json", "--out", "x.svg"}, 2,
       "error: there is no chart `forrest-plot`\n  = help: did you mean `forest-plot`?\n");
  says({"forest-plot", "--data", "d.json", "--out", "x.jpg"}, 2,
       "error: `x.jpg` says no format that charts have\n  = help: end the name of --out in .svg or .png\n");
  says({"forest-plot", "--data", "none.json", "--out", "x.svg"}, 2,
       "error: cannot read none.json: No such file or directory\n");
  says({"forest-plot", "--data", "broken.json", "--out", "x.svg"}, 2,
       "error: broken.json: not JSON (at byte 11)\n");
  says({"forest-plot", "--data", "other.json", "--out", "x.svg"}, 2,
       "error: other.json cannot be drawn: reporter `charts`: `arms` names no arm\n"
       "  = help: it holds {id, name, cost_per_1k_usd} of each; the baseline stands first\n");
  says({"forest-plot", "--data", "d.json", "--out", "none/x.svg"}, 1,
       "error: cannot write none/x.svg.part: No such file or directory\n");
  says({"forest-plot", "--out", "x.svg"}, 2,
       "error: --data is required\n"
       "  = help: `itera --help` lists the commands, `itera COMMAND --help` what one takes\n");
}

TEST_F(Chart, AnInvalidExperimentHasNothingToDraw) {
  w.write("d.json", R"({"arms": [{"id": "a"}], "verdict": {"outcome": "invalid"}})");
  auto const said = w.itera({"chart", "arm-bar", "--data", "d.json", "--out", "x.svg"});
  EXPECT_EQ(said.code, 2);
  EXPECT_EQ(said.err,
            "error: d.json has no test scores to draw\n  = help: its experiment ended as invalid\n");
}

}  // namespace
}  // namespace itera::test
