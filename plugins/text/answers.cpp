#include "plugins/text/answers.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "plugins/text/unicode.hpp"

namespace itera::text {
namespace {

constexpr std::size_t kShown = 80;  // bytes of a text in a reason
constexpr std::size_t kListed = 5;  // texts in a reason

}  // namespace

std::vector<std::string_view> parts(std::string_view text, std::string_view separator) {
  std::vector<std::string_view> out;
  if (separator.empty()) {
    if (!text.empty()) out.push_back(text);
    return out;
  }
  for (std::size_t from = 0; from <= text.size();) {
    auto const end = std::min(text.find(separator, from), text.size());
    if (end > from) out.push_back(text.substr(from, end - from));
    from = end + separator.size();
  }
  return out;
}

std::vector<std::string_view> accepted(std::string_view expected, std::string_view separator) {
  auto out = parts(expected, separator);
  if (out.empty()) out.emplace_back();
  return out;
}

std::string separator(sdk::Settings const& settings) {
  return settings.has("separator") ? settings.text("separator") : std::string();
}

std::string one_line(std::string_view text) {
  auto out = valid_utf8(text);
  std::replace_if(
      out.begin(), out.end(), [](char c) { return (c >= 0 && c < 0x20) || c == 0x7F; }, ' ');
  return out;
}

std::string in_quotes(std::string_view text) {
  auto end = text.size();
  if (end > kShown)
    for (end = kShown; end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80;) --end;
  return "`" + one_line(text.substr(0, end)) + (end < text.size() ? "...`" : "`");
}

std::string in_quotes(std::vector<std::string_view> const& texts) {
  std::string out;
  for (std::size_t i = 0; i < std::min(texts.size(), kListed); ++i)
    out += (i > 0 ? ", " : "") + in_quotes(texts[i]);
  return texts.size() > kListed ? out + ", ..." : out;
}

std::string one_of(std::vector<std::string_view> const& texts) {
  return (texts.size() > 1 ? "one of " : "") + in_quotes(texts);
}

std::string shown(double value) {
  return fmt::format("{:.4g}", value);
}

std::optional<std::string_view> expected_or_error(sdk::Step const& item, std::string_view judge) {
  auto const expected = item.expected();
  if (!expected)
    item.error("judge", fmt::format("the row has no expected answer, which judge `{}` compares with", judge));
  return expected;
}

}  // namespace itera::text
