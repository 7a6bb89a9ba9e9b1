#include "core/split/assign.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <optional>
#include <unordered_map>

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

std::vector<std::vector<std::size_t>> units_of(std::vector<Row> const& rows) {
  UnionFind sets(rows.size());
  std::unordered_map<std::string, std::size_t> first;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (auto const& name : {"e" + unit_name(rows[i]), "t" + sha256(folded_input(rows[i]))}) {
      auto const [it, fresh] = first.emplace(name, i);
      if (!fresh) sets.join(it->second, i);
    }
  }
  std::map<std::size_t, std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < rows.size(); ++i) groups[sets.find(i)].push_back(i);
  std::vector<std::vector<std::size_t>> out;
  for (auto& [_, members] : groups) out.push_back(std::move(members));
  return out;
}

// Columns are dropped from the right (the answer before the slices) while a cell holds too few rows to be
// divided.
std::vector<std::string> strata_of(plan::Plan const& plan, std::vector<Row> const& rows) {
  auto const& columns = plan.split.stratify;
  std::vector<std::string> out(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) out[i] = "*";
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

struct Quota {
  std::map<std::string, std::array<double, 3>> target, count;

  void add(std::map<std::string, double> const& cells, Part part) {
    for (auto const& [cell, n] : cells) count[cell][static_cast<std::size_t>(part)] += n;
  }
  double cost(std::map<std::string, double> const& cells, Part part) {
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

  Quota quota;
  for (auto const& stratum : out.strata) {
    auto& target = quota.target[stratum];
    target[0] += to_double(plan.split.train);
    target[1] += to_double(plan.split.dev);
    target[2] += to_double(plan.split.test);
  }

  struct Pending {
    double order;
    std::string name;
    std::vector<std::size_t> members;
    std::map<std::string, double> cells;
  };
  std::vector<Pending> pending;
  for (auto& members : units_of(rows)) {
    std::optional<Part> known;
    bool torn = false;
    for (auto const i : members)
      if (auto const it = placed.find(tag(i)); it != placed.end()) {
        torn = torn || (known && *known != it->second);
        known = it->second;
      }
    Pending unit{0, {}, std::move(members), {}};
    if (known) {
      for (auto const i : unit.members) {
        auto const it = placed.find(tag(i));
        out.dropped[i] = torn && it == placed.end();
        if (out.dropped[i]) continue;
        out.parts[i] = it == placed.end() ? *known : it->second;
        out.manifest[tag(i)] = out.parts[i];
        quota.add({{out.strata[i], 1.0}}, out.parts[i]);
      }
      continue;
    }
    for (auto const i : unit.members) {
      unit.cells[out.strata[i]] += 1;
      auto const name = unit_name(rows[i]);
      if (unit.name.empty() || name < unit.name) unit.name = name;
    }
    unit.order = order_of(salt, unit.name);
    pending.push_back(std::move(unit));
  }

  std::sort(pending.begin(), pending.end(), [](Pending const& a, Pending const& b) {
    auto const large_a = a.members.size() > kLargeUnit;
    auto const large_b = b.members.size() > kLargeUnit;
    if (large_a != large_b) return large_a;
    return a.order != b.order ? a.order < b.order : a.name < b.name;
  });
  for (auto const& unit : pending) {
    auto best = Part::test;
    auto best_cost = quota.cost(unit.cells, best);
    for (auto const part : {Part::dev, Part::train})
      if (auto const cost = quota.cost(unit.cells, part); cost < best_cost - 1e-12) {
        best = part;
        best_cost = cost;
      }
    quota.add(unit.cells, best);
    for (auto const i : unit.members) {
      out.parts[i] = best;
      out.manifest[tag(i)] = best;
    }
  }
  return out;
}

}  // namespace itera::split
