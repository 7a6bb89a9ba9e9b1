#include "core/stats/agreement.hpp"

#include <limits>
#include <vector>

#include "tests/unit/stats/golden.hpp"

namespace itera::stats {
namespace {
using testing::agrees;
using testing::golden;
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

std::vector<int> categories(nlohmann::json const& letters) {
  std::vector<int> out;
  for (auto const& letter : letters) out.push_back(letter.get<std::string>().at(0));
  return out;
}

TEST(Kappa, AgreesWithReference) {
  auto const& v = golden("v08_agreement");
  auto const out = cohen_kappa(categories(v.at("rater1")), categories(v.at("rater2")));
  ASSERT_TRUE(out);
  EXPECT_TRUE(agrees(out->observed, v.at("po")));
  EXPECT_TRUE(agrees(out->expected, v.at("pe")));
  EXPECT_TRUE(agrees(*out->kappa, v.at("cohen_kappa")));
}

TEST(Kappa, KnownCasesAndTheirEdges) {
  using Labels = std::vector<int>;
  EXPECT_EQ(*cohen_kappa(Labels{1, 2, 1}, Labels{1, 2, 1})->kappa, 1);
  EXPECT_EQ(*cohen_kappa(Labels{1, 2}, Labels{2, 1})->kappa, -1);
  EXPECT_EQ(*cohen_kappa(Labels{1, 1, 2, 2}, Labels{1, 2, 1, 2})->kappa, 0);
  EXPECT_FALSE(cohen_kappa(Labels{7, 7}, Labels{7, 7})->kappa);
  EXPECT_EQ(*cohen_kappa(Labels{7, 7}, Labels{8, 8})->kappa, 0);
  EXPECT_FALSE(cohen_kappa({}, {}));
  EXPECT_FALSE(cohen_kappa(Labels{1}, Labels{1, 2}));
}

TEST(Alpha, AgreesWithReference) {
  auto const& v = golden("v08_agreement");
  std::vector<double> ratings;
  for (auto const& rater : v.at("krippendorff_data"))
    for (auto const& rating : rater) ratings.push_back(rating.is_null() ? kNone : rating.get<double>());
  Ratings const table{ratings, 4, 12};
  EXPECT_TRUE(agrees(*krippendorff_alpha(table, AlphaScale::nominal), v.at("alpha_nominal")));
  EXPECT_TRUE(agrees(*krippendorff_alpha(table, AlphaScale::ordinal), v.at("alpha_ordinal")));
  EXPECT_TRUE(agrees(*krippendorff_alpha(table, AlphaScale::interval), v.at("alpha_interval")));
}

TEST(Alpha, ScalesMatterAsTheyShould) {
  std::vector<double> ratings = {0, 0.2, 0.5, 1, 0, 0.5, 0.5, 1};
  auto const of = [&](AlphaScale scale) { return *krippendorff_alpha({ratings, 2, 4}, scale); };
  auto const ordinal = of(AlphaScale::ordinal);
  auto const interval = of(AlphaScale::interval);
  for (auto& rating : ratings) rating = rating * rating;  // keeps the order, bends the distances
  EXPECT_TRUE(agrees(of(AlphaScale::ordinal), ordinal));
  EXPECT_GT(std::abs(of(AlphaScale::interval) - interval), 1e-3);
}

TEST(Alpha, Edges) {
  auto const of = [](std::vector<double> const& ratings, std::size_t raters, std::size_t items) {
    return krippendorff_alpha({ratings, raters, items}, AlphaScale::interval);
  };
  EXPECT_EQ(of({3, 3, 3, 3}, 2, 2), 1);
  EXPECT_EQ(of({1, 2, 1, 2}, 2, 2), 1);
  EXPECT_FALSE(of({1, 2, kNone, kNone}, 2, 2));
  EXPECT_FALSE(of({}, 0, 0));
  EXPECT_FALSE(of({1, 2, 3}, 2, 2));
  EXPECT_FALSE(of({1, std::numeric_limits<double>::infinity()}, 2, 1));
  std::vector<double> many;
  for (int i = 0; i < 1002; ++i) many.push_back(i);
  EXPECT_FALSE(of(many, 2, 501));
}

}  // namespace
}  // namespace itera::stats
