#include "dsl/grammar/literals.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace itera::dsl::grammar {
namespace {

constexpr std::string_view kFence = "\"\"\"";

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

void append_utf8(std::string& out, std::uint32_t code) {
  auto const put = [&](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0U | (code >> 6U));
    put(0x80U | (code & 0x3FU));
  } else if (code < 0x10000) {
    put(0xE0U | (code >> 12U));
    put(0x80U | ((code >> 6U) & 0x3FU));
    put(0x80U | (code & 0x3FU));
  } else {
    put(0xF0U | (code >> 18U));
    put(0x80U | ((code >> 12U) & 0x3FU));
    put(0x80U | ((code >> 6U) & 0x3FU));
    put(0x80U | (code & 0x3FU));
  }
}

// `\u{1F600}` at `at`: the offset after it and the character; nothing if malformed, a surrogate or zero.
std::optional<std::pair<std::size_t, std::uint32_t>> unicode_escape(std::string_view text, std::size_t at) {
  if (!text.substr(at).starts_with("\\u{")) return std::nullopt;
  auto const close = text.substr(at, 11).find('}');
  if (close == text.npos || close == 3) return std::nullopt;
  std::uint32_t code = 0;
  for (char const c : text.substr(at + 3, close - 3)) {
    auto const digit = c >= '0' && c <= '9'   ? c - '0'
                       : c >= 'a' && c <= 'f' ? c - 'a' + 10
                       : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                              : -1;
    if (digit < 0) return std::nullopt;
    code = code * 16 + static_cast<std::uint32_t>(digit);
  }
  if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return std::nullopt;
  return std::pair{at + close + 1, code};
}

std::string unescape(std::string_view text, std::size_t offset, std::vector<Span>& bad) {
  constexpr std::string_view letters = "\"\\ntr";
  constexpr std::string_view meanings = "\"\\\n\t\r";
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '\\') {
      out.push_back(text[at++]);
      continue;
    }
    auto const letter = at + 1 < text.size() ? letters.find(text[at + 1]) : letters.npos;
    if (letter != letters.npos) {
      out.push_back(meanings[letter]);
      at += 2;
    } else if (auto const escaped = unicode_escape(text, at)) {
      append_utf8(out, escaped->second);
      at = escaped->first;
    } else {
      auto end = std::min(at + 2, text.size());
      while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) ++end;
      if (text.substr(at).starts_with("\\u{")) end = std::min(text.find('}', at), text.size() - 1) + 1;
      bad.push_back({static_cast<std::uint32_t>(offset + at), static_cast<std::uint32_t>(offset + end)});
      at = end;
    }
  }
  return out;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> out;
  for (std::size_t at = 0; at <= text.size();) {
    auto const end = std::min(text.find('\n', at), text.size());
    out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

// The first line is dropped if blank, the last too (it holds the closing fence); what all lines that are not
// blank have in common on their left is layout, not text. A carriage return before a line break is the
// editor's.
std::string dedent(std::string_view inner, std::size_t offset, std::vector<Span>& bad) {
  auto const all_blank = [](std::string_view line) {
    return std::all_of(line.begin(), line.end(), is_blank);
  };
  auto const start = inner.data();
  auto lines = lines_of(inner);
  bool const opened_alone = lines.size() > 1 && all_blank(lines.front());
  if (opened_alone) lines.erase(lines.begin());
  std::size_t margin = inner.size();
  for (std::size_t i = opened_alone ? 0 : 1; i < lines.size(); ++i) {
    auto const first = std::find_if_not(lines[i].begin(), lines[i].end(), is_blank);
    if (first != lines[i].end())
      margin = std::min(margin, static_cast<std::size_t>(first - lines[i].begin()));
  }
  if (lines.size() > 1 && all_blank(lines.back())) lines.pop_back();
  std::string out;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    auto line = lines[i];
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (opened_alone || i > 0)
      line.remove_prefix(all_blank(line) ? line.size() : std::min(margin, line.size()));
    if (i > 0) out.push_back('\n');
    out += unescape(line, offset + static_cast<std::size_t>(line.data() - start), bad);
  }
  return out;
}

}  // namespace

Extent end_of_text(std::string_view text, std::size_t at) {
  bool const block = text.substr(at).starts_with(kFence);
  for (std::size_t i = at + (block ? 3 : 1); i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] != '\n') {
      ++i;
    } else if (block ? text.substr(i).starts_with(kFence) : text[i] == '"') {
      return {i + (block ? 3 : 1), true, block};
    } else if (!block && text[i] == '\n') {
      return {i, false, false};
    }
  }
  return {text.size(), false, block};
}

Extent end_of_column(std::string_view text, std::size_t at) {
  auto const end = text.find_first_of("`\n", at + 1);
  if (end == text.npos) return {text.size(), false, false};
  return text[end] == '`' ? Extent{end + 1, true, false} : Extent{end, false, false};
}

std::string text_of(std::string_view literal, Extent extent, std::vector<Span>& bad_escapes) {
  std::size_t const fence = extent.block ? 3 : 1;
  auto const inner = literal.substr(fence, literal.size() - fence - (extent.closed ? fence : 0));
  return extent.block ? dedent(inner, fence, bad_escapes) : unescape(inner, fence, bad_escapes);
}

}  // namespace itera::dsl::grammar
