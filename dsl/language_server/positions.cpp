#include "dsl/language_server/positions.hpp"

#include <algorithm>

namespace itera::dsl::language_server {
namespace {

unsigned byte(char c) {
  return static_cast<unsigned char>(c);
}

std::uint32_t bytes_of(char first) {
  return byte(first) < 0xC0U ? 1 : byte(first) < 0xE0U ? 2 : byte(first) < 0xF0U ? 3 : 4;
}

// How many units the character that begins with `first` counts.
std::uint32_t units_of(char first, Encoding encoding) {
  if (encoding == Encoding::utf8) return bytes_of(first);
  return encoding == Encoding::utf16 && byte(first) >= 0xF0U ? 2 : 1;
}

}  // namespace

Positions::Positions(std::string_view text, Encoding encoding)
    : text_(text), encoding_(encoding), starts_{0} {
  for (std::size_t i = 0; i < text.size(); ++i) {
    bool const lone = text[i] == '\r' && (i + 1 == text.size() || text[i + 1] != '\n');
    if (text[i] == '\n' || lone) starts_.push_back(static_cast<std::uint32_t>(i + 1));
  }
}

Point Positions::point(std::uint32_t offset) const {
  offset = static_cast<std::uint32_t>(std::min<std::size_t>(offset, text_.size()));
  auto const next = std::upper_bound(starts_.begin(), starts_.end(), offset);
  Point out{static_cast<std::uint32_t>(next - starts_.begin()) - 1, 0};
  for (auto at = starts_[out.line]; at < offset; at += bytes_of(text_[at]))
    out.character += units_of(text_[at], encoding_);
  return out;
}

std::uint32_t Positions::offset(Point point) const {
  if (point.line >= starts_.size()) return static_cast<std::uint32_t>(text_.size());
  auto at = starts_[point.line];
  for (std::uint32_t units = 0; at < text_.size() && text_[at] != '\n' && text_[at] != '\r';) {
    units += units_of(text_[at], encoding_);
    if (units > point.character) break;
    at += bytes_of(text_[at]);
  }
  return static_cast<std::uint32_t>(std::min<std::size_t>(at, text_.size()));
}

}  // namespace itera::dsl::language_server
