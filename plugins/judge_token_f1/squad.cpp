#include "squad.hpp"

#include <algorithm>

#include "plugins/text/unicode.hpp"

namespace {

namespace text = itera::text;

bool is_punctuation(char32_t c) {
  return c > ' ' && c < 0x7F && !text::is_alphanumeric(c);
}

// str.split() also breaks at the four information separators.
bool is_break(char32_t c) {
  return text::is_space(c) || (c >= 0x1C && c <= 0x1F);
}

bool is_article(std::u32string_view run) {
  return run == U"a" || run == U"an" || run == U"the";
}

// `\b(a|an|the)\b` becomes a blank. A run ends at whatever is no letter or number, so also at a combining
// mark.
std::u32string without_articles(std::u32string_view text) {
  std::u32string out;
  out.reserve(text.size());
  for (std::size_t from = 0; from < text.size();) {
    auto to = from;
    while (to < text.size() && text::is_alphanumeric(text[to])) ++to;
    auto const run = text.substr(from, to - from);
    if (is_article(run))
      out += U' ';
    else
      out += run;
    if (to < text.size()) out += text[to++];
    from = to;
  }
  return out;
}

}  // namespace

std::vector<std::string> squad_words(std::string_view raw) {
  auto characters = text::lower(text::code_points(raw));
  std::erase_if(characters, is_punctuation);
  characters = without_articles(characters);
  std::vector<std::string> out;
  for (auto at = characters.begin(); at != characters.end();) {
    auto const from = std::find_if_not(at, characters.end(), is_break);
    at = std::find_if(from, characters.end(), is_break);
    if (from != at) out.push_back(text::utf8({from, at}));
  }
  return out;
}

Overlap overlap(std::vector<std::string> answer, std::vector<std::string> expected) {
  if (answer.empty() && expected.empty()) return {1, 1, 1};
  std::sort(answer.begin(), answer.end());
  std::sort(expected.begin(), expected.end());
  double common = 0;
  for (auto a = answer.begin(), e = expected.begin(); a != answer.end() && e != expected.end();) {
    auto const order = a->compare(*e);
    if (order == 0) ++common;
    if (order <= 0) ++a;
    if (order >= 0) ++e;
  }
  if (common == 0) return {};
  auto const precision = common / static_cast<double>(answer.size());
  auto const recall = common / static_cast<double>(expected.size());
  return {precision, recall, 2 * precision * recall / (precision + recall)};
}
