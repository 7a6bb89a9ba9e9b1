#include "fence.hpp"

#include <array>
#include <cctype>

#include <sodium.h>

namespace judge_llm {
namespace {

constexpr std::string_view kMark = "itera-fence";
constexpr std::string_view kBroken = "itera[-]fence";

bool same_letter(char a, char b) {
  return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
}

// Every `word` in any letter case.
std::string replaced(std::string_view text, std::string_view word, std::string_view by) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    auto const here = text.substr(at, word.size());
    bool found = here.size() == word.size();
    for (std::size_t i = 0; found && i < word.size(); ++i) found = same_letter(here[i], word[i]);
    if (found) {
      out += by;
      at += word.size();
    } else {
      out += text[at++];
    }
  }
  return out;
}

std::string_view cut(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0U) == 0x80)
    --most;  // not inside a character
  return text.substr(0, most);
}

}  // namespace

std::string nonce(std::uint64_t seed, std::string_view label) {
  auto const of = std::to_string(seed) + '\x1f' + std::string(label);
  std::array<unsigned char, 16> hash{};
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<unsigned char const*>(of.data()), of.size(),
                     nullptr, 0);
  std::array<char, 33> hex{};
  sodium_bin2hex(hex.data(), hex.size(), hash.data(), hash.size());
  return hex.data();
}

std::string fenced(std::string_view what, std::string_view text, std::string_view nonce, std::size_t most) {
  auto const shown = cut(text, most);
  auto const tag = std::string(what) + " " + std::string(kMark) + " " + std::string(nonce);
  // A nonce inside of the text is no accident.
  auto out = "<" + tag + ">\n" + replaced(replaced(shown, kMark, kBroken), nonce, "[a fence]") + "\n</" +
             tag + ">\n";
  if (shown.size() < text.size())
    out += "(" + std::to_string(text.size() - shown.size()) + " more bytes of it are not shown.)\n";
  return out;
}

}  // namespace judge_llm
