#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/plan/plan.hpp"
#include "core/split/rows.hpp"

namespace itera::split {

/// The rows that the experiment works on, and what was left out on the way, in rows.
struct Selection {
  std::vector<Row> rows;  ///< sorted by key
  std::uint64_t source_rows = 0;
  std::uint64_t duplicates = 0;   ///< same input and answer after case and white space are folded
  std::uint64_t over_cap = 0;     ///< beyond the cap of their entity
  std::uint64_t over_share = 0;   ///< beyond the share that one entity may take
  std::uint64_t not_sampled = 0;  ///< left out by `sample N rows`
};

/// Number in [0, 1) that orders a unit: the first 53 bits of SHA-256(salt || 0x1f || name).
double order_of(std::string_view salt, std::string_view name);
/// The salt of an experiment's sampling and splitting; a function of the registered seed only.
std::string salt_of(plan::Plan const& plan, std::string_view purpose);

/// What makes two rows the same row: the folded input text and answer.
std::string folded_input(Row const& row);

/// Exact duplicates out, caps, then the sample: the `sample` rows with the lowest order. A function of the
/// set of rows and the seed, never of their order.
Selection select(plan::Plan const& plan, Population const& population);
/// The same without a copy of any row.
Selection select(plan::Plan const& plan, Population&& population);

}  // namespace itera::split
