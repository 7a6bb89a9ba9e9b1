#include "inert.hpp"

namespace {

constexpr std::size_t kMost = 4000;  // bytes; a text that is longer is no name and no sentence
constexpr std::string_view kZeroWidthSpace = "\xE2\x80\x8B";
constexpr std::string_view kMarkup = "\\`*_[](){}#+|~!$";

bool is_control(char c) {
  auto const byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7F;
}

// U+200E, U+200F, U+202A to U+202E and U+2066 to U+2069 change the order in which a reader sees the rest.
bool is_direction(std::string_view text) {
  if (!text.starts_with("\xE2") || text.size() < 3) return false;
  auto const second = static_cast<unsigned char>(text[1]), third = static_cast<unsigned char>(text[2]);
  if (second == 0x80) return third == 0x8E || third == 0x8F || (third >= 0xAA && third <= 0xAE);
  return second == 0x81 && third >= 0xA6 && third <= 0xA9;
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// What GitHub makes a mention, a reference or a link of has to hang together: whether it does after `i`.
bool joins(std::string_view text, std::size_t i) {
  char const c = text[i];
  char const next = i + 1 < text.size() ? text[i + 1] : ' ';
  if (c == '@' || c == '#') return true;
  if (c == ':') return next == '/' || is_letter(next);
  auto const before = text.substr(0, i);
  if (c == '.') return before.ends_with("www") || before.ends_with("WWW");
  return c == '-' && (before.ends_with("GH") || before.ends_with("gh"));
}

std::string percent(std::string_view text, std::string_view more) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string out;
  for (char const c : text) {
    if (c == '%' || c == '\n' || c == '\r' || more.find(c) != more.npos) {
      auto const byte = static_cast<unsigned char>(c);
      out += '%';
      out += hex[byte >> 4];
      out += hex[byte & 15];
    } else if (!is_control(c)) {
      out += c;
    }
  }
  return out;
}

}  // namespace

std::string inert(std::string_view text) {
  std::string out;
  if (text.size() > kMost) {
    auto end = kMost;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    return inert(text.substr(0, end)) + "...";
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_direction(text.substr(i))) {
      i += 2;
      continue;
    }
    char const c = text[i];
    if (c == '\n' || c == '\r' || c == '\t') {
      out += ' ';
    } else if (is_control(c)) {
      continue;
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '&') {
      out += "&amp;";
    } else {
      if (kMarkup.find(c) != kMarkup.npos) out += '\\';
      out += c;
      if (joins(text, i)) out += kZeroWidthSpace;
    }
  }
  return out;
}

std::string command_data(std::string_view text) {
  return percent(text, "");
}
std::string command_property(std::string_view text) {
  return percent(text, ":,");
}

std::size_t utf16_length(std::string_view text) {
  std::size_t out = 0;
  for (char const c : text) {
    auto const byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0U) != 0x80U) ++out;  // one a character
    if (byte >= 0xF0U) ++out;            // two beyond the basic plane
  }
  return out;
}
