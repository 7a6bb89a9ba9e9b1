#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/hash.hpp"
#include "core/base/result.hpp"
#include "core/run/cell.hpp"
#include "core/split/rows.hpp"

namespace itera::run {

/// rows.jsonl: one line for each cell with what verify needs to recompute everything, and no text of a row.
/// Latency and what was tried again stand in `meta`, which no digest covers. The entity is an ordinal within
/// the experiment. Hands all lines of one part to `sink`, sorted by row key, arm and trial, a line at a time.
void write_records(plan::Plan const& plan, split::Part part, std::vector<split::Row> const& rows,
                   std::vector<Cell> const& cells, std::function<void(std::string_view line)> const& sink);
/// The same as one text.
std::string record_lines(plan::Plan const& plan, split::Part part, std::vector<split::Row> const& rows,
                         std::vector<Cell> const& cells);

/// The cells of a part back from lines of rows.jsonl, with `row` as the index into `rows`, which must outlive
/// the reader, as must the plan.
class RecordReader {
 public:
  RecordReader(plan::Plan const& plan, split::Part part, std::vector<split::Row> const& rows);
  /// Whole lines, in the order of the file. Refuses records of other rows or arms.
  Status add(std::string_view lines);
  std::vector<Cell>& cells() { return cells_; }

 private:
  plan::Plan const* plan_;
  split::Part part_;
  std::map<std::string, std::uint32_t, std::less<>> row_of_, arm_of_;
  std::vector<Cell> cells_;
  std::size_t line_ = 0;
};
/// The same for one text.
Result<std::vector<Cell>> read_records(plan::Plan const& plan, split::Part part,
                                       std::vector<split::Row> const& rows, std::string_view text);

/// Hands the lines of one part to `visit` as they stand in the text; gives the number of other lines.
std::size_t records_of(split::Part part, std::string_view lines,
                       std::function<void(std::string_view line)> const& visit);

/// The digest of record lines without their `meta`.
class RecordsDigest {
 public:
  /// Whole lines, in the order of the file.
  void add(std::string_view lines);
  std::string hex() const { return bodies_.hex(); }

 private:
  Sha256 bodies_;
};
std::string records_digest(std::string_view text);

}  // namespace itera::run
