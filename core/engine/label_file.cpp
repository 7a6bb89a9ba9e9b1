#include "core/engine/label_file.hpp"

#include <algorithm>
#include <cctype>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/text.hpp"

namespace itera::engine {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kLast = "label_right";
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

std::string quoted(std::string const& text) {
  if (text.find_first_of(",\"\r\n") == text.npos) return text;
  std::string out = "\"";
  for (char const c : text) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + "\"";
}

struct Record {
  std::size_t line = 0;
  std::vector<std::string> fields;
};

// RFC 4180, with line ends of either kind; a quote that is never closed ends with the text.
std::vector<Record> records_of(std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  std::vector<Record> out;
  std::size_t line = 1;
  for (std::size_t i = 0; i < text.size();) {
    Record record{line, {""}};
    bool inside = false;
    for (; i < text.size(); ++i) {
      char const c = text[i];
      if (c == '\n') ++line;
      if (inside) {
        if (c != '"')
          record.fields.back() += c;
        else if (i + 1 < text.size() && text[i + 1] == '"')
          record.fields.back() += text[++i];
        else
          inside = false;
      } else if (c == '"') {
        inside = true;
      } else if (c == ',') {
        record.fields.emplace_back();
      } else if (c == '\n') {
        ++i;
        break;
      } else if (c != '\r') {
        record.fields.back() += c;
      }
    }
    if (record.fields.size() > 1 || !record.fields.front().empty()) out.push_back(std::move(record));
  }
  return out;
}

}  // namespace

LabelFile failed_rows(std::string const& records, std::string const& baseline) {
  struct Seen {
    bool failed = false;
    double sum = 0;
    int scored = 0;
    Json slices;
  };
  std::map<std::pair<std::string, std::string>, Seen> rows;
  std::set<std::string> columns;
  for (auto const& text : split_lines(records)) {
    auto const line = Json::parse(text);
    if (line.at("arm") != baseline || line.at("score").is_null()) continue;
    auto& row = rows[{line.at("split"), line.at("key")}];
    row.failed = row.failed || !line.at("passed").get<bool>();
    row.sum += line.at("score").get<double>();
    ++row.scored;
    row.slices = line.at("slices");
    for (auto const& [column, value] : row.slices.items()) columns.insert(column);
  }
  LabelFile out{{columns.begin(), columns.end()}, {}};
  for (auto const& [place, row] : rows) {
    if (!row.failed) continue;
    FailedRow failed{place.second, place.first, row.sum / row.scored, {}, Label::blank};
    for (auto const& column : columns) failed.slices.push_back(row.slices.at(column));
    out.rows.push_back(std::move(failed));
  }
  return out;
}

std::string to_csv(LabelFile const& file) {
  std::string out = "key,part,baseline_score";
  for (auto const& column : file.slice_columns) out += "," + quoted(column);
  out += fmt::format(",{}\n", kLast);
  constexpr std::string_view words[] = {"", "yes", "no"};
  for (auto const& row : file.rows) {
    out += fmt::format("{},{},{:.4g}", quoted(row.key), row.part, row.score);
    for (auto const& value : row.slices) out += "," + quoted(value);
    out += fmt::format(",{}\n", words[static_cast<int>(row.label)]);
  }
  return out;
}

Result<Marks> read_marks(std::string_view csv, std::filesystem::path const& file) {
  auto const at = [&](std::size_t line, std::string const& what, std::string const& help) {
    return fail(ErrorClass::invalid, fmt::format("{}:{}: {}", file.string(), line, what), help);
  };
  auto const records = records_of(csv);
  if (records.empty() || records.front().fields.size() < 4 || records.front().fields[0] != "key" ||
      records.front().fields[1] != "part" || records.front().fields.back() != kLast)
    return at(1, "not a table of labels: it begins with `key,part` and its last column is `label_right`",
              "keep the columns as they were written, with commas between; or remove the file, and it is "
              "written anew without a label");
  auto const width = records.front().fields.size();
  Marks out;
  for (std::size_t i = 1; i < records.size(); ++i) {
    auto const& [line, fields] = records[i];
    if (fields.size() != width)
      return at(line, fmt::format("{} columns, where the first line has {}", fields.size(), width),
                "quote a value that has a comma in it");
    auto word = squeeze(fields.back());
    std::transform(word.begin(), word.end(), word.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (!word.empty() && word != "yes" && word != "no")
      return at(line, fmt::format("`{}` in column `label_right`", fields.back()),
                "write yes if the row's expected answer is right, no if it is wrong");
    auto const label = word == "yes" ? Label::right : word == "no" ? Label::wrong : Label::blank;
    if (!out.emplace(std::pair{fields[1], fields[0]}, Mark{label, line}).second)
      return at(line, fmt::format("row `{}` of {} stands here twice", fields[0], fields[1]),
                "keep one of the two lines");
  }
  return out;
}

void put_marks(Marks const& marks, LabelFile& file) {
  for (auto& row : file.rows)
    if (auto const found = marks.find({row.part, row.key}); found != marks.end())
      row.label = found->second.label;
}

}  // namespace itera::engine
