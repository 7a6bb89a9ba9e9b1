#include "core/engine/strata.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/unit/core/support.hpp"

namespace itera::engine {
namespace {

using Json = nlohmann::json;

std::vector<split::Row> rows_of(std::string const& tier, std::size_t n) {
  std::vector<split::Row> out;
  for (std::size_t i = 0; i < n; ++i) out.push_back(test::row(tier + std::to_string(i), "text", "x", tier));
  return out;
}

std::vector<split::Row> operator+(std::vector<split::Row> a, std::vector<split::Row> const& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

// Valid while the rows are: within the expression that makes them.
std::vector<split::Row const*> at(std::vector<split::Row> const& rows) {
  std::vector<split::Row const*> out;
  for (auto const& row : rows) out.push_back(&row);
  return out;
}

split::Distribution by_tier() {
  split::Distribution out;
  out.dimensions.push_back({"tier", {}, {}});
  return out;
}

TEST(Strata, CountRowsOfDevAndTestByTheirValues) {
  auto const json = strata_json(test::small_plan(), by_tier(), at(rows_of("ent", 40) + rows_of("smb", 3)),
                                at(rows_of("ent", 16) + rows_of("odd", 1)));
  EXPECT_EQ(json, Json::parse(R"({"columns": ["tier"], "cells": [
    {"values": ["ent"], "dev": 40, "test": 16}, {"values": ["odd"], "dev": 0, "test": 1},
    {"values": ["smb"], "dev": 3, "test": 0}]})"));
}

// Ten rare rows on dev, all of which differ; test has none of them. Taken with all rows, ten of ninety would
// foretell four or five; by stratum hardly one.
TEST(Strata, RowsThatTestLacksForetellNothing) {
  auto const plan = test::small_plan();
  auto const dev = rows_of("ent", 80) + rows_of("rare", 10);
  Json const split = {{"strata", strata_json(plan, by_tier(), at(dev), at(rows_of("ent", 40)))}};
  std::vector<bool> differs(90, false);
  for (std::size_t i = 80; i < 90; ++i) differs[i] = true;
  auto const strata = strata_of(plan, split, dev, differs);
  ASSERT_EQ(strata.size(), 2U);
  auto const seen = stats::foresee_hits(strata, kFewestDiscordant);
  EXPECT_LT(seen->expected, 1);
  EXPECT_LT(seen->chance, .05);
  Json const unknown = {{"parts", {{"test", 40}}}};
  EXPECT_GT(stats::foresee_hits(strata_of(plan, unknown, dev, differs), 6)->expected, 4);
}

TEST(Strata, SmallOnesAreTakenTogether) {
  auto const plan = test::small_plan();
  std::vector<split::Row> dev, sealed;
  for (char c = 'a'; c <= 'j'; ++c) {
    dev = dev + rows_of(std::string(1, c), 4);
    sealed = sealed + rows_of(std::string(1, c), 2);
  }
  Json const split = {{"strata", strata_json(plan, by_tier(), at(dev), at(sealed))}};
  auto const strata = strata_of(plan, split, dev, std::vector<bool>(40, false));
  ASSERT_EQ(strata.size(), 1U);
  EXPECT_EQ(strata[0].dev_rows, 40);
  EXPECT_EQ(strata[0].test_rows, 20);
}

}  // namespace
}  // namespace itera::engine
