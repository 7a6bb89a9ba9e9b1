#include "core/run/records.hpp"

#include <algorithm>
#include <map>

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

}  // namespace

std::string record_line(plan::Plan const& plan, split::Part part, split::Row const& row, std::size_t entity,
                        Cell const& cell) {
  Json slices = Json::object();
  for (std::size_t i = 0; i < plan.row.slices.size(); ++i) slices[plan.row.slices[i]] = row.slices[i];
  Json line = {{"split", split::to_string(part)},
               {"key", row.key},
               {"arm", plan.arms[cell.arm].name},
               {"trial", cell.trial},
               {"ending", to_string(cell.ending)},
               {"slices", slices},
               {"entity", entity},
               {"weight", 1},
               {"failures", cell.failures}};
  line["class"] = row.expected && plan.row.expected ? Json(*row.expected) : Json();
  line["score"] =
      has_score(cell) ? Json(static_cast<double>(cell.score) / static_cast<double>(kScoreUnit)) : Json();
  line["passed"] = has_score(cell) ? Json(cell.passed) : Json();
  line["cost_usd"] = cell.cost_usd ? Json(*cell.cost_usd) : Json();
  line["tokens"] = cell.tokens ? Json{{"in", cell.tokens->in}, {"out", cell.tokens->out}} : Json();
  line["error"] = cell.error.empty() ? Json() : Json(cell.error.substr(0, 400));
  line["meta"] = {{"latency_ms", cell.latency_ms}, {"attempts", cell.attempts}};
  return canonical(line);
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

std::string records_digest(std::string const& text) {
  std::string bodies;
  for (auto const& line : split_lines(text)) {
    auto json = Json::parse(line, nullptr, false);
    if (json.is_object()) json.erase("meta");
    bodies += canonical(json) + "\n";
  }
  return sha256(bodies);
}

}  // namespace itera::run
