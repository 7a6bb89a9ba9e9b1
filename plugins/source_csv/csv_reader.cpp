#include "csv_reader.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <itera/sdk/error.hpp>
#include <utf8proc.h>

namespace {

constexpr std::size_t kBuffer = std::size_t{1} << 20;
constexpr auto kLoneReturn = "a carriage return without a line feed";
constexpr auto kLoneReturnHelp = "end lines in LF or CRLF, or put the cell into quotes";
constexpr std::string_view kMark = "\xEF\xBB\xBF";

/// Length of the longest valid start of `text`.
std::size_t valid_utf8(std::string_view text) {
  auto const* bytes = reinterpret_cast<utf8proc_uint8_t const*>(text.data());
  std::size_t at = 0;
  utf8proc_int32_t code = 0;
  while (at < text.size()) {
    auto const n = utf8proc_iterate(bytes + at, static_cast<utf8proc_ssize_t>(text.size() - at), &code);
    if (n <= 0) break;
    at += static_cast<std::size_t>(n);
  }
  return at;
}

bool is_ascii(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

}  // namespace

CsvReader::CsvReader(std::string path, char separator)
    : path_(std::move(path)),
      separator_(separator),
      file_(std::fopen(path_.c_str(), "rb")),
      buffer_(kBuffer) {
  if (!file_)
    throw itera::sdk::Invalid("cannot open `" + path_ + "`: " + std::strerror(errno), "correct `path`");
  fill();
  if (std::string_view(buffer_.data(), size_).starts_with(kMark)) {
    at_ = kMark.size();
    line_start_ = kMark.size();
  }
}

bool CsvReader::fill() {
  base_ += size_;
  at_ = 0;
  errno = 0;
  size_ = std::fread(buffer_.data(), 1, buffer_.size(), file_.get());
  if (size_ == 0 && std::ferror(file_.get()))
    throw itera::sdk::Invalid("cannot read `" + path_ + "`: " + std::strerror(errno), "correct `path`");
  return size_ > 0;
}

bool CsvReader::next() {
  while (skip_blank_ && (peek() == '\n' || peek() == '\r')) {
    auto const place = here();
    if (buffer_[at_++] == '\r') {
      if (peek() >= 0 && peek() != '\n') fail_at(place, kLoneReturn, kLoneReturnHelp);
      if (peek() == '\n') ++at_;
    }
    ++line_;
    line_start_ = base_ + at_;
  }
  if (peek() < 0) return false;
  read_record();
  return true;
}

void CsvReader::read_record() {
  text_.clear();
  ends_.clear();
  places_.clear();
  record_line_ = line_;
  while (read_cell()) {
  }
  if (!is_ascii(text_)) check_utf8();
}

// False if the cell was the last of its record.
bool CsvReader::read_cell() {
  places_.push_back(here());
  if (peek() == '"')
    read_quoted();
  else
    read_plain();
  ends_.push_back(text_.size());
  return end_of_cell();
}

void CsvReader::read_plain() {
  while (peek() >= 0) {
    auto const* const begin = buffer_.data() + at_;
    auto const* const end = buffer_.data() + size_;
    auto const* const stop = std::find_if(
        begin, end, [this](char c) { return c == separator_ || c == '\n' || c == '\r' || c == '"'; });
    text_.append(begin, stop);
    at_ = static_cast<std::size_t>(stop - buffer_.data());
    if (stop == end) continue;
    if (*stop == '"')
      fail_at(here(), "a quote inside a cell that does not begin with one",
              "put the whole cell into quotes and double the quotes inside");
    return;
  }
}

void CsvReader::read_quoted() {
  auto const opened = here();
  ++at_;
  for (;;) {
    if (peek() < 0)
      fail_at(opened, "this quote is never closed", "close it, or double it if it is part of the text");
    auto const* const begin = buffer_.data() + at_;
    auto const* const end = buffer_.data() + size_;
    auto const* const stop = std::find_if(begin, end, [](char c) { return c == '"' || c == '\n'; });
    text_.append(begin, stop);
    at_ = static_cast<std::size_t>(stop - buffer_.data());
    if (stop == end) continue;
    ++at_;
    if (*stop == '\n') {
      text_ += '\n';
      ++line_;
      line_start_ = base_ + at_;
    } else if (peek() == '"') {
      text_ += '"';
      ++at_;
    } else {
      return;
    }
  }
}

bool CsvReader::end_of_cell() {
  auto const c = peek();
  if (c < 0) return false;
  if (c == static_cast<unsigned char>(separator_)) {
    ++at_;
    return true;
  }
  auto const place = here();
  ++at_;
  if (c == '\r') {
    if (peek() >= 0 && peek() != '\n') fail_at(place, kLoneReturn, kLoneReturnHelp);
    if (peek() == '\n') ++at_;
  } else if (c != '\n') {
    fail_at(place, "text after the closing quote of a cell", "double the quotes that are part of the text");
  }
  ++line_;
  line_start_ = base_ + at_;
  return false;
}

std::string_view CsvReader::cell(std::size_t i) const {
  auto const begin = i == 0 ? 0 : ends_[i - 1];
  return std::string_view(text_).substr(begin, ends_[i] - begin);
}

void CsvReader::check_utf8() const {
  for (std::size_t i = 0; i < cells(); ++i) {
    auto const text = cell(i);
    auto const good = valid_utf8(text);
    if (good == text.size()) continue;
    auto const lines = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(good), '\n');
    bool const wide =
        record_line_ == 1 && i == 0 && (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"));
    throw itera::sdk::Invalid(path_ + ":" +
                                  std::to_string(places_[i].line + static_cast<std::uint64_t>(lines)) +
                                  ": text that is not UTF-8",
                              wide ? "the file looks like UTF-16: convert it with `iconv -f UTF-16 -t UTF-8`"
                                   : "convert the file, for example with `iconv -f WINDOWS-1252 -t UTF-8`");
  }
}

// Columns count characters, as editors do. Only an error needs them, so the line is read once more.
std::uint64_t CsvReader::column(Place const& place) const {
  std::unique_ptr<std::FILE, Close> const file(std::fopen(path_.c_str(), "rb"));
  if (!file || std::fseek(file.get(), static_cast<long>(place.line_start), SEEK_SET) != 0)
    return place.offset - place.line_start + 1;
  std::uint64_t out = 1;
  for (auto at = place.line_start; at < place.offset; ++at) {
    auto const c = std::fgetc(file.get());
    if (c == EOF) break;
    if ((c & 0xC0) != 0x80) ++out;
  }
  return out;
}

void CsvReader::fail_at(Place const& place, std::string const& what, std::string const& help) const {
  throw itera::sdk::Invalid(
      path_ + ":" + std::to_string(place.line) + ":" + std::to_string(column(place)) + ": " + what, help);
}

void CsvReader::fail_at_cell(std::size_t i, std::string const& what, std::string const& help) const {
  fail_at(places_[std::min(i, places_.size() - 1)], what, help);
}
