#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <itera/sdk/plugin.hpp>

#include "csv_reader.hpp"

namespace {

using namespace itera::sdk;

// Optimal string alignment, for suggestions.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      auto const above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

char separator_of(Settings const& settings) {
  auto const& text = settings.text("separator");
  if (text.size() != 1 || text == "\"" || text == "\n" || text == "\r")
    throw Invalid("`separator` must be one ASCII character that is neither a quote nor a line break",
                  "for example \",\", \";\" or \"\\t\"");
  return text.front();
}

/// All cells are text: a column of numbers stays as it was written, so that "007" and "7" are two answers. An
/// empty cell is empty text, quoted or not, never null: CSV has no word for null.
class CsvSource final : public SourcePlugin {
 public:
  static itera_descriptor descriptor() {
    return make_descriptor<CsvSource>({.id = "dev.itera.source.csv",
                                       .short_name = "csv",
                                       .version = "1.0.0",
                                       .summary = "rows from a CSV file (RFC 4180) with a header line",
                                       .settings_schema = R"({"type": "object", "properties": {
           "path": {"type": "string", "x-file": true, "description": "the CSV file, UTF-8, with a header line"},
           "separator": {"type": "string", "default": ",", "description": "the character between two cells"}
         }, "required": ["path"]})",
                                       .traits = deterministic});
  }

  CsvSource(Host, Settings const& settings)
      : path_(settings.text("path")), separator_(separator_of(settings)) {}

  std::vector<Column> schema(Call const&) override {
    CsvReader file(path_, separator_);
    std::vector<Column> out;
    for (auto const& name : header(file))
      if (!name.empty()) out.push_back({name});
    return out;
  }

  std::string read(Call const&, std::vector<std::string> const& columns, Rows& rows) override {
    CsvReader file(path_, separator_);
    auto const names = header(file);
    auto const wanted = positions(names, columns);
    while (file.next()) {
      if (file.cells() != names.size())
        file.fail_at_cell(
            names.size(),
            "the row has " + count(file.cells()) + ", the header has " + std::to_string(names.size()),
            "a cell that holds the separator or a line break must stand in quotes");
      for (auto const position : wanted) rows.text(file.cell(position));
      rows.end_row();
    }
    return "csv:" + std::to_string(file.bytes());
  }

 private:
  static std::string count(std::size_t cells) {
    return std::to_string(cells) + (cells == 1 ? " cell" : " cells");
  }

  // Columns without a name (the index that some tools write) cannot be asked for, so they are no fault.
  std::vector<std::string> header(CsvReader& file) const {
    if (!file.next())
      throw Invalid("`" + path_ + "` is empty",
                    "a CSV source needs a header line with the names of its columns");
    std::map<std::string, std::size_t> seen;
    std::vector<std::string> out;
    for (std::size_t i = 0; i < file.cells(); ++i) {
      out.emplace_back(file.cell(i));
      if (!out.back().empty() && !seen.emplace(out.back(), i).second)
        file.fail_at_cell(i, "two columns are named `" + out.back() + "`",
                          "give each column a name of its own");
    }
    if (out.size() > 1) file.skip_blank_lines();
    return out;
  }

  std::vector<std::size_t> positions(std::vector<std::string> const& names,
                                     std::vector<std::string> const& wanted) const {
    std::vector<std::size_t> out;
    for (auto const& name : wanted) {
      auto const found = std::find(names.begin(), names.end(), name);
      if (found == names.end() || name.empty())
        throw Invalid("`" + path_ + "` has no column `" + name + "`", suggestion(names, name));
      out.push_back(static_cast<std::size_t>(found - names.begin()));
    }
    return out;
  }

  static std::string suggestion(std::vector<std::string> const& names, std::string const& name) {
    auto const near = std::min_element(names.begin(), names.end(), [&](auto const& a, auto const& b) {
      return distance(a, name) < distance(b, name);
    });
    if (near != names.end() && distance(*near, name) <= std::max<std::size_t>(1, name.size() / 3))
      return "did you mean `" + *near + "`?";
    std::string out = "its columns are";
    for (auto const& column : names) out += (&column == &names.front() ? " `" : ", `") + column + "`";
    return out;
  }

  std::string path_;
  char separator_;
};

}  // namespace

ITERA_PLUGINS(CsvSource)
