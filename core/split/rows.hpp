#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/compact_string.hpp"
#include "core/base/hash.hpp"
#include "core/base/maybe_number.hpp"
#include "core/base/rare.hpp"
#include "core/base/result.hpp"
#include "core/plan/plan.hpp"
#include "core/ports/actors.hpp"

namespace itera::split {

enum class Part : std::uint8_t { train, dev, test };
std::string_view to_string(Part part);

/// One row as the experiment sees it. Owns its text.
struct Row {
  CompactString key;
  CompactString input;  ///< JSON object of the declared inputs, in the declared order
  std::optional<CompactString> expected;
  std::vector<CompactString> slices;  ///< one value for each slice column of the plan
  CompactString entity;               ///< empty: the row stands alone
  Digest digest;           ///< SHA-256 over all of the above, and over severity and facts if there are any
  MaybeNumber severity{};  ///< >= 0: how much the row matters; nothing if the plan has no severity
  /// JSON object of the columns that conditions of failure categories read; empty if no condition reads one.
  Rare<std::string> facts{};
};

/// Everything that the source holds, sorted by key, so that nothing after it depends on the source's order.
struct Population {
  std::vector<Row> rows;
  ports::SourceReport report;
  std::string digest;  ///< SHA-256 over the sorted row digests
};

/// Reads the mapped columns of every row. Errors: a column that the source does not have, a row without a
/// key, two rows with one key, no row at all, invalid UTF-8, a row whose severity is no number or negative.
Result<Population> read_population(plan::Plan const& plan, ports::Source& source);

/// One line of JSON a row, for sealed files; the inverse refuses text that is not such a line.
std::string to_line(Row const& row);
Result<Row> row_from_line(std::string_view line);

}  // namespace itera::split
