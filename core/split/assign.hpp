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

/// A row's value in a column that strata or audits are made of: a slice column or the expected answer.
std::string value_in(plan::Plan const& plan, Row const& row, std::string const& column);

}  // namespace itera::split
