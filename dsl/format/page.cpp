#include "dsl/format/page.hpp"

#include <algorithm>
#include <map>

#include "core/base/text.hpp"

namespace itera::dsl::layout {
namespace {

bool has_break(std::string_view text) {
  return text.find('\n') != text.npos;
}

// Of what stands behind the last line break.
std::size_t last_width(std::string_view text) {
  return display_width(text.substr(text.rfind('\n') + 1));  // npos + 1 is 0
}

using Lines = std::vector<Line*>;

// The blanks between the widest cell of a column and the next column.
std::size_t gap_behind(Table table, Lines const& lines, bool several_clauses) {
  if (table == Table::settings) return 1;
  if (table == Table::failures) return 2;
  auto const begun = std::count_if(lines.begin(), lines.end(), [](auto* l) { return !l->cells[0].empty(); });
  // Two blanks stand between the clauses of one line, so one stands within each of them.
  return begun > 1 && !several_clauses ? 2 : 1;
}

void align(Lines const& lines, std::size_t gap) {
  std::size_t columns = 0;
  for (auto const* line : lines) columns = std::max(columns, line->cells.size());
  for (std::size_t k = 0; k + 1 < columns; ++k) {
    std::size_t widest = 0;
    for (auto const* line : lines)
      if (line->cells.size() > k + 1 && !has_break(line->cells[k]))
        widest = std::max(widest, display_width(line->cells[k]));
    for (auto* line : lines) {
      if (line->cells.size() <= k + 1) continue;
      auto& cell = line->cells[k];
      cell.append(has_break(cell) ? gap : widest + gap - display_width(cell), ' ');
    }
  }
}

std::string joined(Line const& line) {
  std::string out(line.indent, ' ');
  for (auto const& cell : line.cells) out += cell;
  return out;
}

void align_columns(std::vector<Line>& lines) {
  std::map<std::pair<std::size_t, Table>, Lines> tables;
  std::map<std::size_t, bool> several;
  for (auto& line : lines) {
    if (line.several_clauses) several[line.paragraph] = true;
    if (line.table != Table::none && line.cells.size() > 1)
      tables[{line.paragraph, line.table}].push_back(&line);
  }
  for (auto const& [key, members] : tables)
    align(members, gap_behind(key.second, members, several[key.first]));
}

bool is_commented(Line const& line) {
  return !line.cells.empty() && !line.comment.empty();
}

}  // namespace

Line& Page::begin(std::size_t paragraph, std::size_t indent, bool after_blank) {
  lines_.push_back({paragraph, indent, Table::none, {std::string()}, {}, after_blank && !empty(), false});
  return last();
}

bool Page::comment_behind(Comment const& comment) {
  if (comment.own_line || empty() || last().cells.empty() || !last().comment.empty()) return false;
  last().comment = comment.text;
  return true;
}

void Page::comment_line(Comment const& comment, std::size_t paragraph, std::size_t indent, bool after_blank) {
  begin(paragraph, indent, after_blank).cells.clear();
  last().comment = comment.text;
}

std::size_t Page::width() const {
  std::string all(lines_.back().indent, ' ');
  for (auto const& cell : lines_.back().cells)
    all += (&cell == &lines_.back().cells.front() ? "" : " ") + cell;
  return last_width(all);
}

std::string Page::text() const {
  auto lines = lines_;
  align_columns(lines);
  std::string out;
  for (std::size_t i = 0; i < lines.size();) {
    // Comments behind neighbouring lines begin at one column.
    auto end = i + 1;
    auto column = kCommentColumn;
    if (is_commented(lines[i])) {
      while (end < lines.size() && is_commented(lines[end]) && !lines[end].after_blank) ++end;
      for (auto k = i; k < end; ++k) column = std::max(column, last_width(joined(lines[k])) + 2);
    }
    for (; i < end; ++i) {
      auto const& line = lines[i];
      auto text = joined(line);
      if (is_commented(line)) text.append(column - last_width(text), ' ');
      out += (line.after_blank ? "\n" : "") + text + line.comment + "\n";
    }
  }
  return out;
}

}  // namespace itera::dsl::layout
