#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/format/gap.hpp"

namespace itera::dsl::layout {

inline constexpr std::size_t kWidth = 100;         ///< a block stands on one line if that is no wider
inline constexpr std::size_t kCommentColumn = 45;  ///< blanks and text before a comment behind a line

/// Lines of one table in one paragraph have their columns aligned.
enum class Table {
  none,
  words,     ///< a word and what it says: `seed 20260412`
  settings,  ///< `name = value`; the value of `ref` stands below the `=`
  failures,  ///< name, weight, text, condition
};

struct Line {
  std::size_t paragraph = 0;  ///< lines of one block without a blank line between them
  std::size_t indent = 0;
  Table table = Table::none;
  std::vector<std::string> cells;  ///< a cell may hold a text of several lines
  std::string comment;             ///< behind the line, or the line itself if there is no cell
  bool after_blank = false;
  bool several_clauses = false;
};

/// The lines of the result, from which columns are made at the end. Values only; not thread-safe.
class Page {
 public:
  std::size_t new_paragraph() { return ++paragraphs_; }
  /// Begins a line with one empty cell.
  Line& begin(std::size_t paragraph, std::size_t indent, bool after_blank = false);
  Line& last() { return lines_.back(); }
  bool empty() const { return lines_.empty(); }
  void append(std::string_view text) { last().cells.back() += text; }
  /// Puts the comment behind the last line, if it stood behind something and the line has none yet.
  bool comment_behind(Comment const& comment);
  void comment_line(Comment const& comment, std::size_t paragraph, std::size_t indent, bool after_blank);

  /// Cells that the last line takes so far, its columns not aligned.
  std::size_t width() const;
  std::string text() const;

 private:
  std::vector<Line> lines_;
  std::size_t paragraphs_ = 0;
};

}  // namespace itera::dsl::layout
