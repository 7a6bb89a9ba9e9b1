#include "dsl/grammar/look_alike.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

namespace itera::dsl::grammar {
namespace {

struct Pair {
  char32_t code;
  std::string_view like;
};

// Letters of other alphabets that most typefaces draw like an ASCII letter, and signs that word processors
// put in the place of an ASCII sign. Sorted by code.
constexpr Pair kPairs[] = {
    {0x00A0, " "},  {0x00AD, ""},  {0x00D7, "*"},  {0x0131, "i"},  {0x0251, "a"},  {0x0261, "g"},
    {0x0391, "A"},  {0x0392, "B"}, {0x0395, "E"},  {0x0396, "Z"},  {0x0397, "H"},  {0x0399, "I"},
    {0x039A, "K"},  {0x039C, "M"}, {0x039D, "N"},  {0x039F, "O"},  {0x03A1, "P"},  {0x03A4, "T"},
    {0x03A5, "Y"},  {0x03A7, "X"}, {0x03B1, "a"},  {0x03B9, "i"},  {0x03BA, "k"},  {0x03BD, "v"},
    {0x03BF, "o"},  {0x03C1, "p"}, {0x03C5, "u"},  {0x03C7, "x"},  {0x0405, "S"},  {0x0406, "I"},
    {0x0408, "J"},  {0x0410, "A"}, {0x0412, "B"},  {0x0415, "E"},  {0x041A, "K"},  {0x041C, "M"},
    {0x041D, "H"},  {0x041E, "O"}, {0x0420, "P"},  {0x0421, "C"},  {0x0422, "T"},  {0x0423, "Y"},
    {0x0425, "X"},  {0x0430, "a"}, {0x0435, "e"},  {0x043A, "k"},  {0x043C, "m"},  {0x043E, "o"},
    {0x0440, "p"},  {0x0441, "c"}, {0x0442, "t"},  {0x0443, "y"},  {0x0445, "x"},  {0x0455, "s"},
    {0x0456, "i"},  {0x0458, "j"}, {0x0475, "v"},  {0x04BB, "h"},  {0x04CF, "l"},  {0x0501, "d"},
    {0x051B, "q"},  {0x051D, "w"}, {0x0578, "n"},  {0x057D, "u"},  {0x0581, "g"},  {0x0585, "o"},
    {0x2000, " "},  {0x2001, " "}, {0x2002, " "},  {0x2003, " "},  {0x2004, " "},  {0x2005, " "},
    {0x2006, " "},  {0x2007, " "}, {0x2008, " "},  {0x2009, " "},  {0x200A, " "},  {0x200B, ""},
    {0x200C, ""},   {0x200D, ""},  {0x2010, "-"},  {0x2011, "-"},  {0x2012, "-"},  {0x2013, "-"},
    {0x2014, "-"},  {0x2018, "'"}, {0x2019, "'"},  {0x201A, ","},  {0x201C, "\""}, {0x201D, "\""},
    {0x201E, "\""}, {0x202F, " "}, {0x2044, "/"},  {0x205F, " "},  {0x2060, ""},   {0x2212, "-"},
    {0x2215, "/"},  {0x2217, "*"}, {0x2260, "!="}, {0x2264, "<="}, {0x2265, ">="}, {0x3000, " "},
    {0xFEFF, ""}};

constexpr std::string_view kAscii =
    "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~";

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}
bool is_inside(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

}  // namespace

Character character_at(std::string_view text, std::size_t at) {
  auto const byte = [&](std::size_t i) {
    return static_cast<char32_t>(static_cast<unsigned char>(text[at + i]));
  };
  auto const first = byte(0);
  if (first < 0x80) return {first, 1};
  if (first < 0xE0) return {((first & 0x1FU) << 6U) | (byte(1) & 0x3FU), 2};
  if (first < 0xF0) return {((first & 0x0FU) << 12U) | ((byte(1) & 0x3FU) << 6U) | (byte(2) & 0x3FU), 3};
  return {
      ((first & 0x07U) << 18U) | ((byte(1) & 0x3FU) << 12U) | ((byte(2) & 0x3FU) << 6U) | (byte(3) & 0x3FU),
      4};
}

std::optional<std::string_view> looks_like(char32_t code) {
  if (code >= 0xFF01 && code <= 0xFF5E) return kAscii.substr(code - 0xFF01, 1);  // full-width forms
  auto const it = std::lower_bound(std::begin(kPairs), std::end(kPairs), code,
                                   [](Pair const& pair, char32_t wanted) { return pair.code < wanted; });
  return it != std::end(kPairs) && it->code == code ? std::optional(it->like) : std::nullopt;
}

bool turns_text(char32_t code) {
  return code == 0x061C || code == 0x200E || code == 0x200F || (code >= 0x202A && code <= 0x202E) ||
         (code >= 0x2066 && code <= 0x2069);
}

std::string as_it_looks(std::string_view text, std::size_t at) {
  auto const is_part = [&](std::size_t i) {
    return is_name(text[i]) || static_cast<unsigned char>(text[i]) >= 0x80U;
  };
  while (at > 0 && is_part(at - 1)) --at;
  while (at < text.size() && is_inside(text[at])) ++at;
  std::string out;
  while (at < text.size() && is_part(at)) {
    auto const c = character_at(text, at);
    auto const like = looks_like(c.code);
    out += like ? *like : text.substr(at, c.length);
    at += c.length;
  }
  return out;
}

std::string code_name(char32_t code) {
  return fmt::format("U+{:04X}", static_cast<std::uint32_t>(code));
}

}  // namespace itera::dsl::grammar
