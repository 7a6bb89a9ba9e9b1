#include "dsl/draft/profile.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <functional>

#include <fmt/format.h>

namespace itera::dsl {
namespace {

constexpr std::size_t kFewest = 64;        // numbers of a column that are kept whatever the budget
constexpr std::uint64_t kTakenOfEach = 3;  // the cap that the language has by default

std::string text_of(ports::Cell const& cell) {
  if (auto const* text = std::get_if<std::string>(&cell)) return *text;
  if (auto const* truth = std::get_if<bool>(&cell)) return *truth ? "true" : "false";
  if (auto const* integer = std::get_if<std::int64_t>(&cell)) return std::to_string(*integer);
  if (auto const* real = std::get_if<double>(&cell)) return fmt::format("{}", *real);
  return {};
}

// A whole cell that spells a finite number, in the one form that programs write: no blanks, no thousands.
std::optional<double> number_of(std::string const& text) {
  auto const sign = text.starts_with('-') ? 1U : 0U;
  if (text.size() <= sign) return std::nullopt;
  if (auto const c = text[sign]; !(c >= '0' && c <= '9') && c != '.') return std::nullopt;
  double out = 0;
  auto const* const end = text.data() + text.size();
  auto const [stop, trouble] = std::from_chars(text.data(), end, out);
  if (trouble != std::errc() || stop != end || !std::isfinite(out)) return std::nullopt;
  return out;
}

// "2026-04-12", with whatever stands behind it.
bool is_date(std::string const& text) {
  if (text.size() < 10) return false;
  for (std::size_t i = 0; i < 10; ++i) {
    bool const dash = i == 4 || i == 7;
    if (dash ? text[i] != '-' : text[i] < '0' || text[i] > '9') return false;
  }
  return text.size() == 10 || text[10] == 'T' || text[10] == ' ';
}

std::uint64_t characters_of(std::string const& text) {
  return static_cast<std::uint64_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

double quantile(std::vector<double> const& sorted, double share) {
  auto const rank = std::ceil(share * static_cast<double>(sorted.size()));
  return sorted[static_cast<std::size_t>(std::max(1.0, rank)) - 1];
}

}  // namespace

std::string_view to_string(CellType type) {
  constexpr std::string_view names[] = {"empty", "number", "date", "text"};
  return names[static_cast<int>(type)];
}

Profiler::Profiler(std::vector<ports::Column> const& columns, std::size_t most_values)
    : most_values_(most_values),
      most_numbers_(std::max(kFewest, most_values / std::max<std::size_t>(1, columns.size()))),
      columns_(columns.size()) {
  for (std::size_t i = 0; i < columns.size(); ++i) columns_[i].profile.name = columns[i].name;
}

void Profiler::add(std::vector<ports::Cell> const& cells) {
  ++rows_;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    auto& column = columns_[i];
    auto const text = text_of(cells[i]);
    if (text.empty()) {
      ++column.profile.empty;
      continue;
    }
    column.characters += characters_of(text);
    count(column, std::hash<std::string>()(text));
    auto const number = column.numbers ? number_of(text) : std::nullopt;
    if (number) measure(column, *number);
    column.numbers = number.has_value();
    column.dates = column.dates && is_date(text);
  }
}

void Profiler::count(Column& column, std::uint64_t hash) {
  if (!column.counting) return;
  auto const [found, fresh] = column.values.try_emplace(hash, 0);
  ++found->second;
  column.profile.repeated = column.profile.repeated || !fresh;
  if (fresh && ++counters_ > most_values_) stop_largest();
}

void Profiler::stop_largest() {
  auto& column = *std::max_element(columns_.begin(), columns_.end(), [](auto const& a, auto const& b) {
    return a.values.size() < b.values.size();
  });
  column.counting = false;
  column.profile.distinct = column.values.size();
  column.profile.more = true;
  counters_ -= column.values.size();
  column.values = {};
}

void Profiler::measure(Column& column, double number) const {
  column.least = column.met == 0 ? number : std::min(column.least, number);
  column.most = column.met == 0 ? number : std::max(column.most, number);
  if (column.met++ % column.stride != 0) return;
  column.magnitudes.push_back(std::abs(number));
  if (column.magnitudes.size() <= most_numbers_) return;
  std::vector<double> half;
  for (std::size_t i = 0; i < column.magnitudes.size(); i += 2) half.push_back(column.magnitudes[i]);
  column.magnitudes = std::move(half);
  column.stride *= 2;
}

Profile Profiler::finish() const {
  Profile out{rows_, {}};
  for (auto const& column : columns_) {
    auto profile = column.profile;
    profile.rows = rows_;
    auto const filled = rows_ - profile.empty;
    if (filled > 0) {
      profile.type = column.numbers ? CellType::number : column.dates ? CellType::date : CellType::text;
      profile.mean_length = static_cast<double>(column.characters) / static_cast<double>(filled);
    }
    if (column.counting && filled > 0) {
      profile.distinct = column.values.size();
      profile.smallest = filled;
      profile.left_by_cap = profile.empty;
      for (auto const& [_, n] : column.values) {
        profile.smallest = std::min<std::uint64_t>(profile.smallest, n);
        profile.largest = std::max<std::uint64_t>(profile.largest, n);
        profile.left_by_cap += std::min<std::uint64_t>(kTakenOfEach, n);
      }
    }
    if (profile.type == CellType::number) {
      auto sorted = column.magnitudes;
      std::sort(sorted.begin(), sorted.end());
      profile.range = NumberRange{column.least, column.most, quantile(sorted, .5), quantile(sorted, .95)};
    }
    out.columns.push_back(std::move(profile));
  }
  return out;
}

}  // namespace itera::dsl
