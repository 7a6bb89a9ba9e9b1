#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/rng.hpp"
#include "core/verdict/tally.hpp"

namespace itera::forecast {

/// Shares of all rows, in [0, 1], on which an arm turns a failure of the baseline into a pass, and a pass
/// into a failure. gain - loss is the true effect, gain + loss the share of rows that truly differ.
struct Flips {
  double gain = 0, loss = 0;
};

/// The values of one slice column and how many rows each has; they add up to the world's rows.
struct SliceColumn {
  std::string column;
  std::vector<std::pair<std::string, std::size_t>> values;
};

/// What a made-up test set is drawn from. Scores are 0 or 1. A row is noisy with probability `noisy`: then
/// every answer, of every arm and trial, passes with probability `noisy_pass`. On the other rows an arm
/// repeats itself: the baseline passes with probability `baseline`, and each arm flips its answer so that
/// over all rows the shares of its `Flips` come out (docs/decisions/0022).
struct World {
  std::size_t rows = 0;
  std::uint32_t trials = 3;
  double baseline = .65;
  double noisy = .10, noisy_pass = .65;
  std::vector<SliceColumn> slices;
  /// Per candidate arm: one entry that holds everywhere, or one per value of the first slice column.
  std::vector<std::vector<Flips>> arms;
  /// Failed trials are tagged with one of so many categories, the same for all of a row, drawn evenly.
  std::size_t categories = 0;
  /// Rows that follow each other are one entity, so many at a time; 0 if no entity is declared. Two rows of
  /// one entity are alike (one draw for both) with probability `alike`.
  std::size_t rows_per_entity = 0;
  double alike = 0;
};

/// Whether the world can be: a gain takes failures of the baseline, a loss its passes.
bool possible(World const& world);

/// Makes test sets of one world. Replicate r is a function of the key and r alone, whatever was drawn before
/// it and on whichever thread. One maker serves one thread.
class Maker {
 public:
  Maker(World world, std::uint64_t key);
  /// Valid until the next call. The first arm is the baseline.
  verdict::Tally const& make(std::uint32_t replicate);
  World const& world() const { return world_; }

 private:
  double draw(std::size_t number, std::uint32_t replicate, std::uint32_t stream) const;

  World world_;
  CounterRng rng_;
  verdict::Tally tally_;
  std::vector<std::size_t> flips_at_;  ///< per row, which entry of an arm's flips
};

}  // namespace itera::forecast
