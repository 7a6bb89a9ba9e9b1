#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/run/cell.hpp"
#include "core/split/rows.hpp"

namespace itera::run {

/// One line of rows.jsonl: what verify needs to recompute everything, and no text of a row. Latency stands in
/// `meta`, which no digest covers. The entity is an ordinal within the experiment.
std::string record_line(plan::Plan const& plan, split::Part part, split::Row const& row, std::size_t entity,
                        Cell const& cell);

/// All lines of one part, sorted by row key, arm and trial.
std::string record_lines(plan::Plan const& plan, split::Part part, std::vector<split::Row> const& rows,
                         std::vector<Cell> const& cells);

/// The cells of a part back from rows.jsonl's text, with `row` as the index into `rows`. Refuses records of
/// other rows or arms.
Result<std::vector<Cell>> read_records(plan::Plan const& plan, split::Part part,
                                       std::vector<split::Row> const& rows, std::string const& text);

/// The lines of one part, as they stand in the text.
std::string records_of(split::Part part, std::string const& text);

/// The digest of record lines without their `meta`.
std::string records_digest(std::string const& text);

}  // namespace itera::run
