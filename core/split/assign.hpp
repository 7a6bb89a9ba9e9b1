#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include <boost/container/flat_map.hpp>

#include "core/base/hash.hpp"
#include "core/base/result.hpp"
#include "core/plan/plan.hpp"
#include "core/split/rows.hpp"

namespace itera::split {

/// Which unit stands in which part, by opaque tag; what was placed once never moves.
using Manifest = boost::container::flat_map<Hash128, Part>;

struct Assignment {
  std::vector<Part> parts;                 ///< parallel to the rows; meaningless where `dropped`
  std::vector<bool> dropped;               ///< a new row that ties together units of different parts
  std::vector<std::uint32_t> strata;       ///< the stratum of each row after small cells were merged
  std::vector<std::string> stratum_names;  ///< by number, sorted
  Manifest manifest;                       ///< the old one and every unit placed now
};

/// Sticky quota in hash order. Units are entities, joined where two rows have the same folded input; a unit
/// never straddles parts. Large units (> 2 rows) first, then by order_of(); each goes where the squared
/// shortfall sum_cells (count - target)^2 / target falls most, ties to test, dev, train. `tag` makes the
/// opaque name of a unit.
Assignment assign(plan::Plan const& plan, std::vector<Row> const& rows, Manifest const& placed,
                  std::string_view tag_key);

/// With fewer rows than this there is no fixed train part: all rows but test's are divided into folds.
constexpr std::size_t kFoldsBelow = 50;
/// With fewer rows than this nothing is divided.
constexpr std::size_t kFewestRows = 10;
constexpr std::size_t kFolds = 5;

/// The shares for assign() of an experiment in folds: test keeps its own; of the rest a fifth is fold 1, the
/// reading fold, which stands in train's place, and four fifths are folds 2 to 5, which stand in dev's.
plan::SplitPlan in_folds(plan::SplitPlan const& split);

/// The fold, 2..kFolds, of each row of dev: whole units, stratified, by the same greedy quota in hash order
/// (ties to the lowest fold). A function of these rows and the seed; nothing of it is stored.
std::vector<std::size_t> dev_folds(plan::Plan const& plan, std::vector<Row> const& dev);

/// A row's value in a column that strata or audits are made of: a slice column or the expected answer.
std::string value_in(plan::Plan const& plan, Row const& row, std::string const& column);

}  // namespace itera::split
