#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/ports/actors.hpp"

namespace itera::dsl {

/// What the cells of a column are, judged by all that are not empty.
enum class CellType { empty, number, date, text };
std::string_view to_string(CellType type);

/// Of a column of numbers. `median` and `p95` are quantiles of the magnitudes, by nearest rank; in a column
/// of more numbers than are kept they are those of every 2nd, 4th, 8th ... one.
struct NumberRange {
  double least = 0, most = 0;
  double median = 0, p95 = 0;
};

/// A column without its cells: all counts are of rows.
struct ColumnProfile {
  std::string name;
  CellType type = CellType::empty;
  std::uint64_t rows = 0;
  std::uint64_t empty = 0;     ///< cells that are null or the empty text
  std::uint64_t distinct = 0;  ///< values, without the empty one
  bool more = false;           ///< counting stopped: there are more values than `distinct`
  bool repeated = false;       ///< a value that is not empty was met twice
  /// Rows of the rarest and of the most frequent value, and rows that are left if at most three of a value
  /// are taken (empty cells stand alone). 0 if counting stopped.
  std::uint64_t smallest = 0, largest = 0, left_by_cap = 0;
  double mean_length = 0;  ///< characters of a cell that is not empty
  std::optional<NumberRange> range;
};

struct Profile {
  std::uint64_t rows = 0;
  std::vector<ColumnProfile> columns;
};

/// Takes rows one by one and keeps no cell: values are told apart by a 64-bit hash. Memory is bounded
/// whatever the number of rows: when there are more than `most_values` counters in all, the column with the
/// most values is counted no further; numbers are thinned to as many, shared out evenly over the columns.
/// Used from one thread.
class Profiler {
 public:
  explicit Profiler(std::vector<ports::Column> const& columns, std::size_t most_values = 4'000'000);
  /// Precondition: one cell for each column, in their order.
  void add(std::vector<ports::Cell> const& cells);
  Profile finish() const;

 private:
  struct Column {
    ColumnProfile profile;
    bool numbers = true, dates = true;  // no cell so far was anything else
    bool counting = true;
    std::uint64_t characters = 0;
    std::unordered_map<std::uint64_t, std::uint32_t> values;
    std::vector<double> magnitudes;  // of every `stride`-th number
    std::uint64_t stride = 1, met = 0;
    double least = 0, most = 0;
  };
  void count(Column& column, std::uint64_t hash);
  void stop_largest();
  void measure(Column& column, double number) const;

  std::size_t most_values_, counters_ = 0, most_numbers_;
  std::uint64_t rows_ = 0;
  std::vector<Column> columns_;
};

}  // namespace itera::dsl
