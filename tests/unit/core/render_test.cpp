#include "core/base/render.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace itera {
namespace {

TEST(Render, PointsAtTheSpanInTerminalCells) {
  SourceMap const source("spec.itera", "experiment a {\n\tquestion \"日本\" oops\n}\n");
  Diagnostic problem{Severity::error, "E101", "expected end of line, found `oops`",
                     {0, 0},          {},     "take it out\nor quote it"};
  auto const at = static_cast<std::uint32_t>(source.text().find("oops"));
  problem.subject = {at, at + 4};
  problem.labels.push_back({{0, 10}, "in this experiment"});
  EXPECT_EQ(render(problem, source, false),
            "error[E101]: expected end of line, found `oops`\n"
            " --> spec.itera:2:16\n"
            "  |\n"
            "2 |     question \"日本\" oops\n"
            "  |                     ^^^^\n"
            "1 | experiment a {\n"
            "  | ---------- in this experiment\n"
            "  = help: take it out\n"
            "          or quote it\n");
}

TEST(Render, SurvivesSpansAtTheEnd) {
  SourceMap const source("x", "ab");
  EXPECT_EQ(render({Severity::warning, "W1", "end", {2, 9}, {}, ""}, source, false),
            "warning[W1]: end\n --> x:1:3\n  |\n1 | ab\n  |   ^\n");
}

TEST(Render, JsonHasOneBasedRanges) {
  SourceMap const source("x", "a\nbcd\n");
  auto const json = to_json(Diagnostic{Severity::error, "E1", "m", {2, 5}, {}, "h"}, source);
  EXPECT_EQ(json["range"], nlohmann::json::parse(R"({"line":2,"column":1,"end_line":2,"end_column":4})"));
  EXPECT_EQ(json["severity"], "error");
}

TEST(Diagnostics, AreSortedAndSaidOnce) {
  Diagnostics problems;
  problems.error("E2", {5, 6}, "later");
  problems.warning("W1", {1, 2}, "first");
  problems.error("E2", {5, 6}, "later");
  auto const sorted = problems.sorted();
  ASSERT_EQ(sorted.size(), 2U);
  EXPECT_EQ(sorted[0].code, "W1");
  EXPECT_TRUE(problems.has_errors());
}

}  // namespace
}  // namespace itera
