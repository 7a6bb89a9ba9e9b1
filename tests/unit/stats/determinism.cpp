// Prints the bits of every statistic on made-up data. tests/unit/stats/same_bits.sh builds it with two
// compilers and compares what it prints.
#include <cmath>
#include <cstdio>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/base/rng.hpp"
#include "core/stats/agreement.hpp"
#include "core/stats/audit.hpp"
#include "core/stats/bootstrap.hpp"
#include "core/stats/exact.hpp"
#include "core/stats/holm.hpp"
#include "core/stats/mean.hpp"
#include "core/stats/noise.hpp"
#include "core/stats/paired.hpp"
#include "core/stats/paired_binary.hpp"
#include "core/stats/power.hpp"

namespace {
using namespace itera;
using namespace itera::stats;

void print(char const* what, std::initializer_list<double> values) {
  std::printf("%s", what);
  for (double const value : values) std::printf(" %a", value);
  std::printf("\n");
}

void print(char const* what, std::optional<Interval> const& ci) {
  if (ci) print(what, {ci->low, ci->high});
}

struct World {
  std::vector<double> d, continuous, weights, baseline, arm;
  std::vector<std::int64_t> whole;
  std::vector<int> clusters;

  World(std::uint32_t replicate, std::uint32_t rows) {
    CounterRng const rng(42);
    for (std::uint32_t i = 0; i < rows; ++i) {
      auto const a = rng.block(2 * i, replicate);
      auto const b = rng.block(2 * i + 1, replicate);
      whole.push_back(static_cast<std::int64_t>(bounded_index(a[0], 7)) - 3);
      d.push_back(static_cast<double>(whole.back()) / 3);
      continuous.push_back(unit_interval(a[1], a[2]) - 0.45);
      weights.push_back(1 / (0.05 + unit_interval(b[0], b[1])));
      clusters.push_back(static_cast<int>(bounded_index(a[3], 11 + replicate)));
      for (std::uint32_t k = 0; k < 3; ++k) {
        baseline.push_back(unit_interval(b[k], b[3]));
        arm.push_back(unit_interval(b[3], b[k]));
      }
    }
  }
};

void print_effect(char const* what, PairedEffect const& e) {
  print(what, {e.effect, e.centre, e.se, e.df, e.n_kish, e.g_eff, e.deff, e.c2, e.ci_low, e.ci_high,
               p_one_sided(e).value_or(-1), p_one_sided(e, 0.02).value_or(-1)});
}

void print_rows(std::uint32_t replicate, std::uint32_t rows) {
  World const w(replicate, rows);
  print_effect("rows", paired_effect({w.d, {}, {}, 0.1, 3, {}}));
  print_effect("clusters", paired_effect({w.d, {}, w.clusters, 0.1, 3, {}}));
  print_effect("weights", paired_effect({w.d, w.weights, w.clusters, 0.1, 3, {}}));
  print_effect("continuous", paired_effect({w.continuous, w.weights, {}, 0.02, 3, {}}));
  for (auto const& clusters : {std::span<int const>(), std::span<int const>(w.clusters)}) {
    if (auto const m = mean_estimate(w.continuous, w.weights, clusters)) {
      print("mean", {m->mean, m->se, m->se_cr1, m->df, t_two_sided_p(*m)});
      print("t", t_interval(*m, 0.9));
    }
    if (auto const flip = sign_flip_exact(w.whole, clusters))
      print("sign flip", {flip->one_sided, flip->two_sided});
  }
  if (auto const b = lattice_bootstrap(w.whole, 3))
    print("lattice bootstrap",
          {b->mean, b->sd, b->percentile.low, b->percentile.high, b->bca.low, b->bca.high, b->z0});
  if (auto const b = resampled_bootstrap(w.continuous, replicate, 500))
    print("bootstrap", {b->mean, b->sd, b->percentile.low, b->bca.low, b->bca.high, b->z0, b->acceleration});
  auto const noise = trial_noise({w.arm, rows, 3});
  auto const floor = noise_floor(*trial_noise({w.baseline, rows, 3}), *noise);
  print("noise", {noise->s_pass, noise->s_row, noise->within_variance, floor.s_noise});
  for (auto const scale : {AlphaScale::nominal, AlphaScale::ordinal, AlphaScale::interval})
    print("alpha", {krippendorff_alpha({w.d, 2, rows / 2}, scale).value_or(-2)});
}

void print_counts() {
  for (std::int64_t const wins : {0, 3, 9, 41}) {
    PairedCounts const c{wins, 4, 60};
    print("tango", tango(c));
    print("tango corrected", tango(c, 0.9, true));
    print("bonett-price", bonett_price(c));
    print("fay-lumbard", fay_lumbard(c));
    print("newcombe", newcombe({5, wins, 4, 51 - wins}));
    print("wilson", wilson(wins, 60));
    print("clopper-pearson", clopper_pearson(wins, 60));
    auto const m = mcnemar(wins, 4);
    print("mcnemar", {m.one_sided, m.two_sided, m.mid_p});
  }
  for (double const delta : {0.02, 0.05, 0.1}) {
    Discordance const world{0.15, delta};
    print("power", {*connor_rows(world), *asymptotic_power(150, world), *exact_power(150, world),
                    *detectable_effect(150, 0.15), *miller_rows(0.1, delta)});
  }
  std::vector<std::int64_t> const observed = {12, 30, 1, 17};
  std::vector<double> const shares = {0.18, 0.42, 0.08, 0.32};
  auto const audit = *audit_distribution({observed, shares, 1000.0, 7});
  print("audit", {audit.tv, audit.psi, audit.psi_limit, audit.p, *audit.p_chi_square});
  auto const adjusted = holm(std::vector<double>{0.021, 0.004, 0.3});
  print("holm", {adjusted[0], adjusted[1], adjusted[2]});
}

// The simulation's replicates divided among threads: one line whatever their number.
void print_shared_work(unsigned threads) {
  World const w(0, 200);
  std::vector<double> means(4000);
  CounterRng const rng(9);
  std::vector<std::thread> pool;
  auto const part = means.size() / threads;
  for (unsigned t = 0; t < threads; ++t)
    pool.emplace_back([&, t] {
      resample_means(w.continuous, rng, static_cast<std::uint32_t>(t * part),
                     std::span(means).subspan(t * part, part));
    });
  for (auto& thread : pool) thread.join();
  double sum = 0;
  for (std::size_t b = 0; b < means.size(); ++b) sum += means[b] * static_cast<double>(b % 17);
  print("shared", {sum, means.front(), means.back()});
}
}  // namespace

int main(int argc, char** argv) {
  for (std::uint32_t replicate = 0; replicate < 20; ++replicate) print_rows(replicate, 24 + 26 * replicate);
  print_counts();
  print_shared_work(argc > 1 ? static_cast<unsigned>(std::stoul(argv[1])) : 1);
}
