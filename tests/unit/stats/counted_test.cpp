#include "core/stats/counted.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "core/stats/units.hpp"
#include "tests/unit/stats/golden.hpp"

namespace itera::stats {
namespace {
using testing::agrees;

TEST(Counted, FewAndManyDistinctValues) {
  for (int const distinct : {1, 7, 1024, 1025, 5000}) {
    std::vector<double> values;
    std::map<double, std::int64_t> expected;
    for (int i = 0; i < 12'000; ++i) {
      values.push_back((i * 7919 % distinct - distinct / 2) / 3.0);
      ++expected[values.back()];
    }
    auto const out = counted(values);
    ASSERT_EQ(out.size(), expected.size()) << distinct;
    std::size_t i = 0;
    for (auto const& [value, count] : expected) {
      EXPECT_EQ(out[i].value, value);
      EXPECT_EQ(out[i++].count, count);
    }
  }
}

TEST(Counted, ZeroesAreOneValueWhateverTheirSign) {
  std::vector<double> const values = {-0.0, 0.0, -0.0};
  auto const out = counted(values);
  ASSERT_EQ(out.size(), 1U);
  EXPECT_FALSE(std::signbit(out[0].value));
  EXPECT_EQ(out[0].count, 3);
  EXPECT_TRUE(counted({}).empty());
}

TEST(Grouping, NumbersLabelsNearAndFarApart) {
  std::vector<int> const near = {5, -3, 5, 9};
  std::vector<int> const far = {INT32_MAX, INT32_MIN, INT32_MAX, 0};
  for (auto const& labels : {near, far}) {
    auto const out = grouping(labels);
    EXPECT_EQ(out.groups, 3U);
    EXPECT_EQ(out.index[0], out.index[2]);
    EXPECT_EQ(std::set<std::uint32_t>(out.index.begin(), out.index.end()),
              (std::set<std::uint32_t>{0, 1, 2}));
  }
  EXPECT_EQ(grouping({}).groups, 0U);
}

TEST(Units, CountingEqualOnesChangesNoFormula) {
  std::vector<Unit> const counted_units = {{1, -0.5, 3}, {2, 0.25, 4}};
  std::vector<Unit> each;
  for (auto const& u : counted_units)
    for (int i = 0; i < static_cast<int>(u.count); ++i) each.push_back({u.weight, u.total, 1});
  double const weight = weight_of(each);
  EXPECT_TRUE(agrees(weight_of(counted_units), weight));
  EXPECT_TRUE(agrees(total_of(counted_units), total_of(each)));
  EXPECT_TRUE(agrees(squared_weights(counted_units), squared_weights(each)));
  EXPECT_TRUE(agrees(squared_residuals(counted_units, 0.1), squared_residuals(each, 0.1)));
  EXPECT_TRUE(agrees(degrees_of_freedom(counted_units, weight), degrees_of_freedom(each, weight)));
  EXPECT_TRUE(agrees(degrees_of_freedom(std::vector<Unit>{{1, 0, 60}}, 60), 59));
}

}  // namespace
}  // namespace itera::stats
