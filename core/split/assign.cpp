#include "core/split/assign.hpp"

#include <algorithm>
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

// How many rows of each stratum each of some places should get, and has.
struct Quota {
  std::vector<double> shares;
  std::map<std::string, std::vector<double>> target, count;

  Quota(std::vector<double> of_all, std::vector<std::string> const& strata) : shares(std::move(of_all)) {
    for (auto const& stratum : strata) {
      auto& want = target[stratum];
      want.resize(shares.size());
      count[stratum].resize(shares.size());
      for (std::size_t place = 0; place < shares.size(); ++place) want[place] += shares[place];
    }
  }
  void add(std::map<std::string, double> const& cells, std::size_t place) {
    for (auto const& [cell, n] : cells) count[cell][place] += n;
  }
  double cost(std::map<std::string, double> const& cells, std::size_t place) {
    double sum = 0;
    for (auto const& [cell, n] : cells) {
      auto const want = target[cell][place];
      if (want <= 0) return 1e300;  // a part with a share of zero takes no row
      auto const gap = count[cell][place] - want;
      sum += ((gap + n) * (gap + n) - gap * gap) / want;
    }
    return sum;
  }
  // The place that is furthest short of its rows; ties go to the one that `order` names first.
  std::size_t best(std::map<std::string, double> const& cells, std::vector<std::size_t> const& order) {
    auto out = order.front();
    auto least = cost(cells, out);
    for (auto const place : order)
      if (auto const now = cost(cells, place); now < least - 1e-12) {
        out = place;
        least = now;
      }
    return out;
  }
};

// Rows that are placed together.
struct Unit {
  double order = 0;
  std::string name;
  std::vector<std::size_t> members;
  std::map<std::string, double> cells;
};

Unit make_unit(std::vector<std::size_t> members, std::vector<Row> const& rows,
               std::vector<std::string> const& strata, std::string const& salt) {
  Unit unit{0, {}, std::move(members), {}};
  for (auto const i : unit.members) {
    unit.cells[strata[i]] += 1;
    auto const name = unit_name(rows[i]);
    if (unit.name.empty() || name < unit.name) unit.name = name;
  }
  unit.order = order_of(salt, unit.name);
  return unit;
}

void sort_for_placing(std::vector<Unit>& units) {
  std::sort(units.begin(), units.end(), [](Unit const& a, Unit const& b) {
    auto const large_a = a.members.size() > kLargeUnit;
    auto const large_b = b.members.size() > kLargeUnit;
    if (large_a != large_b) return large_a;
    return a.order != b.order ? a.order < b.order : a.name < b.name;
  });
}

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

  Quota quota({to_double(plan.split.train), to_double(plan.split.dev), to_double(plan.split.test)},
              out.strata);
  std::vector<Unit> pending;
  for (auto& members : units_of(rows)) {
    std::optional<Part> known;
    bool torn = false;
    for (auto const i : members)
      if (auto const it = placed.find(tag(i)); it != placed.end()) {
        torn = torn || (known && *known != it->second);
        known = it->second;
      }
    if (known) {
      for (auto const i : members) {
        auto const it = placed.find(tag(i));
        out.dropped[i] = torn && it == placed.end();
        if (out.dropped[i]) continue;
        out.parts[i] = it == placed.end() ? *known : it->second;
        out.manifest[tag(i)] = out.parts[i];
        quota.add({{out.strata[i], 1.0}}, static_cast<std::size_t>(out.parts[i]));
      }
      continue;
    }
    pending.push_back(make_unit(std::move(members), rows, out.strata, salt));
  }

  sort_for_placing(pending);
  auto const place = [](Part part) { return static_cast<std::size_t>(part); };
  for (auto const& unit : pending) {
    auto const best = quota.best(unit.cells, {place(Part::test), place(Part::dev), place(Part::train)});
    quota.add(unit.cells, best);
    for (auto const i : unit.members) {
      out.parts[i] = static_cast<Part>(best);
      out.manifest[tag(i)] = out.parts[i];
    }
  }
  return out;
}

plan::SplitPlan in_folds(plan::SplitPlan const& split) {
  auto out = split;
  auto const folds = static_cast<std::int64_t>(kFolds);
  auto const rest = reduce(split.test.den - split.test.num, split.test.den);
  out.train = divide(rest, folds);
  out.dev = reduce(rest.num * (folds - 1), rest.den * folds);
  return out;
}

std::vector<std::size_t> dev_folds(plan::Plan const& plan, std::vector<Row> const& dev) {
  auto const salt = salt_of(plan, "folds");
  auto const strata = strata_of(plan, dev);
  Quota quota(std::vector<double>(kFolds - 1, 1.0 / (kFolds - 1)), strata);
  std::vector<std::size_t> order(kFolds - 1);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::vector<Unit> units;
  for (auto& members : units_of(dev)) units.push_back(make_unit(std::move(members), dev, strata, salt));
  sort_for_placing(units);
  std::vector<std::size_t> out(dev.size());
  for (auto const& unit : units) {
    auto const best = quota.best(unit.cells, order);
    quota.add(unit.cells, best);
    for (auto const i : unit.members) out[i] = best + 2;
  }
  return out;
}

}  // namespace itera::split
