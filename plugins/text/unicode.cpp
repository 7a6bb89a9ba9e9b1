#include "plugins/text/unicode.hpp"

#include <utf8proc.h>

namespace itera::text {
namespace {

constexpr char32_t kNotUtf8 = 0x110000;  // plus the byte

utf8proc_category_t category(char32_t c) {
  return c < kNotUtf8 ? utf8proc_category(static_cast<utf8proc_int32_t>(c)) : UTF8PROC_CATEGORY_CN;
}

template <class F>
void each_character(std::string_view text, F&& take) {
  while (!text.empty()) {
    auto const byte = static_cast<unsigned char>(text.front());
    char32_t c = byte;
    std::size_t size = 1;
    if (byte >= 0x80) {
      utf8proc_int32_t code = 0;
      auto const n = utf8proc_iterate(reinterpret_cast<utf8proc_uint8_t const*>(text.data()),
                                      static_cast<utf8proc_ssize_t>(text.size()), &code);
      c = n > 0 ? static_cast<char32_t>(code) : kNotUtf8 + byte;
      if (n > 0) size = static_cast<std::size_t>(n);
    }
    take(c);
    text.remove_prefix(size);
  }
}

void append(std::string& out, char32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
    return;
  }
  utf8proc_uint8_t bytes[4];
  auto const n =
      utf8proc_encode_char(c < kNotUtf8 ? static_cast<utf8proc_int32_t>(c) : utf8proc_int32_t{0xFFFD}, bytes);
  out.append(reinterpret_cast<char const*>(bytes), static_cast<std::size_t>(n));
}

}  // namespace

std::u32string code_points(std::string_view text) {
  std::u32string out;
  out.reserve(text.size());
  each_character(text, [&](char32_t c) { out += c; });
  return out;
}

std::string utf8(std::u32string_view characters) {
  std::string out;
  out.reserve(characters.size());
  for (auto const c : characters) append(out, c);
  return out;
}

std::string valid_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  each_character(text, [&](char32_t c) { append(out, c); });
  return out;
}

std::u32string lower(std::u32string_view characters) {
  std::u32string out;
  out.reserve(characters.size());
  for (std::size_t i = 0; i < characters.size(); ++i) {
    auto const c = characters[i];
    if (c < 0x80) {
      out += c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
    } else if (c == 0x130) {  // capital I with dot
      out += U"i\u0307";
    } else if (c == 0x3A3) {  // capital sigma
      bool const inside = i + 1 < characters.size() && is_letter(characters[i + 1]);
      out += i > 0 && is_letter(characters[i - 1]) && !inside ? U'\u03C2' : U'\u03C3';
    } else {
      out += c < kNotUtf8 ? static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(c))) : c;
    }
  }
  return out;
}

bool is_space(char32_t c) {
  if (c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85) return true;
  if (c < 0x80) return false;
  auto const kind = category(c);
  return kind == UTF8PROC_CATEGORY_ZS || kind == UTF8PROC_CATEGORY_ZL || kind == UTF8PROC_CATEGORY_ZP;
}

bool is_letter(char32_t c) {
  if (c < 0x80) return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  auto const kind = category(c);
  return kind >= UTF8PROC_CATEGORY_LU && kind <= UTF8PROC_CATEGORY_LO;
}

bool is_alphanumeric(char32_t c) {
  if (c < 0x80) return is_letter(c) || (c >= '0' && c <= '9');
  auto const kind = category(c);
  return is_letter(c) || (kind >= UTF8PROC_CATEGORY_ND && kind <= UTF8PROC_CATEGORY_NO);
}

bool is_mark(char32_t c) {
  if (c < 0x80) return false;
  auto const kind = category(c);
  return kind >= UTF8PROC_CATEGORY_MN && kind <= UTF8PROC_CATEGORY_ME;
}

}  // namespace itera::text
