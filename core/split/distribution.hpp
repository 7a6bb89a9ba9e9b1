#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/plan/plan.hpp"
#include "core/split/rows.hpp"
#include "core/stats/audit.hpp"

namespace itera::split {

/// One cell of one dimension: rows of a class or of a slice's value.
struct CellCount {
  std::string value;
  std::uint64_t production = 0, sample = 0, train = 0, dev = 0, test = 0;  ///< production: rows of the source
  std::optional<double>
      declared{};  ///< its share of production as the spec's `traffic` says it; else the source counts
};

/// A dimension (a slice column or the expected answer) against production, for the sample and each part.
struct DimensionAudit {
  std::string column;
  std::vector<CellCount> cells;  ///< sorted by value
  std::vector<std::optional<stats::Audit>>
      audits;  ///< of sample, train, dev, test; nothing for an empty part
};

struct Distribution {
  std::vector<DimensionAudit> dimensions;
  bool failed() const;
  /// One line for each material mismatch.
  std::vector<std::string> failures() const;
};

/// Counts only. Production is what the spec's `traffic` declares for a column, else every row of the source.
/// A column with more than 100 values is text, not a class, and is left out.
Distribution distribution_of(plan::Plan const& plan, std::vector<Row> const& production,
                             std::vector<Row> const& rows, std::vector<Part> const& parts);

/// Every row of the source as counts: per column that is audited, rows with each value. What
/// distribution_of() wants of the source, so that its rows need not be kept for it.
struct Production {
  std::uint64_t rows = 0;
  std::vector<std::map<std::string, std::uint64_t>> columns;  ///< the slices in their order, then the answer
};
Production production_of(plan::Plan const& plan, std::vector<Row> const& rows);
/// `dropped` (empty: none) marks rows that stand in no part; `parts` is parallel to the rows.
Distribution distribution_of(plan::Plan const& plan, Production const& production,
                             std::vector<Row> const& rows, std::vector<Part> const& parts,
                             std::vector<bool> const& dropped);

/// A value of a slice column; it is major if its share of production is at least 10%.
struct SliceValue {
  std::string column;
  std::string value;
  double production_share = 0;
  bool major = false;  ///< by production share alone
};
std::vector<SliceValue> slice_values(plan::Plan const& plan, Distribution const& distribution);

/// Refuses a split that leaves a major slice with fewer than 5 rows in a part, test first; names the cell.
Status check_presence(plan::Plan const& plan, Distribution const& distribution);

}  // namespace itera::split
