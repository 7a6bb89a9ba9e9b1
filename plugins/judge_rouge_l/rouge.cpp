#include "rouge.hpp"

#include <algorithm>
#include <cstdint>
#include <unordered_map>

#include "plugins/text/unicode.hpp"

namespace {

namespace text = itera::text;

// Numbers instead of words: the innermost loop compares them.
std::vector<std::uint32_t> numbered(std::vector<std::string> const& words,
                                    std::unordered_map<std::string_view, std::uint32_t>& numbers) {
  std::vector<std::uint32_t> out;
  out.reserve(words.size());
  for (auto const& word : words)
    out.push_back(numbers.emplace(word, static_cast<std::uint32_t>(numbers.size())).first->second);
  return out;
}

}  // namespace

std::vector<std::string> rouge_words(std::string_view raw, bool all_scripts) {
  auto const characters = text::lower(text::code_points(raw));
  auto const belongs = [&](char32_t c) {
    if (all_scripts) return text::is_alphanumeric(c) || text::is_mark(c);
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  };
  std::vector<std::string> out;
  for (auto at = characters.begin(); at != characters.end();) {
    auto const from = std::find_if(at, characters.end(), belongs);
    at = std::find_if_not(from, characters.end(), belongs);
    if (from != at) out.push_back(text::utf8({from, at}));
  }
  return out;
}

std::size_t longest_common_subsequence(std::vector<std::string> const& a, std::vector<std::string> const& b) {
  if (a.size() < b.size()) return longest_common_subsequence(b, a);
  std::unordered_map<std::string_view, std::uint32_t> numbers;
  auto const rows = numbered(a, numbers);
  auto const columns = numbered(b, numbers);
  std::vector<std::uint32_t> best(columns.size() + 1, 0);
  for (auto const row : rows) {
    std::uint32_t diagonal = 0;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      auto const above = best[i + 1];
      best[i + 1] = row == columns[i] ? diagonal + 1 : std::max(above, best[i]);
      diagonal = above;
    }
  }
  return best.back();
}

RougeL rouge_l(std::vector<std::string> const& answer, std::vector<std::string> const& expected) {
  if (answer.empty() || expected.empty()) return {};
  auto const common = static_cast<double>(longest_common_subsequence(expected, answer));
  auto const precision = common / static_cast<double>(answer.size());
  auto const recall = common / static_cast<double>(expected.size());
  if (common == 0) return {};
  return {precision, recall, 2 * precision * recall / (precision + recall)};
}
