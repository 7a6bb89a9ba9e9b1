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

class UnionFind {
 public:
  explicit UnionFind(std::size_t n) : parent_(n) {
    std::iota(parent_.begin(), parent_.end(), std::size_t{0});
  }
  std::size_t find(std::size_t i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }
  // The lower index wins, so that a set's root does not depend on the order of joins.
  void join(std::size_t a, std::size_t b) {
    a = find(a);
    b = find(b);
    parent_[std::max(a, b)] = std::min(a, b);
  }

 private:
  std::vector<std::size_t> parent_;
};

std::string unit_name(Row const& row) {
  return row.entity.empty() ? "\x1f" + row.key : row.entity;
}

// Rows that belong together: `members` unit after unit, in each by index; unit u is members[ends[u - 1]] up
// to members[ends[u]]. Units come in the order of their first rows.
struct Units {
  std::vector<std::size_t> members, ends;
  std::span<std::size_t const> of(std::size_t unit) const {
    auto const begin = unit == 0 ? 0 : ends[unit - 1];
    return std::span(members).subspan(begin, ends[unit] - begin);
  }
};

Units units_of(std::vector<Row> const& rows) {
  UnionFind sets(rows.size());
  std::vector<std::pair<Hash128, std::size_t>> names;
  auto const join_equals = [&] {
    std::sort(names.begin(), names.end());
    for (std::size_t i = 1; i < names.size(); ++i)
      if (names[i].first == names[i - 1].first) sets.join(names[i].second, names[i - 1].second);
    names.clear();
  };
  names.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) names.emplace_back(sha256_128(folded_input(rows[i])), i);
  join_equals();
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (!rows[i].entity.empty()) names.emplace_back(sha256_128(rows[i].entity), i);
  join_equals();

  // A set's root is its first row.
  Units out;
  std::vector<std::size_t> unit_of(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto const root = sets.find(i);
    if (root == i) {
      unit_of[i] = out.ends.size();
      out.ends.push_back(0);
    }
    unit_of[i] = unit_of[root];
    ++out.ends[unit_of[i]];
  }
  std::size_t end = 0;
  for (auto& size : out.ends) end = std::exchange(size, end) + end;  // now each unit's begin
  out.members.resize(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) out.members[out.ends[unit_of[i]]++] = i;
  return out;
}

// Columns are dropped from the right (the answer before the slices) while a cell holds too few rows to be
// divided.
std::vector<std::string> strata_of(plan::Plan const& plan, std::vector<Row> const& rows) {
  auto const& columns = plan.split.stratify;
  std::vector<std::string> out(rows.size(), "*");
  std::vector<std::size_t> open(rows.size());
  std::iota(open.begin(), open.end(), std::size_t{0});
  for (auto used = columns.size(); used > 0 && !open.empty(); --used) {
    std::map<std::string, std::vector<std::size_t>> cells;
    for (auto const i : open) {
      std::string name;
      for (std::size_t c = 0; c < used; ++c) name += (c ? " / " : "") + value_in(plan, rows[i], columns[c]);
      cells[name].push_back(i);
    }
    open.clear();
    for (auto const& [name, members] : cells)
      for (auto const i : members) members.size() >= kSmallCell ? void(out[i] = name) : open.push_back(i);
  }
  return out;
}

// A unit's rows by stratum, sorted by stratum.
using Cells = std::vector<std::pair<std::size_t, double>>;

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

// The strata by number, in the order of their names.
std::vector<std::size_t> numbered(std::vector<std::string> const& strata, std::size_t& most) {
  std::map<std::string_view, std::size_t> numbers;
  for (auto const& name : strata) numbers.emplace(name, 0);
  most = 0;
  for (auto& [_, number] : numbers) number = most++;
  std::vector<std::size_t> out;
  out.reserve(strata.size());
  for (auto const& name : strata) out.push_back(numbers.find(name)->second);
  return out;
}

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
  std::size_t unit;
  std::size_t namesake;  // the row whose name is the unit's
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
  Assignment out{std::vector<Part>(rows.size()), std::vector<bool>(rows.size()), strata_of(plan, rows),
                 placed};
  auto const salt = salt_of(plan, "split");
  auto const tag = [&](std::size_t row) { return keyed_tag(tag_key, unit_name(rows[row])); };

  std::size_t strata = 0;
  auto const stratum_of = numbered(out.strata, strata);
  Quota quota{std::vector<std::array<double, 3>>(strata), std::vector<std::array<double, 3>>(strata)};
  for (auto const stratum : stratum_of) {
    auto& target = quota.target[stratum];
    target[0] += to_double(plan.split.train);
    target[1] += to_double(plan.split.dev);
    target[2] += to_double(plan.split.test);
  }

  // Into the manifest all at once, which is kept sorted.
  std::vector<std::pair<Hash128, Part>> placed_now;
  placed_now.reserve(rows.size());
  auto const units = units_of(rows);
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
        placed_now.emplace_back(name, out.parts[i]);
        quota.add({{stratum_of[i], 1.0}}, out.parts[i]);
      }
      continue;
    }
    auto const namesake = *std::min_element(members.begin(), members.end(), [&](auto a, auto b) {
      return unit_name(rows[a]) < unit_name(rows[b]);
    });
    pending.push_back({order_of(salt, unit_name(rows[namesake])), u, namesake});
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
    for (auto const i : members) cells.emplace_back(stratum_of[i], 1.0);
    if (cells.size() > 1) cells = summed(std::move(cells));
    auto best = Part::test;
    auto best_cost = quota.cost(cells, best);
    for (auto const part : {Part::dev, Part::train})
      if (auto const cost = quota.cost(cells, part); cost < best_cost - 1e-12) {
        best = part;
        best_cost = cost;
      }
    quota.add(cells, best);
    for (auto const i : members) {
      out.parts[i] = best;
      placed_now.emplace_back(tag(i), best);
    }
  }
  out.manifest.reserve(placed.size() + placed_now.size());
  out.manifest.insert(placed_now.begin(), placed_now.end());
  return out;
}

}  // namespace itera::split
