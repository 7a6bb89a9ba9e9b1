#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

namespace itera::dsl::language_server {

/// What a position within a line counts: bytes, UTF-16 code units or code points.
enum class Encoding { utf8, utf16, utf32 };

/// A position as editors send it, both from 0.
struct Point {
  std::uint32_t line = 0;
  std::uint32_t character = 0;
  friend bool operator==(Point const&, Point const&) = default;
};

/// Turns byte offsets of a UTF-8 text into an editor's positions and back. Lines end with `\n`, `\r\n` or
/// `\r`, as the protocol has it (to the language a lone `\r` is a blank). The text must outlive it.
class Positions {
 public:
  Positions(std::string_view text, Encoding encoding);

  /// Offsets past the end give the end.
  Point point(std::uint32_t offset) const;
  /// A character past the end of its line gives the line's end, a line past the last one the text's; inside
  /// of a character, its begin.
  std::uint32_t offset(Point point) const;

 private:
  std::string_view text_;
  Encoding encoding_;
  std::vector<std::uint32_t> starts_;
};

}  // namespace itera::dsl::language_server
