#include "core/host/source.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <set>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/json.hpp"
#include "core/base/text.hpp"

namespace itera::host {
namespace {

constexpr std::uint64_t kMostRows = 4096;
constexpr std::string_view kTypes[] = {"text", "int", "real", "bool", "json"};

bool is_utf8(std::string_view text) {
  auto const plain =
      std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  return plain || is_valid_utf8(text);
}

/// Turns the plugin's batches into rows and counts them.
class RowReader {
 public:
  RowReader(Instance const& instance, std::vector<std::string> const& columns,
            std::function<void(std::vector<ports::Cell>&&)> const& sink)
      : instance_(instance), columns_(columns), sink_(sink) {}

  Status take(itera_batch const& batch) {
    if (batch.columns != columns_.size())
      return instance_.broken(
          fmt::format("gave {} columns where {} were asked for", batch.columns, columns_.size()));
    if (batch.rows > kMostRows)
      return instance_.broken(fmt::format("gave {} rows in one batch (at most {})", batch.rows, kMostRows));
    if (batch.rows > 0 && batch.stride == 0) return instance_.broken("gave a batch with stride 0");
    for (std::uint64_t row = 0; row < batch.rows; ++row) {
      std::vector<ports::Cell> out(columns_.size());
      for (std::size_t column = 0; column < out.size(); ++column)
        if (auto status = read(batch, row, column, out[column]); !status) return status;
      sink_(std::move(out));
      ++rows_;
    }
    return {};
  }
  std::uint64_t rows() const { return rows_; }

 private:
  Status read(itera_batch const& batch, std::uint64_t row, std::size_t column, ports::Cell& out) const {
    itera_cell cell{};
    auto const* from = reinterpret_cast<char const*>(batch.cells[column]) + row * batch.stride;
    std::memcpy(&cell, from, std::min<std::size_t>(sizeof cell, batch.stride));
    auto const bad = [&](std::string_view what) {
      return instance_.broken(
          fmt::format("gave {} in column `{}`, row {}", what, columns_[column], rows_ + 1));
    };
    switch (cell.type) {
      case ITERA_NULL:
        out = std::monostate();
        return {};
      case ITERA_BOOL:
        out = cell.integer != 0;
        return {};
      case ITERA_INT:
        out = cell.integer;
        return {};
      case ITERA_REAL:
        if (!std::isfinite(cell.real)) return bad("a number that is not finite");
        out = cell.real;
        return {};
      case ITERA_TEXT:
      case ITERA_JSON:
        if (!is_utf8(view(cell.text))) return bad("text that is not UTF-8");
        if (cell.type == ITERA_JSON && !nlohmann::json::accept(view(cell.text)))
          return bad("a nested value that is not JSON");
        out = std::string(view(cell.text));
        return {};
      default:
        return bad(fmt::format("a cell of unknown type {}", cell.type));
    }
  }

  Instance const& instance_;
  std::vector<std::string> const& columns_;
  std::function<void(std::vector<ports::Cell>&&)> const& sink_;
  std::uint64_t rows_ = 0;
};

Result<nlohmann::json> only_document(Exchange const& exchange, Instance const& instance,
                                     std::string_view what) {
  if (exchange.documents.size() != 1)
    return instance.broken(
        fmt::format("gave {} documents where one was expected ({})", exchange.documents.size(), what));
  auto document = parse_json(exchange.documents.front(), what);
  if (!document || !document->is_object())
    return instance.broken(fmt::format("gave {} that is no JSON object", what));
  return document;
}

}  // namespace

Result<std::vector<ports::Column>> PluginSource::schema() {
  auto const* table = static_cast<itera_source_v1 const*>(instance_->table());
  Exchange exchange(instance_->cancelled());
  if (auto s = instance_->call(exchange, [&] { return table->schema(instance_->raw(), exchange.raw()); }); !s)
    return fail(s.error());
  auto const document = only_document(exchange, *instance_, "a schema");
  if (!document) return fail(document.error());
  std::vector<ports::Column> out;
  std::set<std::string> seen;
  try {
    for (auto const& column : document->at("columns")) {
      ports::Column one{column.at("name").get<std::string>(), column.at("type").get<std::string>()};
      if (!seen.insert(one.name).second)
        return instance_->broken(fmt::format("has two columns `{}`", one.name));
      if (std::count(std::begin(kTypes), std::end(kTypes), one.type) == 0)
        return instance_->broken(fmt::format("gave column `{}` the unknown type `{}`", one.name, one.type));
      out.push_back(std::move(one));
    }
  } catch (nlohmann::json::exception const&) {
    return instance_->broken("gave a schema that is not {\"columns\": [{\"name\", \"type\"}]}");
  }
  return out;
}

Result<ports::SourceReport> PluginSource::read(std::vector<std::string> const& columns,
                                               std::function<void(std::vector<ports::Cell>&&)> const& sink) {
  auto const* table = static_cast<itera_source_v1 const*>(instance_->table());
  RowReader rows(*instance_, columns, sink);
  Exchange exchange(instance_->cancelled(), [&](itera_batch const& batch) { return rows.take(batch); });
  auto const asked = canonical(columns);
  if (auto s = instance_->call(exchange,
                               [&] { return table->read(instance_->raw(), exchange.raw(), borrow(asked)); });
      !s)
    return fail(s.error());
  auto const document = only_document(exchange, *instance_, "a version report");
  if (!document) return fail(document.error());
  ports::SourceReport report;
  try {
    report = {document->at("version").get<std::string>(), document->at("rows").get<std::uint64_t>()};
  } catch (nlohmann::json::exception const&) {
    return instance_->broken("gave a version report that is not {\"version\": text, \"rows\": n}");
  }
  if (report.rows != rows.rows())
    return instance_->broken(fmt::format("reports {} rows, but gave {}", report.rows, rows.rows()));
  return report;
}

}  // namespace itera::host
