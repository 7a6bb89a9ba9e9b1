#include "core/split/rows.hpp"

#include <algorithm>
#include <functional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/hash.hpp"
#include "core/base/json.hpp"
#include "core/base/json_scan.hpp"
#include "core/base/json_text.hpp"
#include "core/base/text.hpp"
#include "core/plan/evaluate.hpp"

namespace itera::split {
namespace {

using Json = nlohmann::json;

Json to_json(ports::Cell const& cell) {
  return std::visit(
      [](auto const& v) -> Json {
        if constexpr (std::is_same_v<std::decay_t<decltype(v)>, std::monostate>)
          return nullptr;
        else
          return v;
      },
      cell);
}

// Keys, slices, entities and expected answers are compared as text, whatever the source's type.
std::optional<std::string> to_text(ports::Cell const& cell) {
  if (std::holds_alternative<std::monostate>(cell)) return std::nullopt;
  if (auto const* text = std::get_if<std::string>(&cell)) return *text;
  return canonical(to_json(cell));
}

Status check_columns(std::vector<std::string> const& wanted, std::vector<ports::Column> const& present) {
  std::vector<std::string> names;
  for (auto const& column : present) names.push_back(column.name);
  for (auto const& name : wanted) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    auto const near = did_you_mean(name, names);
    return fail(ErrorClass::invalid, fmt::format("the source has no column `{}`", name),
                near ? fmt::format("did you mean `{}`?", *near)
                     : fmt::format("its columns are {}", join_words(names)));
  }
  return {};
}

void append_list(std::string& out, std::vector<CompactString> const& texts) {
  out += '[';
  for (auto const& text : texts) {
    if (out.back() != '[') out += ',';
    append_json(out, text);
  }
  out += ']';
}

void append_optional(std::string& out, std::optional<CompactString> const& text) {
  if (text)
    append_json(out, *text);
  else
    out += "null";
}

// SHA-256 over the canonical JSON of [key, input, expected, slices, entity], and severity and facts if there
// are any.
Digest digest_of(Row const& row) {
  std::string parts;
  parts.reserve(64 + row.key.size() + row.input.size() * 5 / 4);
  parts += '[';
  append_json(parts, row.key);
  parts += ',';
  append_json(parts, row.input);
  parts += ',';
  append_optional(parts, row.expected);
  parts += ',';
  append_list(parts, row.slices);
  parts += ',';
  append_json(parts, row.entity);
  if (row.severity) {
    parts += ',';
    append_json(parts, *row.severity);
  }
  if (!row.facts->empty()) {
    parts += R"(,"facts",)";
    append_json(parts, *row.facts);
  }
  parts += ']';
  return sha256_bytes(parts);
}

// False for a text that is not UTF-8.
bool append_cell(std::string& out, ports::Cell const& cell) {
  if (auto const* text = std::get_if<std::string>(&cell)) {
    auto const before = out.size();
    append_json(out, *text);
    // Longer than the text and its quotes: something was escaped, or replaced because it was no UTF-8.
    return out.size() - before == text->size() + 2 || is_valid_utf8(*text);
  }
  out += canonical(to_json(cell));
  return true;
}

// A line as to_line() writes it, if it is of the plain form.
std::optional<Row> plain_row(std::string_view text) {
  auto const line = scan_object(text);
  if (!line) return std::nullopt;
  Row row;
  unsigned found = 0;
  for (auto const [name, value] : *line) {
    std::string_view content;
    if (name == "slices") {
      simdjson::dom::array list;
      if (value.get(list) != simdjson::SUCCESS) return std::nullopt;
      for (auto const slice : list) {
        if (slice.get(content) != simdjson::SUCCESS) return std::nullopt;
        row.slices.emplace_back(content);
      }
      found |= 1U;
    } else if (name == "expected") {
      if (value.is_null()) {
      } else if (value.get(content) == simdjson::SUCCESS) {
        row.expected = content;
      } else {
        return std::nullopt;
      }
      found |= 2U;
    } else if (name == "severity") {
      double severity = 0;
      if (value.get(severity) != simdjson::SUCCESS) return std::nullopt;
      row.severity = severity;
    } else {
      if (value.get(content) != simdjson::SUCCESS) return std::nullopt;
      if (name == "key")
        row.key = content, found |= 4U;
      else if (name == "input")
        row.input = content, found |= 8U;
      else if (name == "entity")
        row.entity = content, found |= 16U;
      else if (name == "facts")
        row.facts.edit() = content;
      else if (name == "digest") {
        auto const digest = Digest::from_hex(content);
        if (!digest) return std::nullopt;
        row.digest = *digest, found |= 32U;
      } else
        return std::nullopt;
    }
  }
  return found == 63U ? std::optional(std::move(row)) : std::nullopt;
}

// The same for any JSON.
Result<Row> careful_row(std::string_view text) {
  auto const line = parse_json(text, "stored row");
  if (!line) return fail(line.error());
  try {
    // What is no digest is not the row's either.
    auto const digest = Digest::from_hex(line->at("digest").get<std::string>()).value_or(Digest{});
    auto const text_of = [&](auto const* name) -> std::string const& {
      return line->at(name).template get_ref<std::string const&>();
    };
    Row row{text_of("key"), text_of("input"), std::nullopt, {}, text_of("entity"), digest};
    for (auto const& slice : line->at("slices")) row.slices.emplace_back(slice.get_ref<std::string const&>());
    if (!line->at("expected").is_null()) row.expected = line->at("expected").get<std::string>();
    if (line->contains("severity")) row.severity = line->at("severity").get<double>();
    if (line->contains("facts")) row.facts.edit() = line->at("facts").get<std::string>();
    return row;
  } catch (Json::exception const&) {
    return fail(ErrorClass::invalid, "stored row: not a row of itera");
  }
}

plan::Value to_value(ports::Cell const& cell) {
  if (auto const* number = std::get_if<double>(&cell)) return *number;
  if (auto const* number = std::get_if<std::int64_t>(&cell)) return static_cast<double>(*number);
  if (auto const* text = std::get_if<std::string>(&cell)) return *text;
  return {};
}

bool is_valid_utf8(Json const& object) {
  return std::all_of(object.begin(), object.end(), [](Json const& value) {
    return !value.is_string() || itera::is_valid_utf8(value.get_ref<std::string const&>());
  });
}

// The first column of an expression that holds nothing that it can use in this row, with what it holds.
std::string unusable(spec::Expression const& expression,
                     std::function<ports::Cell(std::string const&)> const& cell) {
  for (auto const& use : expression.columns) {
    auto const value = cell(use.column.value);
    auto const text = to_text(value);
    if (!text) return fmt::format("its column `{}` is empty", use.column.value);
    auto const read = to_value(value);
    auto const* written = std::get_if<std::string>(&read);
    bool const usable = use.type == spec::ValueType::number
                            ? std::holds_alternative<double>(read) || (written && plan::number_in(*written))
                            : written != nullptr;
    if (!usable)
      return fmt::format("its column `{}` holds `{}`, which is no {}", use.column.value, *text,
                         use.type == spec::ValueType::number ? "number" : "text");
  }
  return "it divides by zero, or is too large to be a number";
}

// How much a row matters. What has no weight must not weigh nothing in silence.
Result<double> severity_of(spec::Expression const& expression, std::string const& key,
                           std::function<ports::Cell(std::string const&)> const& cell) {
  auto const value =
      plan::evaluate(expression, [&](std::string const& column) { return to_value(cell(column)); });
  if (!value)
    return fail(ErrorClass::invalid,
                fmt::format("row `{}` has no severity: {}", key, unusable(expression, cell)),
                fmt::format("`severity {}` needs a number in every row: mend the row, or the expression",
                            expression.text));
  if (*value < 0)
    return fail(ErrorClass::invalid,
                fmt::format("row `{}` has the severity {:g}, which is below zero", key, *value),
                fmt::format("`severity {}` says how much a row matters, from 0: take `abs()` of what may be "
                            "negative",
                            expression.text));
  return *value == 0 ? 0.0 : *value;
}

}  // namespace

std::string_view to_string(Part part) {
  constexpr std::string_view names[] = {"train", "dev", "test"};
  return names[static_cast<int>(part)];
}

Result<Population> read_population(plan::Plan const& plan, ports::Source& source) {
  auto const& map = plan.row;
  std::vector<std::string> columns;
  auto const column = [&](std::string const& name) {
    auto const it = std::find(columns.begin(), columns.end(), name);
    if (it != columns.end()) return static_cast<std::size_t>(it - columns.begin());
    columns.push_back(name);
    return columns.size() - 1;
  };
  auto const key = column(map.key);
  std::vector<std::size_t> inputs, slices;
  std::vector<std::string> names;  // `"name":` with the comma before it
  for (auto const& name : map.inputs) {
    inputs.push_back(column(name));
    names.emplace_back(names.empty() ? "" : ",");
    append_json(names.back(), name);
    names.back() += ':';
  }
  for (auto const& name : map.slices) slices.push_back(column(name));
  auto const expected = map.expected ? std::optional(column(*map.expected)) : std::nullopt;
  auto const entity = map.entity ? std::optional(column(*map.entity)) : std::nullopt;
  if (map.severity)
    for (auto const& use : map.severity->columns) column(use.column.value);
  std::vector<std::pair<std::string, std::size_t>> facts;
  for (auto const& category : plan.categories)
    if (category.condition)
      for (auto const& use : category.condition->columns) {
        auto const known = [&](auto const& fact) { return fact.first == use.column.value; };
        if (std::none_of(facts.begin(), facts.end(), known))
          facts.emplace_back(use.column.value, column(use.column.value));
      }

  auto const schema = source.schema();
  if (!schema) return fail(schema.error());
  if (auto const ok = check_columns(columns, *schema); !ok) return fail(ok.error());

  Population out;
  Status trouble;
  std::string input;
  auto const take = [&](std::vector<ports::Cell>&& cells) {
    if (!trouble) return;
    Row row;
    row.key = to_text(cells[key]).value_or("");
    auto const number = out.rows.size() + 1;
    if (row.key.empty()) {
      trouble =
          fail(ErrorClass::invalid, fmt::format("row {} has no key (column `{}` is empty)", number, map.key),
               "every row needs a key of its own");
      return;
    }
    input = "{";
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      input += names[i];
      if (!append_cell(input, cells[inputs[i]])) {
        trouble = fail(ErrorClass::invalid, fmt::format("row `{}` is not valid UTF-8", row.key));
        return;
      }
    }
    input += '}';
    row.input = input;
    if (expected) row.expected = to_text(cells[*expected]);
    for (auto const s : slices) row.slices.push_back(to_text(cells[s]).value_or("(none)"));
    if (entity) row.entity = to_text(cells[*entity]).value_or("");
    if (map.severity) {
      auto const weight = severity_of(*map.severity, std::string(row.key),
                                      [&](std::string const& name) { return cells[column(name)]; });
      if (!weight) {
        trouble = fail(weight.error());
        return;
      }
      row.severity = *weight;
    }
    if (!facts.empty()) {
      Json object = Json::object();
      for (auto const& [name, at] : facts) object[name] = to_json(cells[at]);
      auto text = is_valid_utf8(object) ? canonical(object) : std::string();
      if (text.empty()) {
        trouble = fail(ErrorClass::invalid, fmt::format("row `{}` is not valid UTF-8", row.key));
        return;
      }
      row.facts.edit() = std::move(text);
    }
    row.digest = digest_of(row);
    out.rows.push_back(std::move(row));
  };
  auto report = source.read(columns, take);
  if (!report) return fail(report.error());
  if (!trouble) return fail(trouble.error());
  if (out.rows.empty())
    return fail(ErrorClass::invalid, "the source holds no row", "check its path or query");
  out.report = std::move(*report);

  std::sort(out.rows.begin(), out.rows.end(), [](Row const& a, Row const& b) { return a.key < b.key; });
  auto const twice = std::adjacent_find(out.rows.begin(), out.rows.end(),
                                        [](Row const& a, Row const& b) { return a.key == b.key; });
  if (twice != out.rows.end())
    return fail(ErrorClass::invalid,
                fmt::format("two rows have the key `{}` (column `{}`)", twice->key, map.key),
                "name a column that tells every row apart");
  Sha256 digests;
  for (auto const& row : out.rows) digests.add(row.digest.hex());
  out.digest = digests.hex();
  return out;
}

std::string to_line(Row const& row) {
  std::string out = "{\"digest\":";
  append_json(out, row.digest.hex());
  out += ",\"entity\":";
  append_json(out, row.entity);
  out += ",\"expected\":";
  append_optional(out, row.expected);
  if (!row.facts->empty()) {
    out += ",\"facts\":";
    append_json(out, *row.facts);
  }
  out += ",\"input\":";
  append_json(out, row.input);
  out += ",\"key\":";
  append_json(out, row.key);
  if (row.severity) {
    out += ",\"severity\":";
    append_json(out, *row.severity);
  }
  out += ",\"slices\":";
  append_list(out, row.slices);
  out += '}';
  return out;
}

Result<Row> row_from_line(std::string_view text) {
  auto plain = plain_row(text);
  auto row = plain ? Result<Row>(std::move(*plain)) : careful_row(text);
  if (row && row->digest != digest_of(*row))
    return fail(ErrorClass::invalid, fmt::format("stored row `{}` does not match its digest", row->key));
  return row;
}

}  // namespace itera::split
