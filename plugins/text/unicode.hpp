#pragma once
#include <string>
#include <string_view>

namespace itera::text {

/// The characters of `text`. A byte that is no part of UTF-8 is 0x110000 plus the byte: it counts as one
/// character, equals itself and no real one.
std::u32string code_points(std::string_view text);

/// UTF-8; what is no code point becomes U+FFFD.
std::string utf8(std::u32string_view characters);

/// `text` if it is UTF-8, else with U+FFFD for each byte that is none.
std::string valid_utf8(std::string_view text);

/// Small letters as Unicode's SpecialCasing has them (and Python's str.lower()): also U+0130 as two
/// characters, and a sigma at the end of a word as the final one, where letters alone decide what a word is.
std::u32string lower(std::u32string_view characters);

/// White space of any script.
bool is_space(char32_t c);
/// A letter of any script.
bool is_letter(char32_t c);
/// A letter or a number of any script: what `\w` is in Python but for the underscore.
bool is_alphanumeric(char32_t c);
/// A mark that belongs to the letter before it.
bool is_mark(char32_t c);

}  // namespace itera::text
