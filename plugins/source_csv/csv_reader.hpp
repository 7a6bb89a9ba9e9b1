#pragma once
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// Reads one CSV file record by record, whatever its size (RFC 4180): quoted cells hold separators, quotes
/// (doubled) and line breaks; records end in LF or CRLF; a byte order mark is skipped. A line without any
/// character is no record if `skip_blank_lines()` was called. Throws itera::sdk::Invalid, with
/// path:line:column, for anything else.
class CsvReader {
 public:
  CsvReader(std::string path, char separator);

  /// Reads the next record; false at the end of the file.
  bool next();
  std::size_t cells() const { return ends_.size(); }
  /// Precondition: i < cells(). Valid until the next call of next().
  std::string_view cell(std::size_t i) const;
  /// For files of several columns, where an empty line can be no record.
  void skip_blank_lines() { skip_blank_ = true; }

  std::uint64_t line() const { return record_line_; }    ///< 1-based, where the record begins
  std::uint64_t bytes() const { return base_ + size_; }  ///< read so far
  /// An error at the start of cell `i` of this record, or of its last cell if it has fewer.
  [[noreturn]] void fail_at_cell(std::size_t i, std::string const& what, std::string const& help) const;

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  /// A place in the file: enough to find its column if it is ever needed.
  struct Place {
    std::uint64_t line = 1;
    std::uint64_t line_start = 0;
    std::uint64_t offset = 0;
  };

  bool fill();
  int peek() { return at_ < size_ || fill() ? static_cast<unsigned char>(buffer_[at_]) : -1; }
  Place here() const { return {line_, line_start_, base_ + at_}; }
  void read_record();
  bool read_cell();
  void read_quoted();
  void read_plain();
  bool end_of_cell();
  void check_utf8() const;
  std::uint64_t column(Place const& place) const;
  [[noreturn]] void fail_at(Place const& place, std::string const& what, std::string const& help) const;

  std::string path_;
  char separator_;
  bool skip_blank_ = false;
  std::unique_ptr<std::FILE, Close> file_;
  std::vector<char> buffer_;
  std::size_t at_ = 0;
  std::size_t size_ = 0;
  std::uint64_t base_ = 0;  ///< offset in the file of buffer_[0]
  std::uint64_t line_ = 1;
  std::uint64_t line_start_ = 0;
  std::uint64_t record_line_ = 1;
  std::string text_;  ///< the record's cells, one behind the other
  std::vector<std::size_t> ends_;
  std::vector<Place> places_;
};
