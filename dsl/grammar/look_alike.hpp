#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace itera::dsl::grammar {

struct Character {
  char32_t code = 0;
  std::size_t length = 1;  ///< in bytes
};
/// The character at `at`. Precondition: valid UTF-8, and a character begins there.
Character character_at(std::string_view text, std::size_t at);

/// What the character is easily taken for: a letter or sign of the language, a blank, or nothing at all
/// (empty: it is invisible). Nothing for a character that looks like itself.
std::optional<std::string_view> looks_like(char32_t code);

/// Whether the character makes a reader see the text in another order than the compiler.
bool turns_text(char32_t code);

/// The word around `at`, with each character replaced by what it looks like.
std::string as_it_looks(std::string_view text, std::size_t at);

/// "U+0435"
std::string code_name(char32_t code);

}  // namespace itera::dsl::grammar
