#include "core/stats/bootstrap.hpp"

#include <algorithm>
#include <limits>
#include <thread>
#include <vector>

#include "tests/unit/stats/golden.hpp"

namespace itera::stats {
namespace {
using testing::agrees;
using testing::golden;
using Counts = std::vector<std::int64_t>;
using Values = std::vector<double>;

Counts three_hundred_rows() {
  Counts d;
  for (int i = 0; i < 300; ++i)
    d.push_back(i % 20 == 0 ? 3 : i % 20 == 1 ? -1 : i % 20 == 2 ? 1 : i % 20 == 3 ? 2 : 0);
  return d;
}

TEST(LatticeBootstrap, AgreesWithReference) {
  auto const& v = golden("v04_dataset_P");
  auto const out = lattice_bootstrap(v.at("row_diff_times_K").get<Counts>(), 3);
  ASSERT_TRUE(out);
  auto const& expected = v.at("exact_lattice_bootstrap");
  EXPECT_TRUE(agrees(out->percentile.low, expected.at("percentile95")[0]));
  EXPECT_TRUE(agrees(out->percentile.high, expected.at("percentile95")[1]));
  EXPECT_TRUE(agrees(out->mean, expected.at("mean")));
  EXPECT_TRUE(agrees(out->sd, expected.at("sd")));
  auto const& bca = v.at("bca_on_exact_bootstrap_distribution");
  EXPECT_TRUE(agrees(out->z0, bca.at("z0")));
  EXPECT_TRUE(agrees(out->acceleration, bca.at("acceleration")));
  EXPECT_TRUE(agrees(out->bca.low, bca.at("ci")[0]));
  EXPECT_TRUE(agrees(out->bca.high, bca.at("ci")[1]));

  auto const large = lattice_bootstrap(three_hundred_rows(), 3);
  auto const& lattice = golden("v04c_lattice_300");
  EXPECT_TRUE(agrees(large->percentile.low, lattice.at("exact_bootstrap_percentile95")[0]));
  EXPECT_TRUE(agrees(large->percentile.high, lattice.at("exact_bootstrap_percentile95")[1]));
  EXPECT_TRUE(agrees(large->mean, lattice.at("effect")));
  EXPECT_TRUE(agrees(large->sd, lattice.at("bootstrap_sd")));
}

TEST(LatticeBootstrap, IsWhatSimulationTendsTo) {
  auto const counts = three_hundred_rows();
  Values d;
  for (auto const c : counts) d.push_back(static_cast<double>(c) / 3);
  auto const exact = *lattice_bootstrap(counts, 3);
  auto const simulated = *resampled_bootstrap(d, 7, 2000);
  EXPECT_NEAR(simulated.mean, exact.mean, 4 * exact.sd / std::sqrt(2000));
  EXPECT_NEAR(simulated.sd, exact.sd, 4 * exact.sd / std::sqrt(2 * 2000));
  EXPECT_NEAR(simulated.percentile.low, exact.percentile.low, 0.004);
  EXPECT_NEAR(simulated.bca.high, exact.bca.high, 0.004);
}

TEST(LatticeBootstrap, SwappingArmsMirrorsAndOrderChangesNoBit) {
  auto d = three_hundred_rows();
  auto const one = *lattice_bootstrap(d, 3);
  std::rotate(d.begin(), d.begin() + 111, d.end());
  auto const moved = *lattice_bootstrap(d, 3);
  EXPECT_EQ(moved.percentile, one.percentile);
  EXPECT_EQ(moved.bca, one.bca);
  EXPECT_EQ(moved.sd, one.sd);
  for (auto& x : d) x = -x;
  auto const mirrored = *lattice_bootstrap(d, 3);
  // The lower limit is the smallest point that reaches 2.5%, the upper that reaches 97.5%: mirrored up to a
  // step.
  double const step = 1.0 / 900 + 1e-12;
  EXPECT_NEAR(mirrored.percentile.low, -one.percentile.high, step);
  EXPECT_NEAR(mirrored.percentile.high, -one.percentile.low, step);
  EXPECT_TRUE(agrees(mirrored.acceleration, -one.acceleration));
}

TEST(LatticeBootstrap, LatticeOnlyScales) {
  auto d = three_hundred_rows();
  auto const one = *lattice_bootstrap(d, 3);
  for (auto& x : d) x *= 1'000'000;
  auto const other = *lattice_bootstrap(d, 3'000'000);
  EXPECT_TRUE(agrees(other.bca.low, one.bca.low));
  EXPECT_TRUE(agrees(other.sd, one.sd));
}

TEST(LatticeBootstrap, EqualRowsAreAPoint) {
  for (auto const& d : {Counts{2}, Counts{2, 2, 2}}) {
    auto const out = lattice_bootstrap(d, 4);
    ASSERT_TRUE(out);
    EXPECT_EQ(out->percentile, (Interval{0.5, 0.5}));
    EXPECT_EQ(out->bca, out->percentile);
    EXPECT_EQ(out->sd, 0);
  }
  EXPECT_EQ(resampled_bootstrap(Values(3, 0.5), 1)->bca, (Interval{0.5, 0.5}));
}

TEST(LatticeBootstrap, NothingOutOfRangeOrTooLarge) {
  Counts const d = {1, 0, -1};
  EXPECT_FALSE(lattice_bootstrap({}, 1));
  EXPECT_FALSE(lattice_bootstrap(d, 0));
  EXPECT_FALSE(lattice_bootstrap(d, 1, 1));
  EXPECT_FALSE(lattice_bootstrap(Counts{INT64_MAX, 1}, 1));
  EXPECT_FALSE(lattice_bootstrap(Counts{INT64_MIN, 1}, 1));
  EXPECT_FALSE(lattice_bootstrap(Counts{0, 1, 1'000'000}, 1));
  Counts many(18'000, 0);
  for (std::size_t i = 0; i < many.size(); ++i) many[i] = static_cast<std::int64_t>(i % 9'000);
  EXPECT_FALSE(lattice_bootstrap(many, 9'000));
}

TEST(ResampledBootstrap, AgreesWithReference) {
  auto const& v = golden("v05_continuous_BCa");
  auto const d = v.at("d").get<Values>();
  auto const out = resampled_bootstrap(d, 2026);
  ASSERT_TRUE(out);
  auto const& bca = v.at("bca");
  double const tolerance = bca.at("tol");
  EXPECT_TRUE(agrees(out->acceleration, bca.at("acceleration_exact")));
  EXPECT_NEAR(out->z0, bca.at("z0_mc").get<double>(), 0.04);  // three standard errors at 9,999 replicates
  EXPECT_NEAR(out->bca.low, bca.at("ci_mc_2e6")[0].get<double>(), tolerance);
  EXPECT_NEAR(out->bca.high, bca.at("ci_mc_2e6")[1].get<double>(), tolerance);
  EXPECT_NEAR(out->percentile.low, v.at("percentile_mc_2e6")[0].get<double>(), tolerance);
  EXPECT_NEAR(out->percentile.high, v.at("percentile_mc_2e6")[1].get<double>(), tolerance);
}

// The whole contract of the generator: rows, replicates and the purpose tag, by the hash of ten thousand
// sums.
std::int64_t hash_of(Values const& means) {
  std::uint64_t hash = 0;
  for (double const mean : means)
    hash = hash * 1'000'003 + static_cast<std::uint64_t>(std::llround(mean * 300));
  return static_cast<std::int64_t>(hash);
}

TEST(ResampledBootstrap, HasTheReferenceHashFromOneThreadAndFromEight) {
  auto const expected = golden("v15_philox").at("bootstrap_contract").at("hash").get<std::int64_t>();
  auto const counts = three_hundred_rows();
  Values const d(counts.begin(), counts.end());
  CounterRng const rng(12345);
  Values alone(10'000);
  resample_means(d, rng, 0, alone);
  EXPECT_EQ(hash_of(alone), expected);

  Values shared(10'000);
  std::vector<std::thread> threads;
  for (std::uint32_t part = 0; part < 8; ++part)
    threads.emplace_back(
        [&, part] { resample_means(d, rng, part * 1250, std::span(shared).subspan(part * 1250, 1250)); });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(shared, alone);
}

TEST(ResampledBootstrap, NothingOutOfRange) {
  Values const d = {1, 2};
  EXPECT_FALSE(resampled_bootstrap({}, 1));
  EXPECT_FALSE(resampled_bootstrap(d, 1, 99));
  EXPECT_FALSE(resampled_bootstrap(d, 1, 10'000'001));
  EXPECT_FALSE(resampled_bootstrap(d, 1, 999, 0));
  EXPECT_FALSE(resampled_bootstrap(Values{1, std::numeric_limits<double>::quiet_NaN()}, 1));
  EXPECT_FALSE(resampled_bootstrap(Values{1, std::numeric_limits<double>::infinity()}, 1));
}

}  // namespace
}  // namespace itera::stats
