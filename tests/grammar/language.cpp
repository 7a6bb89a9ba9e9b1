#include "tests/grammar/language.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

#include <fmt/format.h>

#include "core/base/file.hpp"
#include "core/base/text.hpp"
#include "dsl/grammar/look_alike.hpp"

namespace itera::grammar_test {
namespace {

using support::Dice;
using namespace support::ebnf;  // NOLINT(google-build-using-namespace)

std::string page() {
  auto text = read_file(std::string(ITERA_SOURCE_DIR) + "/docs/language.md");
  if (!text) throw std::runtime_error("docs/language.md cannot be read");
  return *text;
}

std::string any_character(Dice& dice) {
  // Among them what would mean something outside of a text, and letters of two, three and four bytes.
  constexpr std::string_view some[] = {"a",
                                       "b",
                                       "z",
                                       "Q",
                                       "_",
                                       "7",
                                       " ",
                                       "  ",
                                       "{",
                                       "}",
                                       "[",
                                       "]",
                                       "(",
                                       ")",
                                       "=",
                                       ",",
                                       ";",
                                       "//",
                                       "#",
                                       "'",
                                       "`",
                                       "\"",
                                       "\\",
                                       "\t",
                                       "\r",
                                       "%",
                                       "\xC3\xA9",
                                       "\xE2\x82\xAC",
                                       "\xF0\x9F\x98\x80",
                                       "\xCE\xBF"};
  return std::string(some[dice.below(std::size(some))]);
}

bool is_one_character(std::string_view text) {
  if (text.empty() || text[0] == '\n' || text[0] == '\0' || !is_valid_utf8(text)) return false;
  auto const [code, length] = dsl::grammar::character_at(text, 0);
  return length == text.size() && !dsl::grammar::turns_text(code);
}

std::string any_code(Dice& dice) {
  constexpr std::uint32_t edges[] = {1,      9,      0x7F,   0x80,    0x7FF,   0x800,
                                     0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF};
  auto const code = edges[dice.below(std::size(edges))];
  return dice.chance(50) ? fmt::format("{:X}", code) : fmt::format("{:06x}", code);
}

bool is_code(std::string_view text) {
  if (text.empty() || text.size() > 7 ||
      text.find_first_not_of("0123456789abcdefABCDEF") != std::string_view::npos)
    return false;
  auto const code = std::stoul(std::string(text), nullptr, 16);
  return code > 0 && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
}

/// The words that begin the clauses of the block in which the token at `at` stands.
std::vector<std::string> heads(Grammar const& grammar, std::span<Token const> tokens, std::size_t at) {
  std::vector<std::string_view> blocks{"spec"};
  auto const text = [&](std::size_t i, std::size_t back) {
    return i >= back ? std::string_view(tokens[i - back].text) : std::string_view();
  };
  for (std::size_t i = 0; i < at; ++i) {
    if (tokens[i].kind != "symbol") continue;
    if (tokens[i].text == "}" && blocks.size() > 1) blocks.pop_back();
    if (tokens[i].text == "{")
      blocks.push_back(text(i, 2) == "experiment" ? "clause"
                       : text(i, 2) == "sprint"   ? "iteration"
                       : text(i, 1) == "row"      ? "row"
                       : text(i, 1) == "split"    ? "split"
                       : text(i, 1) == "traffic"  ? "word"
                                                  : "change");
  }
  return first_terminals(grammar, grammar[blocks.back()]);
}

void add_meanings(Language& out) {
  out.characters["a letter from A to Z or from a to z"] = {
      [](Dice& dice) {
        return std::string(1, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"[dice.below(52)]);
      },
      [](std::string_view t) {
        return t.size() == 1 && ((t[0] >= 'a' && t[0] <= 'z') || (t[0] >= 'A' && t[0] <= 'Z'));
      }};
  out.characters["any but a line break, U+0000 and those that turn the order of text"] = {any_character,
                                                                                          is_one_character};
  out.characters["the hexadecimal number of a character but U+0000"] = {any_code, is_code};
  out.characters["a line break"] = {[](Dice&) { return std::string("\n"); },
                                    [](std::string_view t) { return t == "\n"; }};

  using Tokens = std::span<Token const>;
  out.conditions["before nl, \"}\" or the end of the file"] = {
      false,
      [](Tokens t, std::size_t at) { return at >= t.size() || t[at].kind == "nl" || t[at].text == "}"; }};
  out.conditions["not before \"(\""] = {
      false, [](Tokens t, std::size_t at) { return at >= t.size() || t[at].text != "("; }};
  out.conditions["before a number with a sign"] = {false, [](Tokens t, std::size_t at) {
                                                     return at < t.size() && t[at].kind == "number" &&
                                                            (t[at].text[0] == '-' || t[at].text[0] == '+');
                                                   }};
  out.conditions["not behind a number in its line"] = {
      false, [](Tokens t, std::size_t at) {
        return at == 0 || at >= t.size() || t[at].begins_line || t[at - 1].kind != "number";
      }};
  auto const& grammar = out.grammar;
  out.conditions["not in a row"] = {false, [&grammar](Tokens t, std::size_t at) {
                                      auto const words = heads(grammar, t, at);
                                      return std::find(words.begin(), words.end(), "key") == words.end();
                                    }};
  out.conditions["a name that begins no clause of its block"] = {
      true, [&grammar](Tokens t, std::size_t at) {
        auto const words = heads(grammar, t, at);
        return std::find(words.begin(), words.end(), t[at].text) == words.end();
      }};
  auto const reserved = documented_reserved_words();
  out.conditions["a name that is not reserved"] = {true, [reserved](Tokens t, std::size_t at) {
                                                     return std::find(reserved.begin(), reserved.end(),
                                                                      t[at].text) == reserved.end();
                                                   }};
}

bool is_closed(Token const& token) {
  return token.kind == "nl" || token.kind == "column" ||
         (token.kind == "symbol" && token.text.find_first_of("()[]{},") == 0);
}

// Whether the two would be read as something else without a gap.
bool need_gap(Token const& a, Token const& b) {
  if (is_closed(a) || is_closed(b)) return false;
  if (a.kind == "text" || b.kind == "text") return a.kind == b.kind;
  auto const is_sign = [](Token const& t) {
    return std::string_view("+-*/").find(t.text) != std::string_view::npos;
  };
  if (a.kind == "symbol" && b.kind == "symbol") return true;
  if (a.kind == "symbol" || b.kind == "symbol") return is_sign(a) || is_sign(b);
  return true;
}

std::string gap(Dice& dice, bool needed) {
  constexpr std::string_view blanks[] = {" ", "  ", "\t", "      ", " \r "};
  return needed || dice.chance(50) ? std::string(blanks[dice.below(std::size(blanks))]) : "";
}

}  // namespace

Language const& documented_language() {
  static Language out;  // conditions refer to its grammar
  if (!out.tokens.empty()) return out;
  auto const blocks = support::ebnf::blocks(page());
  if (blocks.size() != 3) throw std::runtime_error("expected three blocks of EBNF");
  read(out.grammar, blocks[0]);
  for (auto const& [name, production] : out.grammar.productions) out.tokens.insert(name);
  read(out.grammar, blocks[1]);
  read(out.grammar, blocks[2]);
  require_closed(out.grammar);
  add_meanings(out);
  return out;
}

std::vector<std::string> documented_reserved_words() {
  auto const text = page();
  constexpr std::string_view head = "are\n  reserved: ";
  auto const begin = text.find(head);
  auto const end = text.find(".\n", begin);
  if (begin == text.npos || end == text.npos) throw std::runtime_error("the reserved words are not listed");
  std::vector<std::string> out;
  for (auto at = text.find('`', begin); at < end; at = text.find('`', at)) {
    auto const close = text.find('`', at + 1);
    out.push_back(text.substr(at + 1, close - at - 1));
    at = close + 1;
  }
  return out;
}

std::string text_of(std::span<Token const> tokens, Sentences& sentences, Dice& dice) {
  auto const comment = [&] { return " " + sentences.token("comment"); };
  std::string out = gap(dice, false);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (i > 0) out += gap(dice, need_gap(tokens[i - 1], tokens[i]));
    if (tokens[i].kind == "nl") out += dice.chance(20) ? comment() : "";
    out += tokens[i].kind == "nl" && dice.chance(10) ? "\r\n" : tokens[i].text;
  }
  return out + gap(dice, false) + (dice.chance(20) ? comment() : "");
}

std::string plain_text_of(std::span<Token const> tokens) {
  std::string out;
  for (auto const& token : tokens) out += token.text + (token.kind == "nl" ? "" : " ");
  return out;
}

std::optional<std::vector<Token>> tokens_of(std::string_view text) {
  auto const& language = documented_language();
  auto const& grammar = language.grammar;
  std::vector<std::string> symbols;
  for (auto const& [name, production] : grammar.productions)
    if (!language.tokens.contains(name))
      for (auto const& symbol : terminals(production))
        if (!(symbol.front() >= 'a' && symbol.front() <= 'z')) symbols.push_back(symbol);
  std::vector<Token> out;
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  for (auto at = text.starts_with(byte_order_mark) ? byte_order_mark.size() : 0; at < text.size();) {
    if (std::string_view(" \t\r").find(text[at]) != std::string_view::npos) {
      ++at;
      continue;
    }
    // A literal ends where the first one does, anything else as late as it can.
    Token best;
    std::size_t end = at;
    auto const rest = text.substr(at);
    for (auto const* kind : {"name", "column", "text", "number", "nl", "comment"}) {
      auto const length = language.longest(grammar[kind], rest);
      if (length && at + *length > end)
        best = {kind, std::string(rest.substr(0, *length))}, end = at + *length;
    }
    for (auto const& symbol : symbols)
      if (rest.starts_with(symbol) && at + symbol.size() > end)
        best = {"symbol", symbol}, end = at + symbol.size();
    if (end == at) return std::nullopt;
    if (best.kind != "comment") out.push_back(best);
    at = end;
  }
  return out;
}

std::vector<Token> without_layout(std::span<Token const> tokens) {
  std::vector<Token> out;
  std::vector<bool> in_traffic{false};
  bool begins_line = true;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    auto const& token = tokens[i];
    if (token.kind != "nl") {
      out.push_back(token);
      out.back().begins_line = std::exchange(begins_line, false);
      if (token.text == "{") in_traffic.push_back(out.size() > 1 && out[out.size() - 2].text == "traffic");
      if (token.text == "}" && in_traffic.size() > 1) in_traffic.pop_back();
      continue;
    }
    begins_line = true;
    auto next = i;
    while (next < tokens.size() && tokens[next].kind == "nl") ++next;
    bool const kept = in_traffic.back() && out.back().text != "{" && out.back().text != "," &&
                      next < tokens.size() && tokens[next].text != "}" && tokens[next].kind != "text";
    if (kept && out.back().kind != "nl") out.push_back(token);
  }
  return out;
}

std::vector<Token> mutated(std::vector<Token> tokens, std::span<Token const> others, Dice& dice) {
  auto const i = dice.below(tokens.size());
  auto const at = tokens.begin() + static_cast<std::ptrdiff_t>(i);
  auto const& other = others[dice.below(others.size())];
  auto const few = std::min<std::size_t>(tokens.size() - i, 1 + dice.below(3));
  auto const end = at + static_cast<std::ptrdiff_t>(few);
  switch (dice.below(5)) {
    case 0:
      tokens.erase(at, end);
      break;
    case 1: {
      std::vector<Token> const again(at, end);
      tokens.insert(end, again.begin(), again.end());
      break;
    }
    case 2:
      if (i + 1 < tokens.size()) std::swap(tokens[i], tokens[i + 1]);
      break;
    case 3:
      *at = other;
      break;
    default:
      tokens.insert(at, other);
      break;
  }
  return tokens;
}

std::vector<Token> laid_out(std::span<Token const> tokens, std::span<Place::Inside const> begun, Dice& dice) {
  Token const nl{"nl", "\n"};
  std::set<std::size_t> clauses;
  for (auto const& [production, begin] : begun)
    for (std::string_view const clause :
         {"use", "experiment", "clause", "row", "split", "iteration", "change", "trait", "setting"})
      if (production == clause) clauses.insert(begin);
  std::vector<Token> out;
  int in_list = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    auto const is = [&](std::size_t at, std::string_view kind,
                        std::initializer_list<std::string_view> texts) {
      return at < tokens.size() && tokens[at].kind == kind &&
             std::find(texts.begin(), texts.end(), tokens[at].text) != texts.end();
    };
    auto const before = i - 1;  // past all of them for the first
    bool const goes_on = is(before, "symbol", {",", ">=", "<=", "==", "!=", "<", ">"}) ||
                         is(before, "name", {"and", "or"}) || is(i, "name", {"and", "or"}) ||
                         (tokens[i].kind == "text" && !is(before, "symbol", {"=", "("}));
    bool const at_brace = is(i, "symbol", {"{", "}"}) || is(before, "symbol", {"{"});
    if (in_list == 0 && i > 0) {
      if (clauses.contains(i) ? dice.chance(65) : at_brace ? dice.chance(50) : goes_on && dice.chance(25))
        out.push_back(nl);
      if (out.back().kind == "nl" && dice.chance(10)) out.push_back(nl);
    }
    in_list += is(i, "symbol", {"["}) - is(i, "symbol", {"]"});
    out.push_back(tokens[i]);
  }
  return out;
}

}  // namespace itera::grammar_test
