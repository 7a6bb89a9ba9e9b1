#pragma once
#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace itera::html {

/// What an arm did on a row against the baseline: it passed in a larger share of its trials, in a smaller
/// one, or in the same. None for the baseline and where either has no trial with a score.
enum class Flip { none, win, loss, same };

/// One arm on one row, over its trials.
struct ArmCell {
  std::uint32_t trials = 0, scored = 0, passed = 0;
  double score_sum = 0;  ///< over the scored trials, each 0..1
  std::set<std::string> failures;
  std::optional<double> cost_usd;    ///< mean over the trials that report it
  std::optional<double> latency_ms;  ///< mean over the trials that were timed
  std::string error;                 ///< of the first trial that has one
  Flip flip = Flip::none;
};

/// One row of the table: what rows.jsonl holds of a split and row key.
struct TableRow {
  bool test = false;
  std::string key;
  std::optional<std::string> row_class;
  std::vector<std::string> slices;  ///< in the order of Selection::columns
  double weight = 1;
  std::vector<ArmCell> arms;  ///< the baseline first
};

/// Which rows come first: those where an arm flips, then those that fail somewhere, then the rest.
enum class Rank { flip, failure, rest };

struct Tally {
  std::uint64_t shown = 0, all = 0;
};

struct Selection {
  std::vector<std::string> columns;  ///< slice columns
  std::vector<TableRow> rows;        ///< by rank; test before dev; by key
  std::array<Tally, 3> ranks;        ///< by Rank
  Tally rows_in_all;
  bool classes_left_out = false;  ///< more than kMostClasses of them: expected answers, not classes
  std::string problem;            ///< why there are no rows; empty if there are
};

/// Above this number of different values, `class` is an expected answer in free text and is left out.
inline constexpr std::size_t kMostClasses = 200;

/// Streams rows.jsonl once and keeps its first `most` rows by rank; memory grows with `most`, not with the
/// file. `arms` are the arms' names, the baseline first. A file that cannot be read, or a line that is no
/// record of these arms, is a problem and leaves no rows.
/// Precondition on the file, as itera writes it: the lines of one split and key stand together.
Selection select_rows(std::filesystem::path const& file, std::vector<std::string> const& arms,
                      std::size_t most);

Rank rank_of(TableRow const& row);

}  // namespace itera::html
