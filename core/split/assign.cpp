#include "core/split/assign.hpp"

#include <algorithm>
#include <array>
#include <functional>
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
  return row.entity.empty() ? "\x1f" + std::string(row.key) : std::string(row.entity);
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

// How many rows of each stratum each of some places should get, and has.
class Quota {
 public:
  Quota(std::vector<double> const& shares, std::vector<Index> const& strata, std::size_t names)
      : places_(shares.size()), target_(names * places_), count_(names * places_) {
    for (auto const stratum : strata)
      for (std::size_t place = 0; place < places_; ++place)
        target_[stratum * places_ + place] += shares[place];
  }
  void add(Cells const& cells, std::size_t place) {
    for (auto const& [cell, n] : cells) count_[cell * places_ + place] += n;
  }
  // The place that is furthest short of its rows; ties go to the one that `order` names first.
  std::size_t best(Cells const& cells, std::span<std::size_t const> order) const {
    auto out = order.front();
    auto least = cost(cells, out);
    for (auto const place : order.subspan(1))
      if (auto const now = cost(cells, place); now < least - 1e-12) {
        out = place;
        least = now;
      }
    return out;
  }

 private:
  double cost(Cells const& cells, std::size_t place) const {
    double sum = 0;
    for (auto const& [cell, n] : cells) {
      auto const want = target_[cell * places_ + place];
      if (want <= 0) return 1e300;  // a part with a share of zero takes no row
      auto const gap = count_[cell * places_ + place] - want;
      sum += ((gap + n) * (gap + n) - gap * gap) / want;
    }
    return sum;
  }

  std::size_t places_;
  std::vector<double> target_, count_;  // place by place for each stratum
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

Pending pending_unit(std::vector<Row> const& rows, Units const& units, std::size_t unit,
                     std::string const& salt) {
  auto const members = units.of(unit);
  auto const namesake = *std::min_element(members.begin(), members.end(), [&](auto a, auto b) {
    return unit_name(rows[a]) < unit_name(rows[b]);
  });
  return {order_of(salt, unit_name(rows[namesake])), index(unit), namesake};
}

// Gives each unit a place, large ones first, and tells of it.
void place_all(std::vector<Row> const& rows, Units const& units, std::vector<Pending>& pending,
               std::vector<Index> const& strata, Quota& quota, std::span<std::size_t const> order,
               std::function<void(Index row, std::size_t place)> const& put) {
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
    for (auto const i : members) cells.emplace_back(strata[i], 1.0);
    if (cells.size() > 1) cells = summed(std::move(cells));
    auto const best = quota.best(cells, order);
    quota.add(cells, best);
    for (auto const i : members) put(i, best);
  }
}

}  // namespace

std::string value_in(plan::Plan const& plan, Row const& row, std::string const& column) {
  auto const& slices = plan.row.slices;
  auto const it = std::find(slices.begin(), slices.end(), column);
  if (it != slices.end()) return std::string(row.slices[static_cast<std::size_t>(it - slices.begin())]);
  return row.expected ? std::string(*row.expected) : "(none)";
}

Assignment assign(plan::Plan const& plan, std::vector<Row> const& rows, Manifest const& placed,
                  std::string_view tag_key) {
  Assignment out{std::vector<Part>(rows.size()), std::vector<bool>(rows.size()), {}, {}, placed};
  find_strata(plan, rows, out);
  auto const salt = salt_of(plan, "split");
  auto const tag = [&](std::size_t row) { return keyed_tag(tag_key, unit_name(rows[row])); };

  Quota quota({to_double(plan.split.train), to_double(plan.split.dev), to_double(plan.split.test)},
              out.strata, out.stratum_names.size());

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
        quota.add({{out.strata[i], 1.0}}, static_cast<std::size_t>(out.parts[i]));
      }
      continue;
    }
    pending.push_back(pending_unit(rows, units, u, salt));
  }

  constexpr std::array order{std::size_t{2}, std::size_t{1}, std::size_t{0}};  // test, dev, train
  place_all(rows, units, pending, out.strata, quota, order,
            [&](Index row, std::size_t place) { out.parts[row] = static_cast<Part>(place); });
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
  Assignment found;
  find_strata(plan, dev, found);
  Quota quota(std::vector<double>(kFolds - 1, 1.0 / (kFolds - 1)), found.strata, found.stratum_names.size());
  std::array<std::size_t, kFolds - 1> order{};
  std::iota(order.begin(), order.end(), std::size_t{0});
  auto const units = units_of(dev);
  std::vector<Pending> pending;
  for (std::size_t u = 0; u < units.ends.size(); ++u) pending.push_back(pending_unit(dev, units, u, salt));
  std::vector<std::size_t> out(dev.size());
  place_all(dev, units, pending, found.strata, quota, order,
            [&](Index row, std::size_t place) { out[row] = place + 2; });
  return out;
}

}  // namespace itera::split
