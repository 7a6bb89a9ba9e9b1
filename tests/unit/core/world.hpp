#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/verdict/conclude.hpp"
#include "tests/unit/core/support.hpp"

namespace itera::test {

/// A test set in tiers, written as how many rows each arm gains and loses against the baseline in each.
struct Tier {
  std::string name;
  std::size_t rows = 0;
  std::vector<std::size_t> wins, losses;  // per arm
};

struct World {
  plan::Plan plan;
  std::vector<split::Row> rows;
  std::vector<run::Cell> cells;
  std::vector<split::SliceValue> slices;
  std::size_t total = 0;
  std::vector<std::optional<verdict::DevEffect>> dev;  // per arm; empty: nothing is known of dev

  World(plan::Plan p, std::vector<Tier> const& tiers) : plan(std::move(p)) {
    for (auto const& tier : tiers) total += tier.rows;
    for (auto const& tier : tiers) {
      slices.push_back({"tier", tier.name, static_cast<double>(tier.rows) / static_cast<double>(total),
                        tier.rows * 10 >= total});
      for (std::size_t i = 0; i < tier.rows; ++i) {
        auto const row = rows.size();
        rows.push_back(test::row(fmt::format("k{}", row), fmt::format("t{}", row), "x", tier.name));
        for (std::size_t arm = 0; arm < plan.arms.size(); ++arm) {
          // Rows that an arm gains are the baseline's failures at the front, those that it loses stand at the
          // back.
          auto const failures = tier.rows / 2;
          bool right = i >= failures;
          if (arm > 0 && i < tier.wins[arm - 1]) right = true;
          if (arm > 0 && i >= tier.rows - tier.losses[arm - 1]) right = false;
          for (std::uint32_t trial = 0; trial < plan.trials; ++trial) add(row, arm, trial, right);
        }
      }
    }
  }
  void add(std::size_t row, std::size_t arm, std::uint32_t trial, bool right) {
    run::Cell cell;
    cell.row = static_cast<std::uint32_t>(row), cell.arm = static_cast<std::uint32_t>(arm),
    cell.trial = trial;
    cell.ending = run::Ending::scored;
    cell.score = right ? run::kScoreUnit : 0;
    cell.passed = right;
    cells.push_back(cell);
  }
  verdict::Verdict verdict(verdict::Integrity integrity = {}) const {
    auto test = verdict::tally(plan, rows, cells);
    test.dev = dev;
    return verdict::conclude(plan, test, slices, std::move(integrity));
  }
};

}  // namespace itera::test
