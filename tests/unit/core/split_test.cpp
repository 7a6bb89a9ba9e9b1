#include <algorithm>
#include <array>
#include <map>
#include <random>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/split/assign.hpp"
#include "core/split/distribution.hpp"
#include "core/split/select.hpp"
#include "tests/unit/core/support.hpp"

namespace itera::split {
namespace {

using test::row;
using test::small_plan;

// 40% of rows in tier a, 60% in b; labels x, y, z; vendors of one to four rows.
std::vector<Row> world(std::size_t n) {
  std::vector<Row> out;
  for (std::size_t i = 0; i < n; ++i)
    out.push_back(row(fmt::format("k{:05}", i), fmt::format("text {}", i),
                      std::string(1, static_cast<char>('x' + i % 3)), i % 5 < 2 ? "a" : "b",
                      fmt::format("v{}", i * 2 / 5)));
  return out;
}

std::array<std::size_t, 3> counts(Assignment const& a) {
  std::array<std::size_t, 3> out{};
  for (auto const part : a.parts) ++out[static_cast<std::size_t>(part)];
  return out;
}

TEST(Select, IsAFunctionOfTheSetOfRows) {
  auto plan = small_plan(1, true);
  plan.sample = 200;
  Population p{world(600), {}, ""};
  auto const once = select(plan, p);
  EXPECT_EQ(once.rows.size(), 200U);
  EXPECT_EQ(once.source_rows, 600U);
  EXPECT_TRUE(std::is_sorted(once.rows.begin(), once.rows.end(),
                             [](auto const& a, auto const& b) { return a.key < b.key; }));
  plan.seed = 8;
  auto const other = select(plan, p);
  auto const some = [](auto const& rows) {
    return std::vector{rows.front().key, rows.back().key, rows[100].key};
  };
  EXPECT_NE(some(once.rows), some(other.rows));
}

TEST(Select, DropsExactDuplicatesAfterFolding) {
  auto const plan = small_plan();
  Population p{{row("1", "Hello  World", "x", "a"), row("2", "hello world", "x", "a"),
                row("3", "hello world", "y", "a")},
               {},
               ""};
  auto const s = select(plan, p);
  EXPECT_EQ(s.duplicates, 1U);
  ASSERT_EQ(s.rows.size(), 2U);
  EXPECT_EQ(s.rows[0].key.view(), "1");
}

TEST(Select, CapsAnEntityByNumberAndByShare) {
  auto plan = small_plan(1, true);
  std::vector<Row> rows;
  for (int i = 0; i < 20; ++i)
    rows.push_back(row(fmt::format("a{:02}", i), fmt::format("t{}", i), "x", "a", "big"));
  for (int i = 0; i < 8; ++i)
    rows.push_back(row(fmt::format("b{:02}", i), fmt::format("u{}", i), "x", "a", fmt::format("small{}", i)));
  auto s = select(plan, {rows, {}, ""});
  EXPECT_EQ(s.over_cap, 17U);
  EXPECT_EQ(s.rows.size(), 11U);
  plan.split.cap_per_entity = 100;
  s = select(plan, {rows, {}, ""});
  auto const big =
      std::count_if(s.rows.begin(), s.rows.end(), [](auto const& r) { return r.entity.view() == "big"; });
  EXPECT_LE(static_cast<std::size_t>(big) * 3, s.rows.size());
  EXPECT_EQ(s.over_share, 20U - static_cast<std::size_t>(big));
}

TEST(Assign, MeetsItsSharesInEveryStratum) {
  auto const plan = small_plan();
  auto rows = world(1000);
  for (auto& r : rows) r.entity = "";
  auto const a = assign(plan, rows, {}, "key");
  auto const n = counts(a);
  EXPECT_NEAR(static_cast<double>(n[0]), 300, 6);
  EXPECT_NEAR(static_cast<double>(n[1]), 500, 6);
  EXPECT_NEAR(static_cast<double>(n[2]), 200, 6);
  std::map<std::uint32_t, std::array<int, 3>> cells;
  for (std::size_t i = 0; i < rows.size(); ++i) ++cells[a.strata[i]][static_cast<std::size_t>(a.parts[i])];
  EXPECT_EQ(cells.size(), 6U);
  for (auto const& [cell, c] : cells) EXPECT_NEAR(c[2], (c[0] + c[1] + c[2]) * 0.2, 1.01) << cell;
}

TEST(Assign, KeepsEntitiesAndEqualTextsTogether) {
  auto const plan = small_plan(1, true);
  auto rows = world(500);
  rows.push_back(row("z1", "text 3", "y", "a", "another vendor"));
  auto const a = assign(plan, rows, {}, "key");
  std::map<std::string, std::set<Part>> of;
  for (std::size_t i = 0; i < rows.size(); ++i) of[std::string(rows[i].entity)].insert(a.parts[i]);
  for (auto const& [entity, parts] : of) EXPECT_EQ(parts.size(), 1U) << entity;
  EXPECT_EQ(a.parts.back(), a.parts[3]);
}

TEST(Assign, NothingMovesWhenRowsAreAddedOrShuffled) {
  auto const plan = small_plan(1, true);
  auto rows = world(300);
  auto manifest = assign(plan, rows, {}, "key").manifest;
  std::mt19937 random(1);
  auto const before = manifest;
  for (int step = 0; step < 20; ++step) {
    auto more = world(300 + 10 * (static_cast<std::size_t>(step) + 1));
    std::shuffle(more.begin(), more.end(), random);
    std::sort(more.begin(), more.end(), [](auto const& a, auto const& b) { return a.key < b.key; });
    auto const next = assign(plan, more, manifest, "key");
    for (auto const& [tag, part] : before) ASSERT_EQ(next.manifest.at(tag), part);
    manifest = next.manifest;
  }
}

TEST(Assign, ANewRowThatTiesTwoPartsTogetherIsLeftOut) {
  auto const plan = small_plan(1, true);
  auto rows = world(200);
  auto const first = assign(plan, rows, {}, "key");
  std::size_t other = 0;
  while (first.parts[other] == first.parts[0]) ++other;
  // Says what row 0 says, under the entity of a row of another part.
  rows.push_back(row("z", "text 0", "x", "a", std::string(rows[other].entity)));
  rows.push_back(row("zz", "text 0", "x", "a", "new vendor"));
  auto const next = assign(plan, rows, first.manifest, "key");
  EXPECT_EQ(next.parts[0], first.parts[0]);
  EXPECT_EQ(next.parts[other], first.parts[other]);
  EXPECT_TRUE(next.dropped.back());
}

TEST(Folds, ShareTheDevRowsInWholeUnitsAndStrata) {
  auto const plan = small_plan(1, true);
  auto const dev = world(36);
  auto const folds = dev_folds(plan, dev);
  std::map<std::size_t, int> sizes;
  std::map<std::string, std::set<std::size_t>> of;
  std::map<std::size_t, int> of_tier;
  for (std::size_t i = 0; i < dev.size(); ++i) {
    ++sizes[folds[i]];
    of[std::string(dev[i].entity)].insert(folds[i]);
    if (dev[i].slices[0].view() == "a") ++of_tier[folds[i]];
  }
  ASSERT_EQ(sizes.size(), 4U);
  for (auto const& [fold, n] : sizes) {
    EXPECT_TRUE(fold >= 2 && fold <= 5) << fold;
    EXPECT_NEAR(n, 9, 3) << fold << ": customers of two and three rows stay whole";
    EXPECT_NEAR(of_tier[fold], 3.75, 2) << fold;
  }
  for (auto const& [entity, in] : of) EXPECT_EQ(in.size(), 1U) << entity;
  EXPECT_EQ(dev_folds(plan, dev), folds);
  auto other = plan;
  other.seed = plan.seed + 1;
  EXPECT_NE(dev_folds(other, dev), folds);
}

TEST(Folds, TestKeepsItsShareAndTheRestIsDividedByFive) {
  auto plan = small_plan();
  plan.split.test = {1, 5};
  auto const shares = in_folds(plan.split);
  EXPECT_EQ(shares.test, (Rational{1, 5}));
  EXPECT_EQ(shares.train, (Rational{4, 25}));
  EXPECT_EQ(shares.dev, (Rational{16, 25}));
  plan.split = shares;
  auto rows = world(45);
  for (auto& r : rows) r.entity = "";
  auto const n = counts(assign(plan, rows, {}, "key"));
  EXPECT_NEAR(static_cast<double>(n[0]), 7.2, 2);
  EXPECT_NEAR(static_cast<double>(n[1]), 28.8, 2);
  EXPECT_NEAR(static_cast<double>(n[2]), 9, 2);
}

TEST(Distribution, InFoldsTheReadingFoldIsCountedAndNotJudged) {
  auto const plan = small_plan();
  auto const rows = world(40);
  std::vector<Part> parts(rows.size(), Part::dev);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].slices[0].view() == "b" && i % 5 == 2) parts[i] = Part::train;  // eight of b, none of a
    if (i % 2 == 0 && parts[i] == Part::dev) parts[i] = Part::test;
  }
  auto const fixed = distribution_of(plan, rows, rows, parts);
  EXPECT_TRUE(fixed.failed());
  EXPECT_FALSE(check_presence(plan, fixed));
  auto const folds = distribution_of(plan, rows, rows, parts, true);
  EXPECT_FALSE(folds.failed()) << folds.failures().front();
  EXPECT_FALSE(folds.dimensions[0].audits[1]);
  EXPECT_TRUE(folds.dimensions[0].audits[2]);
  EXPECT_EQ(folds.dimensions[0].cells[1].train, 8U);
  EXPECT_TRUE(check_presence(plan, folds, true));
}

TEST(Distribution, PairsThatStratifyDeclaresAreAuditedTogether) {
  auto plan = small_plan();
  plan.split.stratify = {"tier", *plan.row.expected};
  auto const rows = world(300);
  auto const a = assign(plan, rows, {}, "key");
  EXPECT_EQ(distribution_of(plan, rows, rows, a.parts).dimensions.size(), 2U) << "not written, not audited";
  plan.split.stratify_declared = true;
  auto const d = distribution_of(plan, rows, rows, a.parts);
  ASSERT_EQ(d.dimensions.size(), 3U);
  EXPECT_EQ(d.dimensions[2].kind, DimensionKind::pair);
  EXPECT_EQ(d.dimensions[2].column, "tier, " + *plan.row.expected);
  EXPECT_EQ(d.dimensions[2].cells.size(), 6U);
  EXPECT_FALSE(d.failed());

  // Each column alone is as in production; the pair is not.
  std::vector<Part> torn(rows.size(), Part::dev);
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (auto const at = i % 15; at == 0 || at == 6 || at == 4 || at == 7 || at == 8 || at == 14)
      torn[i] = Part::test;
  auto const apart = distribution_of(plan, rows, rows, torn);
  ASSERT_TRUE(apart.failed());
  for (auto const& failure : apart.failures())
    EXPECT_NE(failure.find("tier, " + *plan.row.expected), std::string::npos) << failure;

  plan.traffic = {{"tier", {{"a", {2, 5}}, {"b", {3, 5}}}}};
  EXPECT_EQ(distribution_of(plan, rows, rows, a.parts).dimensions.size(), 2U)
      << "nobody knows the pair's traffic";
}

TEST(Distribution, EntitiesAreShownByTheirSizeAndNotJudged) {
  auto plan = small_plan(1, true);
  auto rows = world(200);
  for (std::size_t i = 0; i < 80; ++i) rows[i].entity = i < 60 ? "acme" : "bolt";
  std::vector<Row> const sample(rows.begin() + 55, rows.end());
  std::vector<Part> const parts(sample.size(), Part::dev);
  auto const d = distribution_of(plan, rows, sample, parts);
  auto const& entities = d.dimensions.back();
  ASSERT_EQ(entities.kind, DimensionKind::entity);
  EXPECT_FALSE(entities.judged);
  ASSERT_EQ(entities.cells.size(), 3U);
  EXPECT_EQ(entities.cells[0].value, "no. 01 by size");
  EXPECT_EQ(entities.cells[0].production, 60U);
  EXPECT_EQ(entities.cells[0].sample, 5U);
  EXPECT_EQ(entities.cells[1].production, 20U);
  EXPECT_EQ(entities.cells[2].value, "the others");
  ASSERT_TRUE(entities.audits[0]);
  EXPECT_EQ(entities.audits[0]->verdict, stats::AuditVerdict::fail) << "so far from production, and said so";
  EXPECT_FALSE(entities.audits[2]) << "parts hold whole entities";
  for (auto const& failure : d.failures())
    EXPECT_EQ(failure.find(entities.column), std::string::npos) << failure;
}

TEST(Distribution, CountsAndPresence) {
  auto const plan = small_plan();
  auto rows = world(200);
  auto const a = assign(plan, rows, {}, "key");
  auto const d = distribution_of(plan, rows, rows, a.parts);
  ASSERT_EQ(d.dimensions.size(), 2U);
  EXPECT_EQ(d.dimensions[0].column, "tier");
  EXPECT_EQ(d.dimensions[0].cells[0].production, 80U);
  EXPECT_FALSE(d.failed());
  EXPECT_TRUE(check_presence(plan, d));

  std::vector<Part> blind(a.parts);
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (rows[i].slices[0].view() == "a" && blind[i] == Part::test) blind[i] = Part::dev;
  auto const without = distribution_of(plan, rows, rows, blind);
  EXPECT_TRUE(without.failed());
  EXPECT_NE(without.failures().front().find("test holds no row with tier=a"), std::string::npos)
      << without.failures().front();
  auto const refused = check_presence(plan, without);
  ASSERT_FALSE(refused);
  EXPECT_EQ(
      refused.error().what,
      "test holds 0 rows of tier=a, which is 40% of production; at least 5 are needed to say anything of it");
}

TEST(Distribution, DeclaredTrafficIsProduction) {
  auto plan = small_plan();
  auto const rows = world(200);  // tier=a is 40% of them
  auto const a = assign(plan, rows, {}, "key");
  auto const values = distribution_of(plan, rows, rows, a.parts).dimensions[0].cells;
  ASSERT_EQ(values.size(), 2U);

  plan.traffic = {{"tier", {{"a", {2, 5}}, {values[1].value, {3, 5}}}}};
  auto const alike = distribution_of(plan, rows, rows, a.parts);
  EXPECT_EQ(alike.dimensions[0].cells[0].declared, .4);
  EXPECT_FALSE(alike.dimensions[1].cells[0].declared) << "the other column is held against the source";
  EXPECT_FALSE(alike.failed());

  plan.traffic = {{"tier", {{"a", {9, 10}}, {values[1].value, {1, 10}}}}};
  auto const apart = distribution_of(plan, rows, rows, a.parts);
  ASSERT_TRUE(apart.failed());
  EXPECT_NE(apart.failures().front().find("sample differs from production in `tier`"), std::string::npos)
      << apart.failures().front();

  plan.traffic = {{"tier", {{"a", {1, 2}}, {"elsewhere", {1, 2}}}}};
  auto const lacking = distribution_of(plan, rows, rows, a.parts);
  ASSERT_TRUE(lacking.failed());
  EXPECT_NE(lacking.failures().front().find("sample holds no row with tier=elsewhere"), std::string::npos)
      << lacking.failures().front();
  auto const refused = check_presence(plan, lacking);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().what.find("tier=elsewhere, which is 50% of production"), std::string::npos)
      << refused.error().what;
}

}  // namespace
}  // namespace itera::split
