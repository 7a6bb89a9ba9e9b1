#include "plugins/text/fold.hpp"

#include <cstdlib>
#include <memory>

#include <utf8proc.h>

#include "plugins/text/unicode.hpp"

namespace itera::text {
namespace {

std::string normal_form(std::string_view text, bool fold_case) {
  auto options = UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT;
  if (fold_case) options |= UTF8PROC_CASEFOLD;
  utf8proc_uint8_t* raw = nullptr;
  auto const n =
      utf8proc_map(reinterpret_cast<utf8proc_uint8_t const*>(text.data()),
                   static_cast<utf8proc_ssize_t>(text.size()), &raw, static_cast<utf8proc_option_t>(options));
  std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> const owned(raw, &std::free);
  if (n < 0) return std::string(text);
  return {reinterpret_cast<char const*>(raw), static_cast<std::size_t>(n)};
}

void lower_ascii(std::string& text) {
  for (auto& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
}

std::string squeeze(std::string_view text, bool unicode) {
  std::string out;
  bool gap = false;
  while (!text.empty()) {
    utf8proc_int32_t code = static_cast<unsigned char>(text.front());
    utf8proc_ssize_t n = 1;
    if (unicode && code >= 0x80) {
      n = utf8proc_iterate(reinterpret_cast<utf8proc_uint8_t const*>(text.data()),
                           static_cast<utf8proc_ssize_t>(text.size()), &code);
      if (n <= 0) n = 1, code = -1;
    }
    if ((unicode || code < 0x80) && code >= 0 && is_space(static_cast<char32_t>(code))) {
      gap = !out.empty();
    } else {
      if (gap) out += ' ';
      gap = false;
      out += text.substr(0, static_cast<std::size_t>(n));
    }
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return out;
}

}  // namespace

Folding folding(sdk::Settings const& settings) {
  return {settings.flag("ignore_case"), settings.flag("ignore_space"), settings.flag("unicode")};
}

std::string fold(std::string_view text, Folding const& folding) {
  auto out = folding.unicode ? normal_form(text, folding.letter_case) : std::string(text);
  if (folding.letter_case && !folding.unicode) lower_ascii(out);
  return folding.space ? squeeze(out, folding.unicode) : out;
}

}  // namespace itera::text
