#include "find.hpp"

#include <vector>

#include "plugins/text/unicode.hpp"

namespace {

bool in_word(char32_t c) {
  return itera::text::is_alphanumeric(c) || itera::text::is_mark(c);
}

bool stands_alone(std::u32string_view text, std::size_t from, std::size_t to) {
  bool const joined_before = from > 0 && in_word(text[from]) && in_word(text[from - 1]);
  bool const joined_after = to < text.size() && in_word(text[to - 1]) && in_word(text[to]);
  return !joined_before && !joined_after;
}

}  // namespace

bool stands_in(std::u32string_view part, std::u32string_view text, bool whole_words) {
  if (part.empty()) return true;
  // back[i]: how long the longest beginning of `part` is that also ends part[0..i], short of all of it.
  std::vector<std::size_t> back(part.size(), 0);
  for (std::size_t i = 1, k = 0; i < part.size(); ++i) {
    while (k > 0 && part[i] != part[k]) k = back[k - 1];
    if (part[i] == part[k]) ++k;
    back[i] = k;
  }
  for (std::size_t i = 0, k = 0; i < text.size(); ++i) {
    while (k > 0 && (k == part.size() || text[i] != part[k])) k = back[k - 1];
    if (text[i] == part[k]) ++k;
    if (k == part.size() && (!whole_words || stands_alone(text, i + 1 - k, i + 1))) return true;
  }
  return false;
}
