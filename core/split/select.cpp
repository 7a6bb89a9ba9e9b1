#include "core/split/select.hpp"

#include <algorithm>
#include <map>
#include <unordered_set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/hash.hpp"
#include "core/base/text.hpp"

namespace itera::split {
namespace {

using Group = std::vector<Row const*>;

void by_order(Group& group, std::string const& salt) {
  std::vector<std::pair<double, Row const*>> keyed;
  for (auto const* row : group) keyed.emplace_back(order_of(salt, row->key), row);
  std::sort(keyed.begin(), keyed.end(), [](auto const& a, auto const& b) {
    return a.first != b.first ? a.first < b.first : a.second->key < b.second->key;
  });
  for (std::size_t i = 0; i < group.size(); ++i) group[i] = keyed[i].second;
}

// No entity may hold more than its share of what remains; removing rows lowers the total, so the bound is
// recomputed until it holds.
std::uint64_t cap_shares(std::map<std::string, Group>& entities, Rational share) {
  std::uint64_t removed = 0;
  for (;;) {
    std::uint64_t total = 0;
    for (auto const& [_, group] : entities) total += group.size();
    auto const bound = std::max<std::uint64_t>(
        1, total * static_cast<std::uint64_t>(share.num) / static_cast<std::uint64_t>(share.den));
    std::uint64_t now = 0;
    for (auto& [_, group] : entities) {
      if (group.size() <= bound) continue;
      now += group.size() - bound;
      group.resize(bound);
    }
    if (now == 0) return removed;
    removed += now;
  }
}

}  // namespace

double order_of(std::string_view salt, std::string_view name) {
  return static_cast<double>(sha256_prefix(fmt::format("{}\x1f{}", salt, name)) >> 11U) * 0x1p-53;
}

std::string salt_of(plan::Plan const& plan, std::string_view purpose) {
  return fmt::format("itera-{}-v1:{}:{}", purpose, plan.name, plan.seed);
}

std::string folded_input(Row const& row) {
  std::string text;
  for (auto const& value : nlohmann::ordered_json::parse(row.input))
    text += (value.is_string() ? value.get<std::string>() : value.dump()) + "\x1f";
  return fold(text);
}

Selection select(plan::Plan const& plan, Population const& population) {
  Selection out;
  out.source_rows = population.rows.size();

  // Of equal rows the one with the lowest key stays: rows come sorted.
  std::unordered_set<std::string> seen;
  std::map<std::string, Group> entities;
  for (auto const& row : population.rows) {
    auto const label = row.expected ? fold(*row.expected) : std::string("\x1e");
    if (!seen.insert(sha256(folded_input(row) + "\x1f" + label)).second) {
      ++out.duplicates;
      continue;
    }
    entities[row.entity.empty() ? "\x1f" + row.key : row.entity].push_back(&row);
  }

  auto const salt = salt_of(plan, "sample");
  if (plan.split.cap_per_entity > 0)
    for (auto& [_, group] : entities) {
      if (group.size() <= plan.split.cap_per_entity) continue;
      by_order(group, salt);
      out.over_cap += group.size() - plan.split.cap_per_entity;
      group.resize(plan.split.cap_per_entity);
    }
  if (plan.row.entity) {
    for (auto& [_, group] : entities) by_order(group, salt);
    out.over_share = cap_shares(entities, plan.split.cap_share);
  }

  Group kept;
  for (auto const& [_, group] : entities) kept.insert(kept.end(), group.begin(), group.end());
  if (plan.sample && *plan.sample < kept.size()) {
    by_order(kept, salt);
    out.not_sampled = kept.size() - *plan.sample;
    kept.resize(*plan.sample);
  }
  std::sort(kept.begin(), kept.end(), [](Row const* a, Row const* b) { return a->key < b->key; });
  for (auto const* row : kept) out.rows.push_back(*row);
  return out;
}

}  // namespace itera::split
