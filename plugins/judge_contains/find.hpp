#pragma once
#include <string_view>

/// Whether `part` stands somewhere in `text`. With `whole_words`, only where its first and its last
/// character, as far as they are letters, marks or numbers, have none of these beside them. An empty `part`
/// stands everywhere. Time and memory are linear in both (Knuth, Morris and Pratt 1977), whatever they hold.
bool stands_in(std::u32string_view part, std::u32string_view text, bool whole_words);
