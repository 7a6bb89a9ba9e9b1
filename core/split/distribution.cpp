#include "core/split/distribution.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/base/hash.hpp"
#include "core/split/assign.hpp"

namespace itera::split {
namespace {

constexpr std::size_t kMaxClasses = 100;
constexpr double kMajorShare = 0.10;
constexpr std::uint64_t kMajorRows = 5;
constexpr std::array<std::string_view, 4> kSets{"sample", "train", "dev", "test"};

std::array<std::uint64_t, 4> counts(CellCount const& c) {
  return {c.sample, c.train, c.dev, c.test};
}

std::vector<std::string> audited(plan::Plan const& plan) {
  auto columns = plan.row.slices;
  if (plan.row.expected) columns.push_back(*plan.row.expected);
  return columns;
}

}  // namespace

Production production_of(plan::Plan const& plan, std::vector<Row> const& rows) {
  Production out;
  out.rows = rows.size();
  for (auto const& column : audited(plan)) {
    auto& counts = out.columns.emplace_back();
    for (auto const& row : rows) ++counts[value_in(plan, row, column)];
  }
  return out;
}

Distribution distribution_of(plan::Plan const& plan, std::vector<Row> const& production,
                             std::vector<Row> const& rows, std::vector<Part> const& parts) {
  return distribution_of(plan, production_of(plan, production), rows, parts, {});
}

Distribution distribution_of(plan::Plan const& plan, Production const& production,
                             std::vector<Row> const& rows, std::vector<Part> const& parts,
                             std::vector<bool> const& dropped) {
  auto const columns = audited(plan);
  Distribution out;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    auto const& column = columns[c];
    std::map<std::string, CellCount> cells;
    for (auto const& [value, count] : production.columns[c]) cells[value].production = count;
    auto const declared = std::find_if(plan.traffic.begin(), plan.traffic.end(),
                                       [&](auto const& t) { return t.column == column; });
    bool const known = declared != plan.traffic.end();
    if (known)
      for (auto const& [value, share] : declared->shares) cells[value].declared = to_double(share);
    auto const is_slice =
        std::find(plan.row.slices.begin(), plan.row.slices.end(), column) != plan.row.slices.end();
    if (!is_slice && cells.size() > kMaxClasses) continue;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (!dropped.empty() && dropped[i]) continue;
      auto& cell = cells[value_in(plan, rows[i], column)];
      ++cell.sample;
      ++(parts[i] == Part::train ? cell.train : parts[i] == Part::dev ? cell.dev : cell.test);
    }
    DimensionAudit dimension{column, {}, {}};
    std::vector<double> shares;
    for (auto& [value, cell] : cells) {
      cell.value = value;
      if (known && !cell.declared) cell.declared = 0;
      shares.push_back(cell.declared ? *cell.declared : static_cast<double>(cell.production));
      dimension.cells.push_back(cell);
    }
    for (std::size_t set = 0; set < kSets.size(); ++set) {
      std::vector<std::int64_t> observed;
      for (auto const& cell : dimension.cells)
        observed.push_back(static_cast<std::int64_t>(counts(cell)[set]));
      dimension.audits.push_back(stats::audit_distribution(
          {observed, shares, known ? std::nullopt : std::optional(static_cast<double>(production.rows)),
           purpose_key(std::to_string(plan.seed), "audit:" + column)}));
    }
    out.dimensions.push_back(std::move(dimension));
  }
  return out;
}

std::vector<std::string> Distribution::failures() const {
  std::vector<std::string> out;
  for (auto const& dimension : dimensions)
    for (std::size_t set = 0; set < dimension.audits.size(); ++set) {
      auto const& audit = dimension.audits[set];
      if (!audit || audit->verdict != stats::AuditVerdict::fail) continue;
      if (audit->absent.empty())
        out.push_back(fmt::format("{} differs from production in `{}` (total variation {:.3f}, p {:.2g})",
                                  kSets[set], dimension.column, audit->tv, audit->p));
      for (auto const cell : audit->absent)
        out.push_back(fmt::format("{} holds no row with {}={} (about {:.1f} expected)", kSets[set],
                                  dimension.column, dimension.cells[cell].value, audit->expected[cell]));
    }
  return out;
}

bool Distribution::failed() const {
  return !failures().empty();
}

std::vector<SliceValue> slice_values(plan::Plan const& plan, Distribution const& distribution) {
  std::vector<SliceValue> out;
  for (auto const& dimension : distribution.dimensions) {
    if (std::find(plan.row.slices.begin(), plan.row.slices.end(), dimension.column) == plan.row.slices.end())
      continue;
    std::uint64_t total = 0;
    for (auto const& cell : dimension.cells) total += cell.production;
    for (auto const& cell : dimension.cells) {
      auto const share = cell.declared ? *cell.declared
                         : total       ? static_cast<double>(cell.production) / static_cast<double>(total)
                                       : 0.0;
      out.push_back({dimension.column, cell.value, share, share >= kMajorShare});
    }
  }
  return out;
}

Status check_presence(plan::Plan const& plan, Distribution const& distribution) {
  for (auto const& slice : slice_values(plan, distribution)) {
    if (!slice.major) continue;
    for (auto const& dimension : distribution.dimensions) {
      if (dimension.column != slice.column) continue;
      for (auto const& cell : dimension.cells) {
        if (cell.value != slice.value) continue;
        for (auto const& [name, n] : {std::pair{"test", cell.test}, {"dev", cell.dev}, {"train", cell.train}})
          if (n < kMajorRows)
            return fail(
                ErrorClass::refused,
                fmt::format("{} holds {} rows of {}={}, which is {:.0f}% of production; at least {} are "
                            "needed to say anything of it",
                            name, n, slice.column, slice.value, slice.production_share * 100, kMajorRows),
                "take more rows (`sample`), or give that part a larger share (`split`)");
      }
    }
  }
  return {};
}

}  // namespace itera::split
