#include "core/host/actors.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/plugin/support.hpp"

namespace itera::tests {
namespace {

using ports::Cell, ports::PluginKind;
using Kind = ports::StepResult::Kind;

std::string fault(std::string const& name) {
  return R"({"fault": ")" + name + "\"}";
}

Result<ports::SourceReport> read(std::string const& name, std::vector<std::string> const& columns,
                                 std::vector<std::vector<Cell>>& rows) {
  Plugins plugins;
  (void)plugins.catalog.use("kinds", module("kinds"));
  auto source = plugins.source("kinds", fault(name));
  if (!source) return fail(source.error());
  return (*source)->read(columns, [&](std::vector<Cell>&& row) { rows.push_back(std::move(row)); });
}

TEST(SourceActor, GivesTypedCellsOfTheColumnsAskedFor) {
  std::vector<std::vector<Cell>> rows;
  auto const report = read("", {"nested", "n", "half", "even", "name", "nothing"}, rows);
  ASSERT_TRUE(report) << report.error().what;
  EXPECT_EQ(report->version, "kinds:1");
  EXPECT_EQ(report->rows, 10'000U);
  ASSERT_EQ(rows.size(), 10'000U);
  EXPECT_EQ(rows[9'999],
            (std::vector<Cell>{"[9999]", std::int64_t{9'999}, 4999.5, false, "row 9999", std::monostate()}));
}

TEST(SourceActor, GivesTheSchema) {
  Plugins plugins;
  ASSERT_TRUE(plugins.catalog.use("kinds", module("kinds")));
  auto const schema = plugins.source("kinds", fault("")).value()->schema();
  ASSERT_TRUE(schema);
  ASSERT_EQ(schema->size(), 6U);
  EXPECT_EQ((*schema)[1].name, "half");
  EXPECT_EQ((*schema)[1].type, "real");
  for (auto const* broken : {"same_column", "unknown_type"}) {
    auto const refused = plugins.source("kinds", fault(broken)).value()->schema();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorClass::plugin);
  }
}

TEST(SourceActor, RefusesBrokenBatchesAndReports) {
  for (auto const& [name, part] :
       {std::pair{"not_finite", "gave a number that is not finite in column `half`, row 1"},
        {"not_utf8", "gave text that is not UTF-8 in column `name`, row 1"},
        {"not_json", "gave a nested value that is not JSON in column `nested`"},
        {"short_row", "a row was ended with a wrong number of cells"},
        {"two_reports", "gave 2 documents where one was expected"}}) {
    std::vector<std::vector<Cell>> rows;
    auto const report = read(name, {"half", "name", "nested"}, rows);
    ASSERT_FALSE(report) << name;
    EXPECT_EQ(report.error().kind, ErrorClass::plugin);
    EXPECT_NE(report.error().what.find(part), std::string::npos) << report.error().what;
  }
}

TEST(SourceActor, AnExceptionOfTheSinkComesBackAsAnError) {
  Plugins plugins;
  ASSERT_TRUE(plugins.catalog.use("kinds", module("kinds")));
  auto source = plugins.source("kinds", fault(""));
  auto const report =
      (*source)->read({"n"}, [](std::vector<Cell>&&) { throw std::runtime_error("disk full"); });
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().kind, ErrorClass::internal);
  EXPECT_EQ(report.error().what, "disk full");
}

TEST(ArmActor, CarriesStateAndReplyAndHidesTheExpectedAnswer) {
  Plugins plugins;
  ASSERT_TRUE(plugins.catalog.use("kinds", module("kinds")));
  auto arm = plugins.arm("kinds", fault(""));
  ASSERT_TRUE(arm);
  ports::StepItem item;
  item.handle = 5;
  item.row = "{}";
  item.key = "k1";
  item.output = "the judge's business";
  item.expected = "secret";
  auto const first = step_one(**arm, item);
  EXPECT_EQ(first.kind, Kind::call);
  EXPECT_EQ(nlohmann::json::parse(first.json)["state"]["seen"], 1);
  item.step = 1;
  item.state = "S";
  item.reply = "R";
  auto const second = step_one(**arm, item);
  EXPECT_EQ(second.kind, Kind::answer);
  auto const answer = nlohmann::json::parse(second.json);
  EXPECT_EQ(answer["output"], "SRk1");
  EXPECT_EQ(answer["tokens"]["out"], 2);
  EXPECT_EQ(answer["trace"][0], "a \"quoted\" line");
}

TEST(ArmActor, PreparesIfThePluginAsksForIt) {
  Plugins plugins;
  ASSERT_TRUE(plugins.catalog.use("kinds", module("kinds")));
  EXPECT_EQ(plugins.arm("kinds", fault("")).value()->prepare().value(), std::nullopt);
  EXPECT_EQ(plugins.arm("kinds", fault("prepared")).value()->prepare().value(),
            R"({"exec": {"argv": ["train"]}})");
  auto const broken = plugins.arm("kinds", fault("prepare")).value()->prepare();
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().kind, ErrorClass::plugin);
}

TEST(ReporterActor, FilesStayInTheExperimentsFolder) {
  Plugins plugins;
  ASSERT_TRUE(plugins.catalog.use("kinds", module("kinds")));
  auto const write = [&](std::string const& path) {
    return plugins.actors.reporter(plugins.info(PluginKind::reporter, "kinds"), fault(path))
        .value()
        ->write("{}");
  };
  auto const good = write("charts/arms.svg");
  ASSERT_TRUE(good) << good.error().what;
  EXPECT_EQ(good->at(0).path, "charts/arms.svg");
  EXPECT_EQ(good->at(0).bytes, "{}");
  for (auto const* path : {"", "/etc/passwd", "../x", "a/../../x", "a/", "twice.md"}) {
    auto const refused = write(path);
    ASSERT_FALSE(refused) << path;
    EXPECT_EQ(refused.error().kind, ErrorClass::plugin);
  }
}

TEST(Actors, RefuseAnotherKindAndAnotherCatalog) {
  Plugins plugins;
  auto const& judge = plugins.info(PluginKind::judge, "exact");
  EXPECT_EQ(plugins.actors.arm(judge, "{}").error().kind, ErrorClass::internal);
  host::PluginCatalog other({});
  EXPECT_EQ(host::PluginActors(other).judge(judge, "{}").error().kind, ErrorClass::internal);
}

TEST(Actors, OutliveTheirCatalog) {
  std::unique_ptr<ports::Judge> judge;
  {
    Plugins plugins;
    judge = plugins.judge("faulty", fault("")).value();
  }
  ports::StepItem item;
  item.handle = 1;
  EXPECT_EQ(step_one(*judge, item).kind, Kind::score);
}

}  // namespace
}  // namespace itera::tests
