#include "core/base/text.hpp"

#include <algorithm>
#include <cstdlib>
#include <memory>

#include <utf8proc.h>

namespace itera {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
bool is_ascii(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}
bool is_blank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}
auto bytes(std::string_view text) {
  return reinterpret_cast<utf8proc_uint8_t const*>(text.data());
}
auto length(std::string_view text) {
  return static_cast<utf8proc_ssize_t>(text.size());
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), previous(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) previous[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      auto const same = lower(a[i - 1]) == lower(b[j - 1]);
      row[j] = std::min({previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (same ? 0U : 1U)});
      if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]))
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(previous);
    previous.swap(row);
  }
  return previous[b.size()];
}

std::optional<std::string> did_you_mean(std::string_view written, std::span<std::string const> candidates) {
  auto const limit = std::min<std::size_t>(3, std::max<std::size_t>(1, written.size() / 3));
  std::optional<std::string> best;
  auto best_distance = limit + 1;
  for (auto const& candidate : candidates) {
    // Each letter too many costs one: a word of megabytes is never compared in full.
    auto const longer =
        std::max(written.size(), candidate.size()) - std::min(written.size(), candidate.size());
    if (longer > limit) continue;
    auto const distance = edit_distance(written, candidate);
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

bool is_valid_utf8(std::string_view text) {
  utf8proc_int32_t code = 0;
  while (!text.empty()) {
    auto const n = utf8proc_iterate(bytes(text), length(text), &code);
    if (n <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  utf8proc_int32_t code = 0;
  while (!text.empty()) {
    auto const n = utf8proc_iterate(bytes(text), length(text), &code);
    width += n > 0 ? static_cast<std::size_t>(std::max(0, utf8proc_charwidth(code))) : 1;
    text.remove_prefix(n > 0 ? static_cast<std::size_t>(n) : 1);
  }
  return width;
}

std::string squeeze(std::string_view text) {
  std::string out;
  bool gap = false;
  for (char const c : text) {
    if (is_blank(c)) {
      gap = !out.empty();
    } else {
      if (gap) out.push_back(' ');
      gap = false;
      out.push_back(c);
    }
  }
  return out;
}

std::string fold(std::string_view text) {
  // Of ASCII the normal form is itself.
  if (is_ascii(text)) {
    std::string out(text);
    for (auto& c : out) c = lower(c);
    return squeeze(out);
  }
  utf8proc_uint8_t* raw = nullptr;
  auto const options = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
  auto const n = utf8proc_map(bytes(text), length(text), &raw, options);
  std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> const owned(raw, &std::free);
  if (n < 0) return std::string(text);
  // U+00A0 and U+3000 are white space to a reader too.
  std::string out(reinterpret_cast<char const*>(raw), static_cast<std::size_t>(n));
  for (std::string_view const space : {"\xC2\xA0", "\xE3\x80\x80"})
    for (auto at = out.find(space); at != out.npos; at = out.find(space, at))
      out.replace(at, space.size(), " ");
  return squeeze(out);
}

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    auto const end = text.find('\n');
    out.emplace_back(text.substr(0, end));
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
  }
  return out;
}

std::string join_words(std::span<std::string const> words, std::string_view last) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += i + 1 == words.size() ? " " + std::string(last) + " " : ", ";
    out += words[i];
  }
  return out;
}

}  // namespace itera
