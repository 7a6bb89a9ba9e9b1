#include "core/run/records.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <numeric>
#include <optional>
#include <tuple>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/hash.hpp"
#include "core/base/json.hpp"
#include "core/base/json_scan.hpp"
#include "core/base/json_text.hpp"

namespace itera::run {
namespace {

using Json = nlohmann::json;

// Ordinals in the order of a hash, so that the number says nothing of the name.
std::map<std::string, std::size_t> ordinals(plan::Plan const& plan, std::vector<split::Row> const& rows) {
  std::vector<std::pair<std::string, std::string>> hashed;
  for (auto const& row : rows)
    if (!row.entity.empty())
      hashed.emplace_back(sha256(fmt::format("entity\x1f{}\x1f{}", plan.seed, row.entity.view())),
                          row.entity);
  std::sort(hashed.begin(), hashed.end());
  std::map<std::string, std::size_t> out;
  for (auto const& [_, entity] : hashed) out.emplace(entity, out.size() + 1);
  return out;
}

// What a cache read or was written is only there where a cache was.
void append_tokens(std::string& out, Tokens const& tokens) {
  out += '{';
  if (tokens.cached_in > 0 || tokens.cache_write > 0)
    out += fmt::format(R"("cache_write":{},"cached_in":{},)", tokens.cache_write, tokens.cached_in);
  out += fmt::format(R"("in":{},"out":{}}})", tokens.in, tokens.out);
}

// Words of the caller, in which no bracket may stand: see RecordsDigest.
void append_retries(std::string& out, std::vector<std::string> const& retries) {
  out += R"(,"retries":[)";
  for (auto const& retry : retries) {
    if (&retry != &retries.front()) out += ',';
    auto word = retry;
    std::replace(word.begin(), word.end(), '}', '?');
    append_json(out, word);
  }
  out += ']';
}

// What is the same in every line of a part.
class Form {
 public:
  Form(plan::Plan const& plan, split::Part part)
      : expected_(plan.row.expected), slices_(plan.row.slices.size()) {
    for (auto const& arm : plan.arms) append_json(arms_.emplace_back(), arm.name);
    append_json(part_, split::to_string(part));
    by_name_.resize(slices_.size());
    std::iota(by_name_.begin(), by_name_.end(), std::size_t{0});
    std::sort(by_name_.begin(), by_name_.end(),
              [&](auto a, auto b) { return plan.row.slices[a] < plan.row.slices[b]; });
    for (std::size_t i = 0; i < slices_.size(); ++i) append_json(slices_[i], plan.row.slices[i]);
    for (auto const& metric : plan.secondaries) append_json(also_.emplace_back(), metric.name);
    also_by_name_.resize(also_.size());
    std::iota(also_by_name_.begin(), also_by_name_.end(), std::size_t{0});
    std::sort(also_by_name_.begin(), also_by_name_.end(),
              [&](auto a, auto b) { return plan.secondaries[a].name < plan.secondaries[b].name; });
  }

  // Written as text, keys in the order of canonical JSON: this is done once for every cell.
  void line(std::string& out, split::Row const& row, std::size_t entity, Cell const& cell) const {
    auto const text = [&](std::string_view value) { append_json(out, value); };
    auto const whole = [&](auto value) { fmt::format_to(std::back_inserter(out), "{}", value); };
    out += R"({"arm":)";
    out += arms_[cell.arm];
    out += R"(,"class":)";
    row.expected&& expected_ ? text(*row.expected) : void(out += "null");
    out += R"(,"cost_usd":)";
    cell.cost_usd ? append_json(out, *cell.cost_usd) : void(out += "null");
    out += R"(,"ending":)";
    text(to_string(cell.ending));
    out += R"(,"entity":)";
    whole(entity);
    out += R"(,"error":)";
    cell.rest->error.empty() ? void(out += "null") : text(std::string_view(cell.rest->error).substr(0, 400));
    out += R"(,"failures":[)";
    for (auto const& failure : cell.rest->failures) {
      if (&failure != &cell.rest->failures.front()) out += ',';
      text(failure);
    }
    out += ']';
    auto const& rest = *cell.rest;
    if (rest.judge_tokens) append_tokens(out += R"(,"judge_tokens":)", *rest.judge_tokens);
    if (rest.judge_usd) append_json(out += R"(,"judge_usd":)", *rest.judge_usd);
    out += R"(,"key":)";
    text(row.key);
    out += R"(,"meta":{"attempts":)";
    whole(cell.attempts);
    if (rest.first_token_ms) append_json(out += R"(,"first_token_ms":)", *rest.first_token_ms);
    out += R"(,"latency_ms":)";
    append_json(out, cell.latency_ms);
    if (rest.replayed) out += R"(,"replayed":true)";
    if (!rest.retries.empty()) append_retries(out, rest.retries);
    out += R"(},"passed":)";
    out += has_score(cell) ? (cell.passed ? "true" : "false") : "null";
    out += R"(,"score":)";
    has_score(cell) ? append_json(out, static_cast<double>(cell.score) / static_cast<double>(kScoreUnit))
                    : void(out += "null");
    if (!also_.empty()) secondaries(out, cell);
    out += R"(,"slices":{)";
    for (auto const i : by_name_) {
      if (i != by_name_.front()) out += ',';
      out += slices_[i];
      out += ':';
      text(row.slices[i]);
    }
    out += R"(},"split":)";
    out += part_;
    if (rest.steady_usd) append_json(out += R"(,"steady_usd":)", *rest.steady_usd);
    out += R"(,"tokens":)";
    rest.tokens ? append_tokens(out, *rest.tokens) : void(out += "null");
    out += R"(,"trial":)";
    whole(cell.trial);
    if (!cell.rest->undecided.empty()) {
      out += R"(,"undecided":[)";
      for (auto const& name : cell.rest->undecided) {
        if (&name != &cell.rest->undecided.front()) out += ',';
        text(name);
      }
      out += ']';
    }
    out += R"(,"weight":1})";
    out += '\n';
  }

 private:
  void secondaries(std::string& out, Cell const& cell) const {
    out += R"(,"secondaries":{)";
    for (auto const i : also_by_name_) {
      if (i != also_by_name_.front()) out += ',';
      out += also_[i];
      auto const& all = cell.rest->secondaries;
      auto const none = SecondaryScore{};
      auto const& said = i < all.size() ? all[i] : none;
      out += R"(:{"error":)";
      said.error.empty() ? void(out += "null")
                         : append_json(out, std::string_view(said.error).substr(0, 400));
      out += R"(,"score":)";
      said.score ? append_json(out, static_cast<double>(*said.score) / static_cast<double>(kScoreUnit))
                 : void(out += "null");
      out += '}';
    }
    out += '}';
  }

  bool expected_;
  std::vector<std::string> arms_, slices_, also_;
  std::string part_;
  std::vector<std::size_t> by_name_, also_by_name_;
};

Ending ending_from(std::string_view word) {
  return word == "scored"        ? Ending::scored
         : word == "arm_error"   ? Ending::arm_error
         : word == "judge_error" ? Ending::judge_error
                                 : Ending::missing;
}

struct Line {
  std::string split, key, arm;
  Cell cell;
};

std::optional<Tokens> plain_tokens(simdjson::dom::object object) {
  Tokens out;
  for (auto const [name, value] : object) {
    auto* const to = name == "in"            ? &out.in
                     : name == "out"         ? &out.out
                     : name == "cached_in"   ? &out.cached_in
                     : name == "cache_write" ? &out.cache_write
                                             : nullptr;
    if (!to || value.get(*to) != simdjson::SUCCESS) return std::nullopt;
  }
  return out;
}

Tokens tokens_from(Json const& in) {
  return {in.at("in"), in.at("out"), in.value("cached_in", std::uint64_t{0}),
          in.value("cache_write", std::uint64_t{0})};
}

// A line as it is written for nearly every cell.
std::optional<Line> plain_line(std::string_view text) {
  auto const object = scan_object(text);
  if (!object) return std::nullopt;
  Line out;
  std::string_view word;
  unsigned found = 0;
  for (auto const [name, value] : *object) {
    auto const is = [&, name = name, value = value](std::string_view wanted, unsigned bit, auto& to) {
      if (name != wanted || value.get(to) != simdjson::SUCCESS) return false;
      found |= bit;
      return true;
    };
    auto const null = value.is_null();
    std::uint64_t whole = 0;
    double number = 0;
    simdjson::dom::object nested;
    simdjson::dom::array list;
    if (is("arm", 1U, word)) {
      out.arm = word;
    } else if (is("key", 2U, word)) {
      out.key = word;
    } else if (is("split", 4U, word)) {
      out.split = word;
    } else if (is("ending", 8U, word)) {
      out.cell.ending = ending_from(word);
    } else if (is("trial", 16U, whole) && whole <= UINT32_MAX) {
      out.cell.trial = static_cast<std::uint32_t>(whole);
    } else if (name == "score" && null) {
      found |= 32U;
    } else if (is("score", 32U, number)) {
      out.cell.score = millionths(number);
    } else if (name == "passed" && null) {
      found |= 64U;
    } else if (is("passed", 64U, out.cell.passed)) {
    } else if (is("failures", 128U, list)) {
      if (list.size() > 0) return std::nullopt;
    } else if (name == "error" && null) {
      found |= 256U;
    } else if (name == "cost_usd" && null) {
      found |= 512U;
    } else if (is("cost_usd", 512U, number)) {
      out.cell.cost_usd = number;
    } else if (name == "tokens" && null) {
      found |= 1024U;
    } else if (is("tokens", 1024U, nested)) {
      auto const tokens = plain_tokens(nested);
      if (!tokens) return std::nullopt;
      out.cell.rest.edit().tokens = tokens;
    } else if (is("judge_tokens", 0, nested)) {
      auto const tokens = plain_tokens(nested);
      if (!tokens) return std::nullopt;
      out.cell.rest.edit().judge_tokens = tokens;
    } else if (is("judge_usd", 0, number)) {
      out.cell.rest.edit().judge_usd = number;
    } else if (is("steady_usd", 0, number)) {
      out.cell.rest.edit().steady_usd = number;
    } else if (is("meta", 2048U, nested)) {
      if (nested.size() != 2) return std::nullopt;
      if (nested["latency_ms"].get(out.cell.latency_ms) != simdjson::SUCCESS ||
          nested["attempts"].get(whole) != simdjson::SUCCESS || whole > UINT32_MAX)
        return std::nullopt;
      out.cell.attempts = static_cast<std::uint32_t>(whole);
    } else if (name != "class" && name != "entity" && name != "slices" && name != "weight") {
      return std::nullopt;
    }
  }
  return found == 4095U ? std::optional(std::move(out)) : std::nullopt;
}

// The same for any JSON.
std::optional<Line> careful_line(plan::Plan const& plan, std::string_view text) {
  auto const line = parse_json(text, "rows.jsonl");
  if (!line) return std::nullopt;
  try {
    Line out{line->at("split"), line->at("key"), line->at("arm"), {}};
    auto& cell = out.cell;
    cell.trial = line->at("trial");
    cell.ending = ending_from(line->at("ending").get<std::string>());
    if (!line->at("score").is_null()) cell.score = millionths(line->at("score").get<double>());
    if (!line->at("passed").is_null()) cell.passed = line->at("passed");
    if (!line->at("failures").empty())
      cell.rest.edit().failures = line->at("failures").get<std::vector<std::string>>();
    if (line->contains("undecided"))
      cell.rest.edit().undecided = line->at("undecided").get<std::vector<std::string>>();
    if (!line->at("error").is_null()) cell.rest.edit().error = line->at("error");
    if (!line->at("cost_usd").is_null()) cell.cost_usd = line->at("cost_usd").get<double>();
    if (!line->at("tokens").is_null()) cell.rest.edit().tokens = tokens_from(line->at("tokens"));
    auto& rest = cell.rest.edit();
    if (line->contains("steady_usd")) rest.steady_usd = line->at("steady_usd").get<double>();
    if (line->contains("judge_usd")) rest.judge_usd = line->at("judge_usd").get<double>();
    if (line->contains("judge_tokens")) rest.judge_tokens = tokens_from(line->at("judge_tokens"));
    auto const& meta = line->at("meta");
    cell.latency_ms = meta.at("latency_ms");
    cell.attempts = meta.at("attempts");
    if (meta.contains("first_token_ms")) rest.first_token_ms = meta.at("first_token_ms").get<double>();
    if (meta.contains("retries")) rest.retries = meta.at("retries").get<std::vector<std::string>>();
    rest.replayed = meta.value("replayed", false);
    if (cell.ending != Ending::missing)
      for (auto const& metric : plan.secondaries) {
        auto const& said = line->at("secondaries").at(metric.name);
        auto& to = rest.secondaries.emplace_back();
        if (!said.at("score").is_null()) to.score = millionths(said.at("score").get<double>());
        if (!said.at("error").is_null()) to.error = said.at("error");
      }
    cell.rest.shrink();
    return out;
  } catch (Json::exception const&) {
    return std::nullopt;
  }
}

}  // namespace

void write_records(plan::Plan const& plan, split::Part part, std::vector<split::Row> const& rows,
                   std::vector<Cell> const& cells, std::function<void(std::string_view line)> const& sink) {
  auto const entities = ordinals(plan, rows);
  // Where each row stands by key: nearly always where it stands.
  std::vector<std::size_t> rows_by_key(rows.size()), place(rows.size());
  std::iota(rows_by_key.begin(), rows_by_key.end(), std::size_t{0});
  auto const by_key = [&](auto a, auto b) { return rows[a].key < rows[b].key; };
  if (!std::is_sorted(rows_by_key.begin(), rows_by_key.end(), by_key))
    std::sort(rows_by_key.begin(), rows_by_key.end(), by_key);
  for (std::size_t i = 0; i < rows.size(); ++i) place[rows_by_key[i]] = i;

  std::vector<std::size_t> sorted(cells.size());
  std::iota(sorted.begin(), sorted.end(), std::size_t{0});
  std::sort(sorted.begin(), sorted.end(), [&](auto a, auto b) {
    return std::tuple(place[cells[a].row], cells[a].arm, cells[a].trial) <
           std::tuple(place[cells[b].row], cells[b].arm, cells[b].trial);
  });
  Form const form(plan, part);
  std::string line;
  for (auto const i : sorted) {
    auto const& row = rows[cells[i].row];
    line.clear();
    form.line(line, row, row.entity.empty() ? 0 : entities.at(std::string(row.entity)), cells[i]);
    sink(line);
  }
}

std::string record_lines(plan::Plan const& plan, split::Part part, std::vector<split::Row> const& rows,
                         std::vector<Cell> const& cells) {
  std::string out;
  write_records(plan, part, rows, cells, [&](std::string_view line) { out += line; });
  return out;
}

RecordReader::RecordReader(plan::Plan const& plan, split::Part part, std::vector<split::Row> const& rows)
    : plan_(&plan), part_(part) {
  for (std::size_t i = 0; i < rows.size(); ++i) row_of_.emplace(rows[i].key, static_cast<std::uint32_t>(i));
  for (std::size_t i = 0; i < plan.arms.size(); ++i)
    arm_of_.emplace(plan.arms[i].name, static_cast<std::uint32_t>(i));
}

Status RecordReader::add(std::string_view lines) {
  while (!lines.empty()) {
    ++line_;
    auto const end = std::min(lines.find('\n'), lines.size());
    auto const text = lines.substr(0, end);
    lines.remove_prefix(std::min(end + 1, lines.size()));
    auto line = plan_->secondaries.empty() ? plain_line(text) : std::nullopt;
    if (!line) line = careful_line(*plan_, text);
    auto const ours = line && line->split == split::to_string(part_);
    auto const row = ours ? row_of_.find(line->key) : row_of_.end();
    auto const arm = ours ? arm_of_.find(line->arm) : arm_of_.end();
    if (!line || (ours && (row == row_of_.end() || arm == arm_of_.end())))
      return fail(ErrorClass::invalid, fmt::format("rows.jsonl:{}: not a record of this experiment", line_),
                  "restore it from version control");
    if (!ours) continue;
    line->cell.row = row->second;
    line->cell.arm = arm->second;
    cells_.push_back(std::move(line->cell));
  }
  return {};
}

Result<std::vector<Cell>> read_records(plan::Plan const& plan, split::Part part,
                                       std::vector<split::Row> const& rows, std::string_view text) {
  RecordReader reader(plan, part, rows);
  if (auto const ok = reader.add(text); !ok) return fail(ok.error());
  return std::move(reader.cells());
}

std::size_t records_of(split::Part part, std::string_view lines,
                       std::function<void(std::string_view line)> const& visit) {
  // By text, as records_digest() does it.
  std::string mark = ",\"split\":";
  append_json(mark, split::to_string(part));
  mark += ',';
  std::size_t others = 0;
  while (!lines.empty()) {
    auto const line = lines.substr(0, std::min(lines.find('\n'), lines.size() - 1) + 1);
    lines.remove_prefix(line.size());
    if (line.find(mark) != line.npos)
      visit(line);
    else
      ++others;
  }
  return others;
}

void RecordsDigest::add(std::string_view lines) {
  // By text: within a string of JSON this cannot occur unescaped, and `meta` holds numbers and words alone,
  // so two files with one remainder differ in nothing but `meta`.
  constexpr std::string_view kMeta = ",\"meta\":{";
  for (auto at = lines.find(kMeta); at != lines.npos; at = lines.find(kMeta)) {
    auto const end = lines.find_first_of("}\n", at);
    if (end == lines.npos || lines[end] == '\n') break;
    bodies_.add(lines.substr(0, at));
    lines.remove_prefix(end + 1);
  }
  bodies_.add(lines);
}

std::string records_digest(std::string_view text) {
  RecordsDigest out;
  out.add(text);
  return out.hex();
}

}  // namespace itera::run
