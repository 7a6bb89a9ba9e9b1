#pragma once
#include <optional>
#include <string>
#include <vector>

#include "plugins/drawing/figures.hpp"

namespace itera::drawing {

enum class State { plain, holds, fails, unsure };

/// A row of a forest plot: an arm's effect on all rows or on one slice, and what is to be said of it.
struct ForestRow {
  std::string label;
  Effect const* effect = nullptr;
  bool whole = false;  ///< all rows, not a slice
  std::optional<double> n, floor;
  State state = State::plain;
  std::string words;  ///< the state in words: "fails C4", "loss not excluded"
};

struct ForestBlock {
  Arm const* arm;
  std::vector<ForestRow> rows;
};

/// The floor of a slice in files that register none, as a fraction.
inline constexpr double kDefaultFloor = -0.02;

/// The arms that have an effect, in the data's order. A file that itera wrote says itself which clauses fail;
/// in any other an estimate is held against the threshold and the slice's floor, or the default floor.
/// Points into `figures`.
std::vector<ForestBlock> forest_blocks(Figures const& figures);

/// "fasttext, length=long: −8.3pp [−12.7, −3.8] on 398 rows; floor −2pp; fails C4"
std::string spoken(Arm const& arm, ForestRow const& row, int decimals);
/// "[−12.7, −3.8]"
std::string interval_text(Interval const& interval, int decimals);

}  // namespace itera::drawing
