#include "core/split/select.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/hash.hpp"
#include "core/base/json_scan.hpp"
#include "core/base/text.hpp"

namespace itera::split {
namespace {

using Group = std::vector<std::size_t>;  // indices of rows

void by_order(std::vector<Row> const& rows, Group& group, std::string const& salt) {
  std::vector<std::pair<double, std::size_t>> keyed;
  keyed.reserve(group.size());
  for (auto const row : group) keyed.emplace_back(order_of(salt, rows[row].key), row);
  std::sort(keyed.begin(), keyed.end());  // rows come sorted by key, which settles ties
  for (std::size_t i = 0; i < group.size(); ++i) group[i] = keyed[i].second;
}

// No entity may hold more than its share of what remains; removing rows lowers the total, so the bound is
// recomputed until it holds.
std::uint64_t cap_shares(std::map<std::string_view, Group>& entities, std::size_t alone, Rational share) {
  std::uint64_t removed = 0;
  for (;;) {
    std::uint64_t total = alone;
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

// Appends the values of an object if all are texts.
bool plain_texts(std::string_view input, std::string& out) {
  auto const object = scan_object(input);
  if (!object) return false;
  for (auto const [_, value] : *object) {
    std::string_view text;
    if (value.get(text) != simdjson::SUCCESS) return false;
    out += text;
    out += '\x1f';
  }
  return true;
}

struct Content {
  Hash128 hash;
  std::uint32_t row;
  auto operator<=>(Content const&) const = default;  // NOLINT(modernize-use-nullptr): false alarm
};

// The rows whose input and answer no row before them has.
std::vector<std::size_t> distinct(std::vector<Row> const& rows) {
  std::vector<Content> contents;
  contents.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i)
    contents.push_back(
        {sha256_128(folded_input(rows[i]) + "\x1f" + (rows[i].expected ? fold(*rows[i].expected) : "\x1e")),
         static_cast<std::uint32_t>(i)});
  std::sort(contents.begin(), contents.end());
  std::vector<std::size_t> out;
  out.reserve(rows.size());
  for (std::size_t i = 0; i < contents.size(); ++i)
    if (i == 0 || contents[i].hash != contents[i - 1].hash) out.push_back(contents[i].row);
  std::sort(out.begin(), out.end());
  return out;
}

// Which rows stay, sorted; the counts of the others go into `out`.
std::vector<std::size_t> choose(plan::Plan const& plan, std::vector<Row> const& rows, Selection& out) {
  out.source_rows = rows.size();
  // Of equal rows the one with the lowest key stays: rows come sorted.
  auto kept = distinct(rows);
  out.duplicates = rows.size() - kept.size();

  auto const salt = salt_of(plan, "sample");
  if (plan.row.entity || plan.split.cap_per_entity > 0) {
    std::map<std::string_view, Group> entities;
    std::vector<std::size_t> alone;
    for (auto const row : kept)
      rows[row].entity.empty() ? alone.push_back(row) : entities[rows[row].entity].push_back(row);
    for (auto& [_, group] : entities) {
      by_order(rows, group, salt);
      if (plan.split.cap_per_entity == 0 || group.size() <= plan.split.cap_per_entity) continue;
      out.over_cap += group.size() - plan.split.cap_per_entity;
      group.resize(plan.split.cap_per_entity);
    }
    if (plan.row.entity) out.over_share = cap_shares(entities, alone.size(), plan.split.cap_share);
    kept = std::move(alone);
    for (auto const& [_, group] : entities) kept.insert(kept.end(), group.begin(), group.end());
  }
  if (plan.sample && *plan.sample < kept.size()) {
    by_order(rows, kept, salt);
    out.not_sampled = kept.size() - *plan.sample;
    kept.resize(*plan.sample);
  }
  std::sort(kept.begin(), kept.end());
  return kept;
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
  if (plain_texts(row.input, text)) return fold(text);
  text.clear();
  for (auto const& value : nlohmann::ordered_json::parse(row.input.view()))
    text += (value.is_string() ? value.get<std::string>() : value.dump()) + "\x1f";
  return fold(text);
}

Selection select(plan::Plan const& plan, Population const& population) {
  Selection out;
  auto const kept = choose(plan, population.rows, out);
  out.rows.reserve(kept.size());
  for (auto const row : kept) out.rows.push_back(population.rows[row]);
  return out;
}

Selection select(plan::Plan const& plan, Population&& population) {
  Selection out;
  auto const kept = choose(plan, population.rows, out);
  out.rows = std::move(population.rows);
  for (std::size_t i = 0; i < kept.size(); ++i)
    if (kept[i] != i) out.rows[i] = std::move(out.rows[kept[i]]);
  out.rows.resize(kept.size());
  return out;
}

}  // namespace itera::split
