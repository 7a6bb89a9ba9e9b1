#include "core/verdict/prose.hpp"

#include <charconv>

namespace itera::verdict {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// The end of a number that begins at `at`: digits with at most one point between them.
std::size_t number_end(std::string_view text, std::size_t at) {
  bool point = false;
  for (; at < text.size(); ++at) {
    if (text[at] == '.' && !point && at + 1 < text.size() && is_digit(text[at + 1]))
      point = true;
    else if (!is_digit(text[at]))
      break;
  }
  return at;
}

std::optional<double> number(std::string_view text) {
  double out = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(out) : std::nullopt;
}

}  // namespace

std::vector<double> percentages(std::string_view text) {
  std::vector<double> out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!is_digit(text[i])) continue;
    auto const begin = i;
    i = number_end(text, i);
    auto rest = text.substr(i);
    while (rest.starts_with(' ')) rest.remove_prefix(1);
    bool const is = rest.starts_with("pp") || rest.starts_with("%") || rest.starts_with("percentage point");
    auto const value = is ? number(text.substr(begin, i - begin)) : std::nullopt;
    if (value) out.push_back(begin > 0 && text[begin - 1] == '-' ? -*value : *value);
  }
  return out;
}

std::optional<double> rows_in_name(std::string_view name) {
  for (auto const word : {"(n=", "(N="}) {
    auto const at = name.find(word);
    if (at == std::string_view::npos) continue;
    auto const begin = at + 3;
    auto end = begin;
    while (end < name.size() && is_digit(name[end])) ++end;
    if (end > begin && end < name.size() && name[end] == ')') return number(name.substr(begin, end - begin));
  }
  return std::nullopt;
}

}  // namespace itera::verdict
