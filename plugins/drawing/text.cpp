#include "plugins/drawing/text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include <fmt/format.h>
#include <utf8proc.h>

namespace itera::drawing {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr std::string_view kEllipsis = "\xE2\x80\xA6";
constexpr double kBold = 1.14;

// Advances of U+0020 to U+007E in DejaVu Sans 2.37, thousandths of the size.
constexpr std::array<std::uint16_t, 95> kAscii{
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361,  318, 337, 636, 636, 636,
    636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632,
    575, 775, 752, 295, 295, 656, 557, 863, 748, 787, 603, 787, 695, 635,  611, 732, 684, 989, 685,
    611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635, 615, 352,  635, 634, 278, 278, 579,
    278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592,  525, 636, 337, 636, 838};

// Typical advances of what is not ASCII, in parts of the size: means over the same face, rounded up.
double advance(utf8proc_int32_t c) {
  if (c >= 0x20 && c < 0x7F) return kAscii[static_cast<std::size_t>(c - 0x20)] / 1000.0;
  if (c >= 0x1F000) return utf8proc_charwidth(c) == 2 ? 1.3 : 0.9;  // emoji, rare letters
  switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CC:
      return 0;
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LT:
      return utf8proc_charwidth(c) == 2 ? 1.0 : 0.78;
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_ND:
      return utf8proc_charwidth(c) == 2 ? 1.0 : 0.68;
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_LM:
      return utf8proc_charwidth(c) == 2 ? 1.0 : 0.7;
    case UTF8PROC_CATEGORY_MC:
      return 0.5;
    default:
      return c == 0xA0 ? 0.318 : c == 0xB7 ? 0.318 : c == 0x2026 ? 1.0 : 0.9;
  }
}

// Calls `each` with every character and its bytes.
template <class F>
void each_character(std::string_view text, F&& each) {
  auto const* at = reinterpret_cast<utf8proc_uint8_t const*>(text.data());
  auto left = static_cast<utf8proc_ssize_t>(text.size());
  while (left > 0) {
    utf8proc_int32_t c = 0;
    auto n = utf8proc_iterate(at, left, &c);
    if (n <= 0) c = 0xFFFD, n = 1;
    each(c, std::string_view(reinterpret_cast<char const*>(at), static_cast<std::size_t>(n)));
    at += n;
    left -= n;
  }
}

bool turns_direction(utf8proc_int32_t c) {
  return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x200E || c == 0x200F ||
         c == 0x061C;
}

// XML has no way to hold most control characters, nor U+FFFE and U+FFFF.
bool is_unprintable(utf8proc_int32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c & 0xFFFE) == 0xFFFE || turns_direction(c);
}

bool is_space(utf8proc_int32_t c) {
  return c == '\t' || c == '\n' || c == '\r' || c == ' ' || c == 0x2028 || c == 0x2029;
}

// "-3" with the minus of mathematics, and never "-0".
std::string signed_text(std::string text) {
  if (text.find_first_of("123456789") == std::string::npos && (text[0] == '-' || text[0] == '+'))
    text.erase(0, 1);
  if (text[0] == '-') text.replace(0, 1, "\xE2\x88\x92");
  return text;
}

}  // namespace

double text_width(std::string_view text, double size, bool bold) {
  double sum = 0;
  each_character(text, [&](utf8proc_int32_t c, std::string_view) { sum += advance(c); });
  return sum * size * (bold ? kBold : 1);
}

std::string printable(std::string_view text) {
  std::string out;
  each_character(text, [&](utf8proc_int32_t c, std::string_view bytes) {
    out += is_space(c) ? " " : is_unprintable(c) ? kReplacement : bytes;
  });
  return out;
}

std::string shorten(std::string_view text, double size, double limit, bool bold) {
  if (text_width(text, size, bold) <= limit) return std::string(text);
  auto const room = limit - text_width(kEllipsis, size, bold);
  std::size_t end = 0;  // where a character as readers see them ends
  std::size_t at = 0;   // bytes seen
  double sum = 0;       // their width
  utf8proc_int32_t before = 0;
  utf8proc_int32_t state = 0;
  bool full = false;
  each_character(text, [&](utf8proc_int32_t c, std::string_view bytes) {
    if (full) return;
    if (at == 0 || utf8proc_grapheme_break_stateful(before, c, &state)) end = at;
    sum += advance(c) * size * (bold ? kBold : 1);
    full = sum > room;
    at += bytes.size();
    before = c;
  });
  while (end > 0 && text[end - 1] == ' ') --end;
  std::string out(text.substr(0, end));
  return out += kEllipsis;
}

std::vector<std::string> wrap(std::string_view text, double size, double limit) {
  std::vector<std::string> out;
  std::string line;
  while (!text.empty()) {
    auto const end = std::min(text.find(' '), text.size());
    auto const word = shorten(text.substr(0, end), size, limit);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (word.empty()) continue;
    auto const longer = line.empty() ? word : line + " " + word;
    if (text_width(longer, size) <= limit) {
      line = longer;
    } else {
      out.push_back(line);
      line = word;
    }
  }
  if (!line.empty()) out.push_back(line);
  return out;
}

std::string points(double delta, int decimals) {
  return signed_text(fmt::format("{:+.{}f}", delta * 100, decimals));
}

std::string points_as_written(double delta) {
  return signed_text(fmt::format("{:+.4g}", std::round(delta * 1e8) / 1e6));
}

std::string plus_minus(double deviation, int decimals) {
  return fmt::format("\xC2\xB1{:.{}f}", deviation * 100, decimals);
}

std::string percent(double share, int decimals) {
  return signed_text(fmt::format("{:.{}f}", share * 100, decimals)) + "%";
}

std::string count(double n) {
  auto const whole = std::floor(n) == n;
  auto text = whole ? fmt::format("{:.0f}", n) : fmt::format("{:.1f}", n);
  auto const digits = text.find('.') == std::string::npos ? text.size() : text.find('.');
  for (auto at = digits; at > 3; at -= 3)
    if (at - 3 > 0 && text[at - 4] != '-') text.insert(at - 3, ",");
  return signed_text(std::move(text));
}

std::string dollars(double usd) {
  if (usd == 0) return "$0";
  if (usd >= 1000) return "$" + count(std::round(usd));
  if (usd >= 1) return fmt::format("${:.2f}", usd);
  auto text = fmt::format("${:.{}f}", usd, std::min(2 - static_cast<int>(std::floor(std::log10(usd))), 12));
  auto const cents = text.find('.') + 3;
  while (text.size() > cents && text.back() == '0') text.pop_back();
  return text;
}

}  // namespace itera::drawing
