#include "core/split/assign.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "core/base/hash.hpp"
#include "core/split/select.hpp"

namespace itera::split {
namespace {

constexpr std::size_t kSmallCell = 5;
constexpr std::size_t kLargeUnit = 2;

using Index = std::uint32_t;  // of a row, a unit or a stratum: there are millions
Index index(std::size_t i) {
  return static_cast<Index>(i);
}

class UnionFind {
 public:
  explicit UnionFind(std::size_t n) : parent_(n) { std::iota(parent_.begin(), parent_.end(), Index{0}); }
  Index find(Index i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }
  // The lower index wins, so that a set's root does not depend on the order of joins.
  void join(Index a, Index b) {
    a = find(a);
    b = find(b);
    parent_[std::max(a, b)] = std::min(a, b);
  }

 private:
  std::vector<Index> parent_;
};

std::string unit_name(Row const& row) {
  return row.entity.empty() ? "\x1f" + row.key : row.entity;
}

// Rows that belong together: `members` unit after unit, in each by index; unit u is members[ends[u - 1]] up
// to members[ends[u]]. Units come in the order of their first rows.
struct Units {
  std::vector<Index> members, ends;
  std::span<Index const> of(std::size_t unit) const {
    auto const begin = unit == 0 ? 0 : ends[unit - 1];
    return std::span(members).subspan(begin, ends[unit] - begin);
  }
};

Units units_of(std::vector<Row> const& rows) {
  UnionFind sets(rows.size());
  std::vector<std::pair<Hash128, Index>> names;
  auto const join_equals = [&] {
    std::sort(names.begin(), names.end());
    for (std::size_t i = 1; i < names.size(); ++i)
      if (names[i].first == names[i - 1].first) sets.join(names[i].second, names[i - 1].second);
    names.clear();
  };
  names.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i)
    names.emplace_back(sha256_128(folded_input(rows[i])), index(i));
  join_equals();
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (!rows[i].entity.empty()) names.emplace_back(sha256_128(rows[i].entity), index(i));
  join_equals();

  // A set's root is its first row.
  Units out;
  std::vector<Index> unit_of(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto const root = sets.find(index(i));
    if (root == i) {
      unit_of[i] = index(out.ends.size());
      out.ends.push_back(0);
    }
    unit_of[i] = unit_of[root];
    ++out.ends[unit_of[i]];
  }
  Index end = 0;
  for (auto& size : out.ends) end = std::exchange(size, end) + end;  // now each unit's begin
  out.members.resize(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) out.members[out.ends[unit_of[i]]++] = index(i);
  return out;
}

// Columns are dropped from the right (the answer before the slices) while a cell holds too few rows to be
// divided.
void find_strata(plan::Plan const& plan, std::vector<Row> const& rows, Assignment& out) {
  auto const& columns = plan.split.stratify;
  std::map<std::string, std::vector<Index>> found;
  auto& rest = found["*"];
  rest.resize(rows.size());
  std::iota(rest.begin(), rest.end(), Index{0});
  for (auto used = columns.size(); used > 0 && !rest.empty(); --used) {
    std::map<std::string, std::vector<Index>> cells;
    for (auto const i : rest) {
      std::string name;
      for (std::size_t c = 0; c < used; ++c) name += (c ? " / " : "") + value_in(plan, rows[i], columns[c]);
      cells[name].push_back(i);
    }
    rest.clear();
    for (auto& [name, members] : cells) {
      auto& into = members.size() >= kSmallCell ? found[name] : rest;
      into.insert(into.end(), members.begin(), members.end());
    }
  }
  out.strata.resize(rows.size());
  for (auto const& [name, members] : found) {
    if (members.empty()) continue;
    for (auto const i : members) out.strata[i] = static_cast<std::uint32_t>(out.stratum_names.size());
    out.stratum_names.push_back(name);
  }
}

// A unit's rows by stratum, sorted by stratum.
using Cells = std::vector<std::pair<Index, double>>;

struct Quota {
  std::vector<std::array<double, 3>> target, count;  // per stratum

  void add(Cells const& cells, Part part) {
    for (auto const& [cell, n] : cells) count[cell][static_cast<std::size_t>(part)] += n;
  }
  double cost(Cells const& cells, Part part) const {
    auto const p = static_cast<std::size_t>(part);
    double sum = 0;
    for (auto const& [cell, n] : cells) {
      auto const want = target[cell][p];
      if (want <= 0) return 1e300;  // a part with a share of zero takes no row
      auto const gap = count[cell][p] - want;
      sum += ((gap + n) * (gap + n) - gap * gap) / want;
    }
    return sum;
  }
};

Cells summed(Cells cells) {
  std::sort(cells.begin(), cells.end());
  std::size_t last = 0;
  for (std::size_t i = 1; i < cells.size(); ++i)
    if (cells[i].first == cells[last].first)
      cells[last].second += cells[i].second;
    else
      cells[++last] = cells[i];
  cells.resize(last + 1);
  return cells;
}

struct Pending {
  double order;
  Index unit;
  Index namesake;  // the row whose name is the unit's
};

}  // namespace

std::string value_in(plan::Plan const& plan, Row const& row, std::string const& column) {
  auto const& slices = plan.row.slices;
  auto const it = std::find(slices.begin(), slices.end(), column);
  if (it != slices.end()) return row.slices[static_cast<std::size_t>(it - slices.begin())];
  return row.expected.value_or("(none)");
}

Assignment assign(plan::Plan const& plan, std::vector<Row> const& rows, Manifest const& placed,
                  std::string_view tag_key) {
  Assignment out{std::vector<Part>(rows.size()), std::vector<bool>(rows.size()), {}, {}, placed};
  find_strata(plan, rows, out);
  auto const salt = salt_of(plan, "split");
  auto const tag = [&](std::size_t row) { return keyed_tag(tag_key, unit_name(rows[row])); };

  auto const strata = out.stratum_names.size();
  Quota quota{std::vector<std::array<double, 3>>(strata), std::vector<std::array<double, 3>>(strata)};
  for (auto const stratum : out.strata) {
    auto& target = quota.target[stratum];
    target[0] += to_double(plan.split.train);
    target[1] += to_double(plan.split.dev);
    target[2] += to_double(plan.split.test);
  }

  auto units = units_of(rows);
  std::vector<Pending> pending;
  pending.reserve(units.ends.size());
  for (std::size_t u = 0; u < units.ends.size(); ++u) {
    auto const members = units.of(u);
    std::optional<Part> known;
    bool torn = false;
    if (!placed.empty())
      for (auto const i : members)
        if (auto const it = placed.find(tag(i)); it != placed.end()) {
          torn = torn || (known && *known != it->second);
          known = it->second;
        }
    if (known) {
      for (auto const i : members) {
        auto const name = tag(i);
        auto const it = placed.find(name);
        out.dropped[i] = torn && it == placed.end();
        if (out.dropped[i]) continue;
        out.parts[i] = it == placed.end() ? *known : it->second;
        quota.add({{out.strata[i], 1.0}}, out.parts[i]);
      }
      continue;
    }
    auto const namesake = *std::min_element(members.begin(), members.end(), [&](auto a, auto b) {
      return unit_name(rows[a]) < unit_name(rows[b]);
    });
    pending.push_back({order_of(salt, unit_name(rows[namesake])), index(u), namesake});
  }

  std::sort(pending.begin(), pending.end(), [&](Pending const& a, Pending const& b) {
    auto const large_a = units.of(a.unit).size() > kLargeUnit;
    auto const large_b = units.of(b.unit).size() > kLargeUnit;
    if (large_a != large_b) return large_a;
    return a.order != b.order ? a.order < b.order : unit_name(rows[a.namesake]) < unit_name(rows[b.namesake]);
  });
  Cells cells;
  for (auto const& next : pending) {
    auto const members = units.of(next.unit);
    cells.clear();
    for (auto const i : members) cells.emplace_back(out.strata[i], 1.0);
    if (cells.size() > 1) cells = summed(std::move(cells));
    auto best = Part::test;
    auto best_cost = quota.cost(cells, best);
    for (auto const part : {Part::dev, Part::train})
      if (auto const cost = quota.cost(cells, part); cost < best_cost - 1e-12) {
        best = part;
        best_cost = cost;
      }
    quota.add(cells, best);
    for (auto const i : members) out.parts[i] = best;
  }
  pending = std::vector<Pending>();
  units = Units();

  // Into the manifest all at once, which is kept sorted.
  Manifest::sequence_type placed_now;
  placed_now.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (!out.dropped[i]) placed_now.emplace_back(tag(i), out.parts[i]);
  if (out.manifest.empty()) {
    out.manifest.adopt_sequence(std::move(placed_now));
  } else {
    out.manifest.insert(placed_now.begin(), placed_now.end());
  }
  return out;
}

}  // namespace itera::split
