#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/diagnostic.hpp"

namespace itera {

/// 1-based position; `column` counts characters (code points), as editors do.
struct Position {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};

/// One spec's text with its line starts. Immutable after construction, so safe to share between threads.
class SourceMap {
 public:
  SourceMap(std::string path, std::string text);
  std::string const& path() const { return path_; }
  std::string const& text() const { return text_; }
  /// Offsets past the end give the position after the last character.
  Position position(std::uint32_t offset) const;
  /// The text of a 1-based line, without its line break.
  std::string_view line(std::uint32_t number) const;
  std::uint32_t line_begin(std::uint32_t number) const;
  std::string_view slice(Span span) const;

 private:
  std::string path_;
  std::string text_;
  std::vector<std::uint32_t> starts_;
};

}  // namespace itera
