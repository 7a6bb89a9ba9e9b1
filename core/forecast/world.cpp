#include "core/forecast/world.hpp"

#include <algorithm>
#include <numeric>

namespace itera::forecast {
namespace {

// Streams of the generator; an arm's flips and trials have streams of their own from these on.
constexpr std::uint32_t kRow = 0, kAlike = 1, kDeal = 2, kFlip = 0x100, kTrial = 0x1000;
constexpr double kSlack = 1e-9;

// Values dealt out by their counts, each where it is most behind: two equal ones alternate.
std::vector<std::size_t> dealt(SliceColumn const& column, std::size_t rows) {
  std::vector<std::size_t> given(column.values.size(), 0), out;
  for (std::size_t row = 0; row < rows; ++row) {
    std::size_t best = 0;
    double most = -1;
    for (std::size_t v = 0; v < given.size(); ++v) {
      auto const want = static_cast<double>(column.values[v].second) * static_cast<double>(row + 1) /
                        static_cast<double>(rows);
      if (auto const behind = want - static_cast<double>(given[v]);
          given[v] < column.values[v].second && behind > most + kSlack) {
        most = behind;
        best = v;
      }
    }
    ++given[best];
    out.push_back(best);
  }
  return out;
}

}  // namespace

bool possible(World const& world) {
  auto const steady = 1 - world.noisy;
  for (auto const& arm : world.arms)
    for (auto const& f : arm)
      if (f.gain < -kSlack || f.loss < -kSlack || f.gain > steady * (1 - world.baseline) + kSlack ||
          f.loss > steady * world.baseline + kSlack)
        return false;
  return true;
}

Maker::Maker(World world, std::uint64_t key) : world_(std::move(world)), rng_(key) {
  auto const& w = world_;
  tally_.rows = w.rows;
  tally_.trials = w.trials;
  for (std::size_t arm = 0; arm <= w.arms.size(); ++arm) {
    verdict::ArmTally one;
    one.scores.assign(w.rows * w.trials, 0);
    one.complete.assign(w.rows, true);
    one.failures.assign(w.categories, std::vector<std::uint32_t>(w.rows, 0));
    tally_.arms.push_back(std::move(one));
  }
  flips_at_.assign(w.rows, 0);
  for (std::size_t c = 0; c < w.slices.size(); ++c) {
    auto values = dealt(w.slices[c], w.rows);
    if (c == 0) flips_at_ = values;
    // Columns beyond the first lie across it: shuffled, the same way in every replicate.
    for (std::size_t i = values.size(); c > 0 && i > 1; --i) {
      auto const at = rng_.word(static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(c), kDeal);
      std::swap(values[i - 1], values[bounded_index(at, static_cast<std::uint32_t>(i))]);
    }
    tally_.slices.emplace_back();
    for (auto const value : values) tally_.slices.back().push_back(w.slices[c].values[value].first);
  }
  if (w.rows_per_entity > 0)
    for (std::size_t row = 0; row < w.rows; ++row)
      tally_.clusters.push_back(static_cast<int>(row / w.rows_per_entity));
}

double Maker::draw(std::size_t number, std::uint32_t replicate, std::uint32_t stream) const {
  auto const words = rng_.block(static_cast<std::uint32_t>(number), replicate, stream);
  return unit_interval(words[0], words[1]);
}

verdict::Tally const& Maker::make(std::uint32_t replicate) {
  auto const& w = world_;
  for (auto& arm : tally_.arms)
    for (auto& category : arm.failures) std::fill(category.begin(), category.end(), 0);
  auto const trials = w.trials;
  for (std::size_t row = 0; row < w.rows; ++row) {
    // A row that is like its entity takes the draws of the entity's first row.
    auto source = row;
    if (w.rows_per_entity > 1 && w.alike > 0 && draw(row, replicate, kAlike) < w.alike)
      source = row / w.rows_per_entity * w.rows_per_entity;
    auto const words = rng_.block(static_cast<std::uint32_t>(source), replicate, kRow);
    bool const noisy = unit_interval(words[0], 0) < w.noisy;
    bool const passes = unit_interval(words[1], words[2]) < w.baseline;
    auto const category =
        w.categories == 0 ? 0 : bounded_index(words[3], static_cast<std::uint32_t>(w.categories));
    for (std::size_t arm = 0; arm < tally_.arms.size(); ++arm) {
      auto& out = tally_.arms[arm];
      bool steady = passes;
      if (arm > 0 && !noisy) {
        auto const& all = w.arms[arm - 1];
        auto const& flips = all.size() == 1 ? all[0] : all[flips_at_[row]];
        auto const share = passes ? flips.loss / ((1 - w.noisy) * w.baseline)
                                  : flips.gain / ((1 - w.noisy) * (1 - w.baseline));
        if (share > 0 && draw(source, replicate, kFlip + static_cast<std::uint32_t>(arm)) < share)
          steady = !steady;
      }
      std::uint32_t failed = 0;
      for (std::uint32_t k = 0; k < trials; ++k) {
        auto const pass =
            noisy ? draw(row * trials + k, replicate, kTrial + static_cast<std::uint32_t>(arm)) < w.noisy_pass
                  : steady;
        out.scores[row * trials + k] = pass ? run::kScoreUnit : 0;
        failed += !pass;
      }
      if (w.categories > 0) out.failures[category][row] = failed;
    }
  }
  return tally_;
}

}  // namespace itera::forecast
