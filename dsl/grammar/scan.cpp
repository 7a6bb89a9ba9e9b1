#include "dsl/grammar/scan.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "core/base/text.hpp"
#include "dsl/grammar/literals.hpp"
#include "dsl/grammar/look_alike.hpp"
#include "dsl/syntax/codes.hpp"

namespace itera::dsl::grammar {
namespace {

Span byte_at(std::size_t offset) {
  return {static_cast<std::uint32_t>(offset), static_cast<std::uint32_t>(offset + 1)};
}

std::size_t valid_prefix(std::string_view text) {
  // Cut at a character's start, a line is valid exactly if it is; so only one line is searched byte by byte.
  std::size_t line = 0;
  while (line < text.size()) {
    auto const end = std::min(text.find('\n', line), text.size());
    auto const part = text.substr(line, end - line);
    if (!is_valid_utf8(part)) {
      std::size_t at = 0;
      while (at < part.size()) {
        std::size_t length = 1;
        while (length <= 4 && at + length <= part.size() && !is_valid_utf8(part.substr(at, length))) ++length;
        if (length > 4 || at + length > part.size()) return line + at;
        at += length;
      }
    }
    line = end + 1;
  }
  return text.size();
}

}  // namespace

namespace {

// In texts and comments too: what a reviewer sees must be what is compiled.
void refuse_turned_text(std::string_view text, Diagnostics& problems) {
  constexpr std::size_t shown = 20;
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (static_cast<unsigned char>(text[at]) < 0x80U) {
      ++at;
      continue;
    }
    auto const c = character_at(text, at);
    if (turns_text(c.code) && ++count <= shown)
      problems.error(codes::text_direction.id,
                     {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + c.length)},
                     fmt::format("the control character {} changes the order in which the text is shown",
                                 code_name(c.code)),
                     fmt::format("delete it; where a text needs it, write `\\u{{{:X}}}`",
                                 static_cast<std::uint32_t>(c.code)));
    at += c.length;
  }
}

}  // namespace

void refuse_size(std::uintmax_t bytes, Diagnostics& problems) {
  problems.error(codes::too_large.id, {0, 0},
                 fmt::format("the file has {} bytes, a spec has at most {}", bytes, kMaxBytes),
                 "keep rows and long texts in files of their own and name them: `path = \"rows.csv\"`, "
                 "`file(\"prompt.txt\")`");
}

bool is_parsable(SourceMap const& source, Diagnostics& problems) {
  std::string_view const text = source.text();
  if (text.size() > kMaxBytes) {
    refuse_size(text.size(), problems);
    return false;
  }
  if (auto const nul = text.find('\0'); nul != text.npos) {
    problems.error(codes::nul_byte.id, byte_at(nul), "found a NUL byte", "a spec is plain text in UTF-8");
    return false;
  }
  if (!is_valid_utf8(text)) {
    problems.error(codes::not_utf8.id, byte_at(valid_prefix(text)), "found a byte that is not valid UTF-8",
                   "save the file as UTF-8");
    return false;
  }
  int depth = 0;
  for (std::size_t at = 0; at < text.size();) {
    char const c = text[at];
    if (c == '"' || c == '`') {
      at = c == '"' ? end_of_text(text, at).end : end_of_column(text, at).end;
      continue;
    }
    if (text.substr(at).starts_with("//")) {
      at = std::min(text.find('\n', at), text.size());
      continue;
    }
    if (c == '{' || c == '[') ++depth;
    if ((c == '}' || c == ']') && depth > 0) --depth;
    if (depth > kMaxDepth) {
      problems.error(codes::too_deep.id, byte_at(at),
                     fmt::format("blocks and lists are nested more than {} deep", kMaxDepth));
      return false;
    }
    ++at;
  }
  refuse_turned_text(text, problems);
  return true;
}

}  // namespace itera::dsl::grammar
