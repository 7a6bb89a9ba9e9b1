#include "core/split/distribution.hpp"

#include <algorithm>
#include <array>
#include <functional>

#include <fmt/format.h>

#include "core/base/hash.hpp"
#include "core/split/assign.hpp"
#include "core/split/select.hpp"

namespace itera::split {
namespace {

constexpr std::size_t kMaxClasses = 100;
constexpr double kMajorShare = 0.10;
constexpr std::size_t kEntities = 10;  // that are told apart
constexpr double kExpected = 5;        // rows of each in the sample
constexpr std::uint64_t kMajorRows = 5;
constexpr std::array<std::string_view, 4> kSets{"sample", "train", "dev", "test"};

std::array<std::uint64_t, 4> counts(CellCount const& c) {
  return {c.sample, c.train, c.dev, c.test};
}

using Cells = std::map<std::string, CellCount>;
using ValueOf = std::function<std::string(Row const&)>;

// The rows that were kept, with their parts.
struct Kept {
  std::vector<Row> const& rows;
  std::vector<Part> const& parts;
  std::vector<bool> const& dropped;

  std::size_t size() const {
    return rows.size() - static_cast<std::size_t>(std::count(dropped.begin(), dropped.end(), true));
  }
  void count(Cells& cells, ValueOf const& value_of) const {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (!dropped.empty() && dropped[i]) continue;
      auto& cell = cells[value_of(rows[i])];
      ++cell.sample;
      ++(parts[i] == Part::train ? cell.train : parts[i] == Part::dev ? cell.dev : cell.test);
    }
  }
};

Cells cells_of(std::map<std::string, std::uint64_t> const& production) {
  Cells out;
  for (auto const& [value, n] : production) out[value].production = n;
  return out;
}

DimensionAudit dimension_of(std::string column, DimensionKind kind, Cells&& cells) {
  DimensionAudit out{std::move(column), {}, {}, kind, kind != DimensionKind::entity};
  for (auto& [value, cell] : cells) {
    cell.value = value;
    out.cells.push_back(std::move(cell));
  }
  return out;
}

// `sets`: which of sample, train, dev and test are held against production.
void audit(plan::Plan const& plan, DimensionAudit& dimension, std::array<bool, 4> const& sets,
           std::size_t production_rows) {
  std::vector<double> shares;
  bool known = false;
  for (auto const& cell : dimension.cells) {
    known = known || cell.declared.has_value();
    shares.push_back(cell.declared ? *cell.declared : static_cast<double>(cell.production));
  }
  for (std::size_t set = 0; set < kSets.size(); ++set) {
    std::vector<std::int64_t> observed;
    for (auto const& cell : dimension.cells) observed.push_back(static_cast<std::int64_t>(counts(cell)[set]));
    dimension.audits.push_back(
        sets[set] ? stats::audit_distribution(
                        {observed, shares,
                         known ? std::nullopt : std::optional(static_cast<double>(production_rows)),
                         purpose_key(std::to_string(plan.seed), "audit:" + dimension.column)})
                  : std::nullopt);
  }
}

plan::PlannedTraffic const* declared_traffic(plan::Plan const& plan, std::string const& column) {
  auto const found = std::find_if(plan.traffic.begin(), plan.traffic.end(),
                                  [&](auto const& t) { return t.column == column; });
  return found == plan.traffic.end() ? nullptr : &*found;
}

bool is_slice(plan::Plan const& plan, std::string const& column) {
  return std::find(plan.row.slices.begin(), plan.row.slices.end(), column) != plan.row.slices.end();
}

std::vector<std::string> audited(plan::Plan const& plan) {
  auto columns = plan.row.slices;
  if (plan.row.expected) columns.push_back(*plan.row.expected);
  return columns;
}

// Two columns of a written `stratify`, of which nobody declares the traffic.
std::vector<std::pair<std::string, std::string>> pairs(plan::Plan const& plan) {
  std::vector<std::pair<std::string, std::string>> out;
  auto const& together = plan.split.stratify;
  for (std::size_t a = 0; plan.split.stratify_declared && a < together.size(); ++a)
    for (auto b = a + 1; b < together.size(); ++b)
      if (!declared_traffic(plan, together[a]) && !declared_traffic(plan, together[b]))
        out.emplace_back(together[a], together[b]);
  return out;
}

std::string value_in_both(plan::Plan const& plan, Row const& row,
                          std::pair<std::string, std::string> const& columns) {
  return value_in(plan, row, columns.first) + ", " + value_in(plan, row, columns.second);
}

// The largest by rows of production, as far as one would expect 5 rows of them in the sample; all others
// together. Numbers in place of names: records hold no entity's name.
DimensionAudit entities(plan::Plan const& plan, Production const& production, Kept const& kept) {
  std::vector<std::pair<std::uint64_t, std::string>> by_size;
  for (auto const& [name, n] : production.entities)
    if (static_cast<double>(n * kept.size()) >= kExpected * static_cast<double>(production.rows))
      by_size.emplace_back(n, name);
  auto const salt = salt_of(plan, "entities");
  std::sort(by_size.begin(), by_size.end(), [&](auto const& a, auto const& b) {
    return a.first != b.first ? a.first > b.first : order_of(salt, a.second) < order_of(salt, b.second);
  });
  if (by_size.size() > kEntities) by_size.resize(kEntities);
  std::map<std::string, std::string> shown;
  Cells cells;
  auto others = production.rows;
  for (std::size_t i = 0; i < by_size.size(); ++i) {
    auto const& name = shown[by_size[i].second] = fmt::format("no. {:02} by size", i + 1);
    cells[name].production = by_size[i].first;
    others -= by_size[i].first;
  }
  if (others > 0) cells["the others"].production = others;
  kept.count(cells, [&](Row const& row) {
    auto const found = shown.find(std::string(row.entity));
    return found == shown.end() ? std::string("the others") : found->second;
  });
  return dimension_of(*plan.row.entity, DimensionKind::entity, std::move(cells));
}

}  // namespace

std::string_view to_string(DimensionKind kind) {
  constexpr std::string_view names[] = {"slice", "expected", "pair", "entity"};
  return names[static_cast<int>(kind)];
}

Production production_of(plan::Plan const& plan, std::vector<Row> const& rows) {
  Production out;
  out.rows = rows.size();
  for (auto const& column : audited(plan)) {
    auto& counts = out.columns.emplace_back();
    for (auto const& row : rows) ++counts[value_in(plan, row, column)];
  }
  for (auto const& columns : pairs(plan)) {
    auto& counts = out.pairs.emplace_back();
    for (auto const& row : rows) ++counts[value_in_both(plan, row, columns)];
  }
  if (plan.row.entity)
    for (auto const& row : rows)
      if (!row.entity.empty()) ++out.entities[std::string(row.entity)];
  return out;
}

Distribution distribution_of(plan::Plan const& plan, std::vector<Row> const& production,
                             std::vector<Row> const& rows, std::vector<Part> const& parts, bool folds) {
  return distribution_of(plan, production_of(plan, production), rows, parts, {}, folds);
}

Distribution distribution_of(plan::Plan const& plan, Production const& production,
                             std::vector<Row> const& rows, std::vector<Part> const& parts,
                             std::vector<bool> const& dropped, bool folds) {
  Kept const kept{rows, parts, dropped};
  Distribution out;
  auto const add = [&](std::string column, DimensionKind kind, Cells cells, ValueOf const& value_of) {
    kept.count(cells, value_of);
    out.dimensions.push_back(dimension_of(std::move(column), kind, std::move(cells)));
    audit(plan, out.dimensions.back(), {true, !folds, true, true}, production.rows);
  };
  auto const columns = audited(plan);
  for (std::size_t c = 0; c < columns.size(); ++c) {
    auto const& column = columns[c];
    auto const value_of = [&](Row const& row) { return value_in(plan, row, column); };
    auto cells = cells_of(production.columns[c]);
    if (auto const* declared = declared_traffic(plan, column)) {
      for (auto const& [value, share] : declared->shares) cells[value].declared = to_double(share);
      for (auto& [value, cell] : cells)
        if (!cell.declared) cell.declared = 0;
    }
    if (!is_slice(plan, column) && cells.size() > kMaxClasses) continue;
    add(column, is_slice(plan, column) ? DimensionKind::slice : DimensionKind::expected, std::move(cells),
        value_of);
  }
  auto const together = pairs(plan);
  for (std::size_t p = 0; p < together.size(); ++p)
    if (auto cells = cells_of(production.pairs[p]); cells.size() <= kMaxClasses)
      add(together[p].first + ", " + together[p].second, DimensionKind::pair, std::move(cells),
          [&](Row const& row) { return value_in_both(plan, row, together[p]); });
  if (plan.row.entity) {
    auto dimension = entities(plan, production, kept);
    audit(plan, dimension, {true, false, false, false}, production.rows);
    out.dimensions.push_back(std::move(dimension));
  }
  return out;
}

std::vector<std::string> Distribution::failures() const {
  std::vector<std::string> out;
  for (auto const& dimension : dimensions)
    for (std::size_t set = 0; dimension.judged && set < dimension.audits.size(); ++set) {
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
    if (dimension.kind != DimensionKind::slice || !is_slice(plan, dimension.column)) continue;
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

Status check_presence(plan::Plan const& plan, Distribution const& distribution, bool folds) {
  for (auto const& slice : slice_values(plan, distribution)) {
    if (!slice.major) continue;
    for (auto const& dimension : distribution.dimensions) {
      if (dimension.kind != DimensionKind::slice || dimension.column != slice.column) continue;
      for (auto const& cell : dimension.cells) {
        if (cell.value != slice.value) continue;
        for (auto const& [name, n] : {std::pair{"test", cell.test}, {"dev", cell.dev}, {"train", cell.train}})
          if (n < kMajorRows && !(folds && name == std::string_view("train")))
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
