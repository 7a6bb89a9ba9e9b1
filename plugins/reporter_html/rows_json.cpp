#include <cmath>
#include <map>

#include <nlohmann/json.hpp>

#include "html.hpp"
#include "rows_table.hpp"

namespace itera::html {
namespace {

using Json = nlohmann::json;

// A page must not grow with the length of a key or of an error message.
constexpr std::size_t kMostOfText = 160;

class Texts {
 public:
  int place(std::string const& text) {
    auto const [at, added] = places_.emplace(visible(text, kMostOfText), static_cast<int>(places_.size()));
    if (added) texts_.push_back(at->first);
    return at->second;
  }
  Json take() { return std::move(texts_); }

 private:
  std::map<std::string, int> places_;
  Json texts_ = Json::array();
};

// What a reader can tell apart: the rest of a double's digits would be half of the page.
Json rounded(double value, int digits) {
  if (value == 0 || !std::isfinite(value)) return 0;
  auto const scale = std::pow(10, digits - 1 - std::floor(std::log10(std::fabs(value))));
  return std::round(value * scale) / scale;
}

Json flip_json(Flip flip) {
  return flip == Flip::win ? Json(1) : flip == Flip::loss ? Json(-1) : flip == Flip::same ? Json(0) : Json();
}

Json cell_json(ArmCell const& cell, Texts& texts) {
  Json failures = Json::array();
  for (auto const& failure : cell.failures) failures.push_back(texts.place(failure));
  return {cell.scored ? rounded(cell.score_sum / cell.scored, 6) : Json(),
          cell.passed,
          cell.trials,
          flip_json(cell.flip),
          failures,
          cell.cost_usd ? rounded(*cell.cost_usd, 4) : Json(),
          cell.latency_ms ? rounded(*cell.latency_ms, 3) : Json(),
          cell.error.empty() ? Json() : Json(texts.place(cell.error))};
}

}  // namespace

Json rows_json(Selection const& selection, std::vector<std::string> const& arms) {
  Texts texts;
  Json rows = Json::array();
  for (auto const& row : selection.rows) {
    Json slices = Json::array();
    for (auto const& slice : row.slices) slices.push_back(texts.place(slice));
    Json cells = Json::array();
    for (auto const& cell : row.arms) cells.push_back(cell_json(cell, texts));
    rows.push_back({row.test ? 1 : 0, visible(row.key, kMostOfText),
                    row.row_class ? Json(texts.place(*row.row_class)) : Json(), slices, row.weight, cells});
  }
  Json names = Json::array(), columns = Json::array();
  for (auto const& arm : arms) names.push_back(visible(arm));
  for (auto const& column : selection.columns) columns.push_back(visible(column));
  return {{"arms", names}, {"columns", columns}, {"rows", rows}, {"texts", texts.take()}};
}

std::string script_json(Json const& value) {
  std::string out;
  for (auto const text = value.dump(); char const c : text) switch (c) {
      case '<':
        out += "\\u003c";
        break;
      case '>':
        out += "\\u003e";
        break;
      case '&':
        out += "\\u0026";
        break;
      default:
        out += c;
    }
  // Line ends to older scripts, which JSON allows as they are; their last byte alone differs.
  for (auto const* end : {"\xE2\x80\xA8", "\xE2\x80\xA9"})
    for (std::size_t at = 0; (at = out.find(end, at)) != out.npos;)
      out.replace(at, 3, end[2] == '\xA8' ? "\\u2028" : "\\u2029");
  return out;
}

}  // namespace itera::html
