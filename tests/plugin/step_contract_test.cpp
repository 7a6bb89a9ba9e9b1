#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/plugin/support.hpp"

namespace itera::tests {
namespace {

using Kind = ports::StepResult::Kind;

std::vector<ports::StepItem> items(std::initializer_list<std::uint64_t> handles) {
  std::vector<ports::StepItem> out;
  for (auto const handle : handles) {
    ports::StepItem item;
    item.handle = handle;
    item.row = "{}";
    item.output = "answer";
    item.label = "B";
    out.push_back(item);
  }
  return out;
}

Result<std::vector<ports::StepResult>> step(std::string const& fault) {
  Plugins plugins;
  auto judge = plugins.judge("faulty", R"({"fault": ")" + fault + "\"}");
  if (!judge) return fail(judge.error());
  return (*judge)->step(items({9, 3, 7}));
}

void expect_broken(std::string const& fault, std::string_view part) {
  auto const out = step(fault);
  ASSERT_FALSE(out) << fault;
  EXPECT_EQ(out.error().kind, ErrorClass::plugin) << fault;
  EXPECT_NE(out.error().what.find("judge `faulty`"), std::string::npos) << out.error().what;
  EXPECT_NE(out.error().what.find(module("judge_faulty").string()), std::string::npos) << out.error().what;
  EXPECT_NE(out.error().what.find(part), std::string::npos) << out.error().what;
}

TEST(StepContract, GivesOneResultPerItemSortedAndInBatchesThatThePluginTakes) {
  auto const out = step("");
  ASSERT_TRUE(out) << out.error().what;
  ASSERT_EQ(out->size(), 3U);
  EXPECT_EQ((*out)[0].handle, 3U);
  EXPECT_EQ((*out)[1].handle, 7U);
  EXPECT_EQ((*out)[2].handle, 9U);
  EXPECT_EQ((*out)[0].kind, Kind::score);
  EXPECT_EQ(nlohmann::json::parse((*out)[0].json)["reason"], "2 items, label B") << "max_batch is 2";
  EXPECT_EQ(nlohmann::json::parse((*out)[1].json)["reason"], "1 items, label B");
}

TEST(StepContract, NoItemsAreNoCall) {
  Plugins plugins;
  auto judge = plugins.judge("faulty", R"({"fault": "throws"})");
  ASSERT_TRUE(judge);
  auto const out = (*judge)->step({});
  ASSERT_TRUE(out);
  EXPECT_TRUE(out->empty());
}

TEST(StepContract, BreachesNameThePlugin) {
  expect_broken("twice", "gave two results for one item (handle 3)");
  expect_broken("nothing", "gave no result for 1 of 2 items");
  expect_broken("unknown_handle", "which it was not asked for");
  expect_broken("wrong_kind", "gave an answer, which a judge cannot give");
  expect_broken("unknown_kind", "gave something of an unknown kind");
  expect_broken("not_json", "gave a score that is no JSON object");
  expect_broken("not_object", "gave a score that is no JSON object");
  expect_broken("not_finite", "a number of a result is not finite");
  expect_broken("throws", "bad_alloc");
  expect_broken("cancelled", "gave up as cancelled although nobody asked it to stop");
  expect_broken("unknown_status", "returned the unknown status 99");
}

TEST(StepContract, TheStatusDecidesWhoIsToBlame) {
  auto const invalid = step("invalid");
  ASSERT_FALSE(invalid);
  EXPECT_EQ(invalid.error().kind, ErrorClass::invalid);
  EXPECT_EQ(invalid.error().what, "judge `faulty`: row 7 has no currency");
  EXPECT_EQ(invalid.error().help, "add the column");
  auto const unavailable = step("unavailable");
  ASSERT_FALSE(unavailable);
  EXPECT_EQ(unavailable.error().kind, ErrorClass::unavailable);
}

TEST(StepContract, ACancelledCallIsNoFaultOfThePlugin) {
  host::PluginCatalog catalog({ITERA_TEST_MODULES});
  host::PluginActors actors(catalog, [] { return true; });
  auto judge =
      actors.judge(*catalog.find(ports::PluginKind::judge, "faulty").value(), R"({"fault": "cancelled"})");
  ASSERT_TRUE(judge);
  auto const out = (*judge)->step(items({1}));
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error().kind, ErrorClass::stopped);
}

TEST(StepContract, CreationIsGuardedToo) {
  expect_broken("create_throws", "index out of range");
  expect_broken("create_throws_int", "unknown exception");
  auto const refused = step("create_refuses");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorClass::invalid);
  EXPECT_EQ(refused.error().what, "judge `faulty`: setting `fault` is not to my taste");
}

TEST(StepContract, BrokenInstancesAreRefused) {
  for (auto const& [name, part] : {std::pair{"broken_no_instance", "gives none"},
                                   {"broken_no_interface", "has no complete table for `itera.judge/1`"},
                                   {"broken_short_table", "has no complete table for `itera.judge/1`"}}) {
    host::PluginCatalog catalog({});
    auto const info = catalog.use("broken", module(name));
    ASSERT_TRUE(info) << info.error().what;
    auto const judge = host::PluginActors(catalog).judge(**info, "{}");
    ASSERT_FALSE(judge) << name;
    EXPECT_EQ(judge.error().kind, ErrorClass::plugin);
    EXPECT_NE(judge.error().what.find(part), std::string::npos) << judge.error().what;
  }
}

}  // namespace
}  // namespace itera::tests
