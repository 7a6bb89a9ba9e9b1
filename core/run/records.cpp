#include "core/run/records.hpp"

#include <algorithm>
#include <map>
#include <numeric>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/hash.hpp"
#include "core/base/json.hpp"
#include "core/base/text.hpp"
#include "core/split/assign.hpp"

namespace itera::run {
namespace {

using Json = nlohmann::json;

// Ordinals in the order of a hash, so that the number says nothing of the name.
std::map<std::string, std::size_t> ordinals(plan::Plan const& plan, std::vector<split::Row> const& rows) {
  std::vector<std::pair<std::string, std::string>> hashed;
  for (auto const& row : rows)
    if (!row.entity.empty())
      hashed.emplace_back(sha256(fmt::format("entity\x1f{}\x1f{}", plan.seed, row.entity)), row.entity);
  std::sort(hashed.begin(), hashed.end());
  std::map<std::string, std::size_t> out;
  for (auto const& [_, entity] : hashed) out.emplace(entity, out.size() + 1);
  return out;
}

std::string json_text(std::string_view text) {
  return canonical(Json(text));
}

}  // namespace

std::string record_line(plan::Plan const& plan, split::Part part, split::Row const& row, std::size_t entity,
                        Cell const& cell) {
  // Written as text, keys in the order of canonical JSON: this is done once for every cell.
  std::string slices, failures;
  std::vector<std::size_t> by_name(plan.row.slices.size());
  std::iota(by_name.begin(), by_name.end(), 0U);
  std::sort(by_name.begin(), by_name.end(),
            [&](auto a, auto b) { return plan.row.slices[a] < plan.row.slices[b]; });
  for (auto const i : by_name)
    slices += fmt::format("{}{}:{}", slices.empty() ? "" : ",", json_text(plan.row.slices[i]),
                          json_text(row.slices[i]));
  for (auto const& failure : cell.failures) failures += (failures.empty() ? "" : ",") + json_text(failure);
  auto const number = [](double x) { return Json(x).dump(); };
  return fmt::format(
      R"({{"arm":{},"class":{},"cost_usd":{},"ending":{},"entity":{},"error":{},"failures":[{}],"key":{},)"
      R"("meta":{{"attempts":{},"latency_ms":{}}},"passed":{},"score":{},"slices":{{{}}},"split":{},)"
      R"("tokens":{},"trial":{},"weight":1}})",
      json_text(plan.arms[cell.arm].name),
      row.expected && plan.row.expected ? json_text(*row.expected) : "null",
      cell.cost_usd ? number(*cell.cost_usd) : "null", json_text(to_string(cell.ending)), entity,
      cell.error.empty() ? "null" : json_text(cell.error.substr(0, 400)), failures, json_text(row.key),
      cell.attempts, number(cell.latency_ms), has_score(cell) ? (cell.passed ? "true" : "false") : "null",
      has_score(cell) ? number(static_cast<double>(cell.score) / static_cast<double>(kScoreUnit)) : "null",
      slices, json_text(split::to_string(part)),
      cell.tokens ? fmt::format(R"({{"in":{},"out":{}}})", cell.tokens->in, cell.tokens->out) : "null",
      cell.trial);
}

std::string record_lines(plan::Plan const& plan, split::Part part, std::vector<split::Row> const& rows,
                         std::vector<Cell> const& cells) {
  auto const entities = ordinals(plan, rows);
  std::vector<Cell const*> sorted;
  for (auto const& cell : cells) sorted.push_back(&cell);
  std::sort(sorted.begin(), sorted.end(), [&](Cell const* a, Cell const* b) {
    return std::tie(rows[a->row].key, a->arm, a->trial) < std::tie(rows[b->row].key, b->arm, b->trial);
  });
  std::string out;
  for (auto const* cell : sorted) {
    auto const& row = rows[cell->row];
    out += record_line(plan, part, row, row.entity.empty() ? 0 : entities.at(row.entity), *cell) + "\n";
  }
  return out;
}

Result<std::vector<Cell>> read_records(plan::Plan const& plan, split::Part part,
                                       std::vector<split::Row> const& rows, std::string const& text) {
  std::map<std::string, std::size_t> row_of, arm_of;
  for (std::size_t i = 0; i < rows.size(); ++i) row_of[rows[i].key] = i;
  for (std::size_t i = 0; i < plan.arms.size(); ++i) arm_of[plan.arms[i].name] = i;
  std::vector<Cell> out;
  std::size_t number = 0;
  for (auto const& text_line : split_lines(text)) {
    ++number;
    auto const bad = [&] {
      return fail(ErrorClass::invalid, fmt::format("rows.jsonl:{}: not a record of this experiment", number),
                  "restore it from version control");
    };
    auto const line = parse_json(text_line, "rows.jsonl");
    if (!line) return bad();
    try {
      if (line->at("split") != split::to_string(part)) continue;
      auto const row = row_of.find(line->at("key").get<std::string>());
      auto const arm = arm_of.find(line->at("arm").get<std::string>());
      if (row == row_of.end() || arm == arm_of.end()) return bad();
      Cell cell;
      cell.row = row->second;
      cell.arm = arm->second;
      cell.trial = line->at("trial");
      auto const ending = line->at("ending").get<std::string>();
      cell.ending = ending == "scored"        ? Ending::scored
                    : ending == "arm_error"   ? Ending::arm_error
                    : ending == "judge_error" ? Ending::judge_error
                                              : Ending::missing;
      if (!line->at("score").is_null())
        cell.score = static_cast<std::int64_t>(
            line->at("score").get<double>() * static_cast<double>(kScoreUnit) + 0.5);
      if (!line->at("passed").is_null()) cell.passed = line->at("passed");
      cell.failures = line->at("failures").get<std::vector<std::string>>();
      if (!line->at("error").is_null()) cell.error = line->at("error");
      if (!line->at("cost_usd").is_null()) cell.cost_usd = line->at("cost_usd").get<double>();
      if (!line->at("tokens").is_null())
        cell.tokens = Tokens{line->at("tokens").at("in"), line->at("tokens").at("out")};
      cell.latency_ms = line->at("meta").at("latency_ms");
      cell.attempts = line->at("meta").at("attempts");
      out.push_back(std::move(cell));
    } catch (Json::exception const&) {
      return bad();
    }
  }
  return out;
}

std::string records_of(split::Part part, std::string const& text) {
  // By text, as records_digest() does it.
  auto const mark = fmt::format(",\"split\":{},", json_text(split::to_string(part)));
  std::string out;
  for (std::string_view rest = text; !rest.empty();) {
    auto const line = rest.substr(0, std::min(rest.find('\n'), rest.size() - 1) + 1);
    if (line.find(mark) != line.npos) out += line;
    rest.remove_prefix(line.size());
  }
  return out;
}

std::string records_digest(std::string const& text) {
  // By text: within a string of JSON this cannot occur unescaped, and `meta` holds numbers alone, so two
  // files with one remainder differ in nothing but `meta`.
  constexpr std::string_view kMeta = ",\"meta\":{";
  std::string bodies;
  bodies.reserve(text.size());
  std::size_t from = 0;
  for (auto at = text.find(kMeta); at != text.npos; at = text.find(kMeta, from)) {
    bodies.append(text, from, at - from);
    auto const end = text.find('}', at);
    from = end == text.npos ? text.size() : end + 1;
  }
  bodies.append(text, from);
  return sha256(bodies);
}

}  // namespace itera::run
