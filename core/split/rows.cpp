#include "core/split/rows.hpp"

#include <algorithm>
#include <functional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/hash.hpp"
#include "core/base/json.hpp"
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

std::string digest_of(Row const& row) {
  Json parts = {row.key, row.input, row.expected ? Json(*row.expected) : Json(), row.slices, row.entity};
  if (row.severity) parts.push_back(*row.severity);
  return sha256(canonical(parts));
}

plan::Value to_value(ports::Cell const& cell) {
  if (auto const* number = std::get_if<double>(&cell)) return *number;
  if (auto const* number = std::get_if<std::int64_t>(&cell)) return static_cast<double>(*number);
  if (auto const* text = std::get_if<std::string>(&cell)) return *text;
  return {};
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
  for (auto const& name : map.inputs) inputs.push_back(column(name));
  for (auto const& name : map.slices) slices.push_back(column(name));
  auto const expected = map.expected ? std::optional(column(*map.expected)) : std::nullopt;
  auto const entity = map.entity ? std::optional(column(*map.entity)) : std::nullopt;
  if (map.severity)
    for (auto const& use : map.severity->columns) column(use.column.value);

  auto const schema = source.schema();
  if (!schema) return fail(schema.error());
  if (auto const ok = check_columns(columns, *schema); !ok) return fail(ok.error());

  Population out;
  Status trouble;
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
    nlohmann::ordered_json input = nlohmann::ordered_json::object();
    for (std::size_t i = 0; i < inputs.size(); ++i)
      input[map.inputs[i]] = nlohmann::ordered_json(to_json(cells[inputs[i]]));
    try {
      row.input = input.dump();
    } catch (nlohmann::json::type_error const&) {
      trouble = fail(ErrorClass::invalid, fmt::format("row `{}` is not valid UTF-8", row.key));
      return;
    }
    if (expected) row.expected = to_text(cells[*expected]);
    for (auto const s : slices) row.slices.push_back(to_text(cells[s]).value_or("(none)"));
    if (entity) row.entity = to_text(cells[*entity]).value_or("");
    if (map.severity) {
      auto const weight =
          severity_of(*map.severity, row.key, [&](std::string const& name) { return cells[column(name)]; });
      if (!weight) {
        trouble = fail(weight.error());
        return;
      }
      row.severity = *weight;
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
  std::string digests;
  for (auto const& row : out.rows) digests += row.digest;
  out.digest = sha256(digests);
  return out;
}

std::string to_line(Row const& row) {
  Json line = {{"key", row.key},
               {"input", row.input},
               {"slices", row.slices},
               {"entity", row.entity},
               {"digest", row.digest}};
  line["expected"] = row.expected ? Json(*row.expected) : Json();
  if (row.severity) line["severity"] = *row.severity;
  return canonical(line);
}

Result<Row> row_from_line(std::string_view text) {
  auto const line = parse_json(text, "stored row");
  if (!line) return fail(line.error());
  try {
    Row row{line->at("key"),    line->at("input"),  std::nullopt,
            line->at("slices"), line->at("entity"), line->at("digest")};
    if (!line->at("expected").is_null()) row.expected = line->at("expected").get<std::string>();
    if (line->contains("severity")) row.severity = line->at("severity").get<double>();
    if (row.digest != digest_of(row))
      return fail(ErrorClass::invalid, fmt::format("stored row `{}` does not match its digest", row.key));
    return row;
  } catch (Json::exception const&) {
    return fail(ErrorClass::invalid, "stored row: not a row of itera");
  }
}

}  // namespace itera::split
