#include "dsl/draft/column_name.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include <fmt/format.h>

namespace itera::dsl {
namespace {

constexpr std::size_t kLongest = 500;  // bytes: beyond that a name is no name
constexpr std::size_t kShown = 60;

// Every word that means something at a place where a column may stand. A column that is called like one of
// them may be written in backquotes everywhere, so the list may be longer than needed, never shorter.
constexpr std::string_view kWords[] = {
    "question",   "hypothesis", "rows",      "origin",     "row",     "sample",   "split",    "traffic",
    "baseline",   "arm",        "control",   "metric",     "also",    "failure",  "trials",   "crosscheck",
    "severity",   "ship",       "sprint",    "accept",     "budget",  "report",   "when",     "effect",
    "and",        "or",         "not",       "every",      "by",      "point",    "interval", "harm",
    "over",       "does",       "rise",      "cost",       "latency", "from",     "using",    "weight",
    "experiment", "use",        "per",       "of",         "key",     "input",    "expected", "slice",
    "entity",     "train",      "dev",       "test",       "cap",     "stratify", "seed",     "min",
    "max",        "abs",        "len",       "matches",    "true",    "false",    "output",   "p95",
    "ref",        "one",        "mechanism", "production", "file",    "env",      "iteration"};

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_inside(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}
bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20U || c == '\x7f';
}

struct Turning {
  std::string_view bytes;
  std::uint32_t code;
};
// The characters that the language refuses in clear everywhere, in UTF-8.
constexpr std::array<Turning, 12> kTurning{{{"\xD8\x9C", 0x061C},
                                            {"\xE2\x80\x8E", 0x200E},
                                            {"\xE2\x80\x8F", 0x200F},
                                            {"\xE2\x80\xAA", 0x202A},
                                            {"\xE2\x80\xAB", 0x202B},
                                            {"\xE2\x80\xAC", 0x202C},
                                            {"\xE2\x80\xAD", 0x202D},
                                            {"\xE2\x80\xAE", 0x202E},
                                            {"\xE2\x81\xA6", 0x2066},
                                            {"\xE2\x81\xA7", 0x2067},
                                            {"\xE2\x81\xA8", 0x2068},
                                            {"\xE2\x81\xA9", 0x2069}}};

Turning const* turning_at(std::string_view text, std::size_t at) {
  auto const it = std::find_if(kTurning.begin(), kTurning.end(),
                               [&](auto const& t) { return text.substr(at).starts_with(t.bytes); });
  return it == kTurning.end() ? nullptr : &*it;
}

}  // namespace

bool is_identifier(std::string_view name) {
  return !name.empty() && !is_digit(name.front()) && std::all_of(name.begin(), name.end(), [](char c) {
    return is_letter(c) || is_digit(c) || c == '_';
  });
}

bool can_be_named(std::string_view name) {
  if (name.empty() || name.size() > kLongest) return false;
  for (std::size_t at = 0; at < name.size(); ++at)
    if (name[at] == '`' || is_control(name[at]) || turning_at(name, at)) return false;
  return true;
}

std::string column_text(std::string_view name) {
  bool const plain =
      is_identifier(name) && std::find(std::begin(kWords), std::end(kWords), name) == std::end(kWords);
  return plain ? std::string(name) : fmt::format("`{}`", name);
}

std::string column_in_comment(std::string_view name) {
  std::string out;
  for (std::size_t at = 0; at < name.size() && out.size() < kShown; ++at) {
    if (auto const* turning = turning_at(name, at)) {
      out += '?';
      at += turning->bytes.size() - 1;
    } else {
      out += name[at] == '`' || is_control(name[at]) ? '?' : name[at];
    }
  }
  if (name.size() > kShown)  // not in the middle of a character
    while (!out.empty() && (is_inside(out.back()) || static_cast<unsigned char>(out.back()) >= 0xC0U))
      out.pop_back();
  return fmt::format("`{}{}`", out, name.size() > kShown ? "..." : "");
}

std::string text_literal(std::string_view text) {
  std::string out = "\"";
  for (std::size_t at = 0; at < text.size(); ++at) {
    auto const c = text[at];
    if (auto const* turning = turning_at(text, at)) {
      out += fmt::format("\\u{{{:X}}}", turning->code);
      at += turning->bytes.size() - 1;
    } else if (c == '"' || c == '\\') {
      out += fmt::format("\\{}", c);
    } else if (c == '\t' || c == '\n' || c == '\r') {
      out += c == '\t' ? "\\t" : c == '\n' ? "\\n" : "\\r";
    } else if (is_control(c)) {
      out += fmt::format("\\u{{{:X}}}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> out;
  bool open = false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    auto const c = name[i];
    if (!is_letter(c) && !is_digit(c)) {
      open = false;
      continue;
    }
    bool const hump = is_upper(c) && i > 0 && !is_upper(name[i - 1]);
    if (!open || hump) out.emplace_back();
    out.back() += is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
    open = true;
  }
  for (auto& word : out)
    if (word.size() > 3 && word.ends_with('s') && !word.ends_with("ss")) word.pop_back();
  return out;
}

std::size_t place_among(std::string_view name, std::span<std::string_view const> words) {
  auto const own = words_of(name);
  auto const it = std::find_if(words.begin(), words.end(), [&](std::string_view word) {
    return std::find(own.begin(), own.end(), word) != own.end();
  });
  return static_cast<std::size_t>(it - words.begin());
}

std::string identifier_of(std::string_view name) {
  std::string out;
  for (char const c : name)
    if (is_letter(c) || is_digit(c))
      out += c;
    else if (!out.empty() && out.back() != '_')
      out += '_';
  while (out.ends_with('_')) out.pop_back();
  if (!out.empty() && is_digit(out.front())) out.insert(0, "_");
  return out;
}

}  // namespace itera::dsl
