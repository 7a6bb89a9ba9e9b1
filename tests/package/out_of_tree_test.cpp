#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/host/actors.hpp"
#include "core/host/catalog.hpp"

namespace itera::tests {
namespace {

TEST(OutOfTree, AnInstalledSdkMakesAJudgeThatTheHostTakes) {
  host::PluginCatalog catalog({});
  auto const info = catalog.use("prefix", ITERA_OUT_OF_TREE_JUDGE);
  ASSERT_TRUE(info) << info.error().what;
  EXPECT_EQ((*info)->id, "com.example.judge.prefix");
  ASSERT_EQ((*info)->settings.size(), 1U);
  auto judge = host::PluginActors(catalog).judge(**info, R"({"length": 2})");
  ASSERT_TRUE(judge) << judge.error().what;

  std::vector<ports::StepItem> items(3);
  for (std::size_t i = 0; i < items.size(); ++i) {
    items[i].handle = i;
    items[i].row = "{}";
    items[i].expected = "games";
  }
  items[0].output = "gates";
  items[1].output = "web";
  items[2].output = "";
  auto const scores = (*judge)->step(items);
  ASSERT_TRUE(scores) << scores.error().what;
  using Json = nlohmann::json;
  EXPECT_EQ(Json::parse((*scores)[0].json)["passed"], true);
  EXPECT_EQ(Json::parse((*scores)[1].json)["failures"], Json({"wrong_start"}));
  EXPECT_EQ(Json::parse((*scores)[2].json)["failures"], Json({"empty"}));
}

}  // namespace
}  // namespace itera::tests
