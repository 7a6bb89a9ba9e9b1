#include "core/split/impact.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/plan/evaluate.hpp"

namespace itera::split {
namespace {

using Json = nlohmann::json;

constexpr double kFactor = 5;
constexpr std::size_t kFewestRows = 20;
constexpr std::size_t kMostRows = 5000;
constexpr double kShareOfNumbers = 0.9;
constexpr double kGreatestCap = 1e9;

std::optional<double> number_of(Json const& value) {
  if (value.is_number()) return value.get<double>();
  if (value.is_string()) return plan::number_in(value.get_ref<std::string const&>());
  return std::nullopt;
}

// The least value that at least this share of the sorted values does not exceed.
double quantile(std::vector<double> const& sorted, double share) {
  auto const rank = std::ceil(share * static_cast<double>(sorted.size()));
  return sorted[static_cast<std::size_t>(std::max(1.0, rank)) - 1];
}

std::string column_text(std::string const& name) {
  constexpr std::string_view words[] = {"key", "input",   "expected", "slice", "entity", "severity",
                                        "and", "or",      "not",      "min",   "max",    "abs",
                                        "len", "matches", "true",     "false"};
  auto const plain = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; };
  bool const bare = !std::isdigit(static_cast<unsigned char>(name[0])) &&
                    std::all_of(name.begin(), name.end(), plain) &&
                    std::find(std::begin(words), std::end(words), name) == std::end(words);
  return bare ? name : "`" + name + "`";
}

// Two digits, rounded up: a cap is a matter of judgement, not of measurement.
std::string cap_text(double p95) {
  auto const unit = std::max(1.0, std::pow(10, std::floor(std::log10(p95)) - 1));
  auto const cap = std::llround(std::ceil(p95 / unit) * unit);
  return cap % 1000 == 0 ? fmt::format("{}k", cap / 1000) : std::to_string(cap);
}

}  // namespace

std::optional<Impact> varying_impact(plan::Plan const& plan, std::vector<Row const*> const& rows) {
  if (rows.size() < kFewestRows) return std::nullopt;
  std::vector<std::vector<double>> values(plan.row.inputs.size());
  auto const step = (rows.size() + kMostRows - 1) / kMostRows;
  std::size_t looked_at = 0;
  for (std::size_t r = 0; r < rows.size(); r += step) {
    ++looked_at;
    auto const input = Json::parse(rows[r]->input.view(), nullptr, false);
    if (!input.is_object()) continue;
    for (std::size_t i = 0; i < values.size(); ++i)
      if (auto const it = input.find(plan.row.inputs[i]); it != input.end())
        if (auto const number = number_of(*it)) values[i].push_back(std::abs(*number));
  }
  std::optional<Impact> out;
  for (std::size_t i = 0; i < values.size(); ++i) {
    auto& column = values[i];
    if (static_cast<double>(column.size()) < kShareOfNumbers * static_cast<double>(looked_at)) continue;
    std::sort(column.begin(), column.end());
    auto const median = quantile(column, 0.5), p95 = quantile(column, 0.95);
    if (!(median > 0) || !(p95 > kFactor * median) || p95 < 1 || p95 > kGreatestCap) continue;
    if (out && p95 / median <= out->p95 / out->median) continue;
    out = Impact{plan.row.inputs[i], median, p95,
                 fmt::format("severity min(abs({}), {})", column_text(plan.row.inputs[i]), cap_text(p95))};
  }
  return out;
}

}  // namespace itera::split
