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

/// What a dimension is made of: a slice column, the expected answer, two columns that the spec stratifies by
/// together, or the entities by their size.
enum class DimensionKind { slice, expected, pair, entity };
std::string_view to_string(DimensionKind kind);

/// A dimension against production, for the sample and each part.
struct DimensionAudit {
  std::string column;            ///< of a pair "tier, answer"
  std::vector<CellCount> cells;  ///< sorted by value; entities by size, and by number, never by name
  std::vector<std::optional<stats::Audit>>
      audits{};  ///< of sample, train, dev, test; nothing for an empty part, and for one that is not judged
  DimensionKind kind = DimensionKind::slice;
  /// False for entities: the caps take rows from the large ones on purpose, so that a difference is shown and
  /// stops nothing.
  bool judged = true;
};

struct Distribution {
  std::vector<DimensionAudit> dimensions;
  bool failed() const;
  /// One line for each material mismatch.
  std::vector<std::string> failures() const;
};

/// Counts only. Production is what the spec's `traffic` declares for a column, else every row of the source.
/// A column with more than 100 values is text, not a class, and is left out; likewise a pair, and a pair of
/// which one column has its traffic declared, as nobody knows the pair's then. Entities are audited in the
/// sample alone: parts hold whole ones. In folds (`folds`) the reading fold is counted and not judged.
Distribution distribution_of(plan::Plan const& plan, std::vector<Row> const& production,
                             std::vector<Row> const& rows, std::vector<Part> const& parts,
                             bool folds = false);

/// Every row of the source as counts: rows with each value of each column that is audited, of each pair, and
/// of each entity. What distribution_of() wants of the source, so that its rows need not be kept for it.
struct Production {
  std::uint64_t rows = 0;
  std::vector<std::map<std::string, std::uint64_t>> columns;  ///< the slices in their order, then the answer
  std::vector<std::map<std::string, std::uint64_t>> pairs{};
  std::map<std::string, std::uint64_t> entities{};
};
Production production_of(plan::Plan const& plan, std::vector<Row> const& rows);
/// `dropped` (empty: none) marks rows that stand in no part; `parts` is parallel to the rows, which are some
/// of production's.
Distribution distribution_of(plan::Plan const& plan, Production const& production,
                             std::vector<Row> const& rows, std::vector<Part> const& parts,
                             std::vector<bool> const& dropped, bool folds = false);

/// A value of a slice column; it is major if its share of production is at least 10%.
struct SliceValue {
  std::string column;
  std::string value;
  double production_share = 0;
  bool major = false;  ///< by production share alone
};
std::vector<SliceValue> slice_values(plan::Plan const& plan, Distribution const& distribution);

/// Refuses a split that leaves a major slice with fewer than 5 rows in a part, test first; names the cell. In
/// folds the reading fold is not asked.
Status check_presence(plan::Plan const& plan, Distribution const& distribution, bool folds = false);

}  // namespace itera::split
