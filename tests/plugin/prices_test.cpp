#include "plugins/models/prices.hpp"

#include <set>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace itera::tests {
namespace {

using models::list_price, models::Price, models::Spent, models::Usage;
using Json = nlohmann::ordered_json;

TEST(Prices, EveryEntryIsDatedAndSaysWhereItIsFrom) {
  auto const table = Json::parse(models::kPricesJson);
  for (auto const* provider : {"openai", "anthropic"}) {
    std::set<std::string> seen;
    ASSERT_FALSE(table.at(provider).empty());
    for (auto const& entry : table.at(provider)) {
      auto const name = entry.at("model").get<std::string>();
      EXPECT_TRUE(seen.insert(name).second) << name << " stands there twice";
      EXPECT_TRUE(entry.at("source").get<std::string>().starts_with("https://")) << name;
      EXPECT_EQ(entry.at("date").get<std::string>().size(), 10U) << name;
      auto const price = list_price(provider, name);
      ASSERT_TRUE(price) << name;
      EXPECT_GT(price->in, 0) << name;
      EXPECT_GT(price->out, price->in) << name;
      EXPECT_LT(price->cached_in, price->in) << name;
      EXPECT_GE(price->cache_write, price->in) << name;
    }
  }
}

TEST(Prices, ASnapshotCostsWhatItsModelCostsAndAnotherModelDoesNot) {
  EXPECT_EQ(list_price("openai", "gpt-4.1-mini")->in, 0.4);
  EXPECT_EQ(list_price("openai", "gpt-4.1-mini-2025-04-14")->in, 0.4);
  EXPECT_EQ(list_price("anthropic", "claude-haiku-4-5-20251001")->out, 5);
  EXPECT_EQ(list_price("anthropic", "claude-sonnet-5-5")->cached_in, 0.1) << "not the older claude-sonnet-5";
  for (auto const* other :
       {"gpt-4.1-turbo", "gpt-4.1-mini-2025-4-14", "gpt-4.1-minimal", "openai/gpt-4.1", "", "gpt"})
    EXPECT_FALSE(list_price("openai", other)) << other;
  EXPECT_FALSE(list_price("anthropic", "gpt-4.1"));
}

TEST(Prices, EachKindOfTokenHasItsPrice) {
  Price const price{.in = 1, .out = 5, .cached_in = 0.1, .cache_write = 1.25};
  Usage const usage{.in = 1'000'000, .out = 100'000, .cached_in = 200'000, .cache_write = 400'000};
  EXPECT_DOUBLE_EQ(cost(usage, price), 0.4 + 0.02 + 0.5 + 0.5);
  EXPECT_DOUBLE_EQ(steady_cost(usage, price), 0.4 + 0.06 + 0.5);
  EXPECT_DOUBLE_EQ(cost({.in = 10, .cached_in = 20}, price), 20 * 0.1 / 1e6) << "a server that counts oddly";
}

TEST(Prices, UnknownStaysUnknown) {
  Price const price{.in = 1, .out = 1, .cached_in = 1, .cache_write = 1};
  Usage const usage{.in = 10, .out = 5};
  auto const written = [](Spent const& spent) {
    Json out = Json::object();
    spent.write(out);
    return out.dump();
  };
  Spent both = Spent::of(usage, price);
  both.add(Spent::of(usage, price));
  EXPECT_EQ(written(both), R"({"cost_usd":3e-05,"tokens":{"in":20,"out":10}})");
  EXPECT_EQ(written(Spent::from(both.state())), written(both));
  both.add(Spent::of(usage, std::nullopt));
  EXPECT_EQ(written(both), R"({"tokens":{"in":30,"out":15}})");
  both.add(Spent::of(std::nullopt, price));
  EXPECT_EQ(written(both), "{}");
  EXPECT_EQ(written(Spent::from(both.state())), "{}");
}

}  // namespace
}  // namespace itera::tests
