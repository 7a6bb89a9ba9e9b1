#include "dsl/language_server/loose.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "dsl/grammar/literals.hpp"

namespace itera::dsl::language_server {
namespace {

using syntax::Body;
using syntax::Item;
using syntax::Term;
using syntax::TermKind;

constexpr int kMaxDepth = 200;

struct Token {
  TermKind kind = TermKind::symbol;
  std::uint32_t begin = 0, end = 0;
  bool on_new_line = false;
  std::uint32_t indent = 0;  ///< of its line, in characters
};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
  }

  std::vector<Token> scan() {
    for (skip_blanks(); at_ < text_.size(); skip_blanks()) {
      auto const begin = at_;
      Token token;
      token.kind = take();
      token.begin = static_cast<std::uint32_t>(begin);
      token.end = static_cast<std::uint32_t>(at_);
      token.on_new_line = std::exchange(new_line_, false);
      token.indent = indent_;
      tokens_.push_back(token);
    }
    return std::move(tokens_);
  }

 private:
  char look(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

  void skip_blanks() {
    for (; at_ < text_.size(); ++at_) {
      auto const c = text_[at_];
      if (c == '/' && look(1) == '/') {
        at_ = std::min(text_.find('\n', at_), text_.size()) - 1;
      } else if (c == '\n') {
        new_line_ = true;
        indent_ = 0;
      } else if (c == ' ' || c == '\t') {
        indent_ += new_line_ ? 1 : 0;
      } else if (c != '\r') {
        return;
      }
    }
  }

  // As the grammar's: `1e-3`, `1/3`, `$0.40`, `+5pp`.
  bool number_begins() const {
    std::size_t i = look() == '+' || look() == '-' ? 1 : 0;
    return is_digit(look(look(i) == '$' ? i + 1 : i));
  }
  void take_number() {
    while (!is_digit(look())) ++at_;
    for (;;) {
      if ((look() == 'e' || look() == 'E') && (look(1) == '+' || look(1) == '-') && is_digit(look(2)))
        at_ += 2;
      else if (is_name_character(look()) || look() == '.' || (look() == '/' && is_digit(look(1))))
        ++at_;
      else
        break;
    }
    if (look() == '%') ++at_;
  }

  TermKind take() {
    if (look() == '"') {
      at_ = grammar::end_of_text(text_, at_).end;
      return TermKind::text;
    }
    if (look() == '`') {
      at_ = grammar::end_of_column(text_, at_).end;
      return TermKind::column;
    }
    if (number_begins()) {
      take_number();
      return TermKind::number;
    }
    if (is_name_character(look())) {
      while (is_name_character(look())) ++at_;
      return TermKind::word;
    }
    auto const two = text_.substr(at_, 2);
    if (two == ">=" || two == "<=" || two == "==" || two == "!=") {
      at_ += 2;
      return TermKind::symbol;
    }
    do ++at_;
    while ((static_cast<unsigned char>(look()) & 0xC0U) == 0x80U);
    return TermKind::symbol;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Token> tokens_;
  bool new_line_ = true;
  std::uint32_t indent_ = 0;
};

class Builder {
 public:
  Builder(std::string_view text, std::vector<Token> const& tokens, bool by_indent)
      : text_(text), tokens_(tokens), by_indent_(by_indent) {}

  syntax::File build() {
    syntax::File out;
    while (at_ < tokens_.size()) {
      items(out.body, nullptr, 0);
      if (at_ == tokens_.size()) break;
      sound_ = false;  // a `}` that closes nothing
      ++at_;
    }
    out.sound = sound_;
    return out;
  }

 private:
  std::string_view spelled(std::size_t i) const {
    return i < tokens_.size() ? text_.substr(tokens_[i].begin, tokens_[i].end - tokens_[i].begin)
                              : std::string_view();
  }
  bool sees(std::string_view symbol) const {
    return at_ < tokens_.size() && tokens_[at_].kind == TermKind::symbol && spelled(at_) == symbol;
  }
  bool joins(std::size_t i) const {
    auto const word = spelled(i);
    return tokens_[i].kind == TermKind::word && (word == "and" || word == "or");
  }
  bool joins_lines(std::size_t i) const {
    constexpr std::string_view joints[] = {",", ">=", "<=", "==", "!=", "<", ">"};
    return joins(i) || (tokens_[i].kind == TermKind::symbol &&
                        std::find(std::begin(joints), std::end(joints), spelled(i)) != std::end(joints));
  }

  // Up to the `}` that ends the block, which is not taken.
  void items(Body& body, Token const* opener, int depth) {
    while (at_ < tokens_.size() && !sees("}")) {
      if (opener && by_indent_ && tokens_[at_].on_new_line && tokens_[at_].kind == TermKind::word &&
          tokens_[at_].indent <= opener->indent)
        return;
      body.items.push_back(item(depth));
    }
  }

  Item item(int depth) {
    Item out;
    auto const& first = tokens_[at_];
    while (at_ < tokens_.size() && !sees("{") && !sees("}")) {
      bool const goes_on = out.terms.empty() || !tokens_[at_].on_new_line || joins_lines(at_ - 1) ||
                           joins(at_) || tokens_[at_].kind == TermKind::text;
      if (!goes_on) break;
      out.terms.push_back(term());
    }
    if (!sees("{")) return out;
    auto const open = tokens_[at_++];
    if (depth == kMaxDepth) return out;
    Body body;
    body.open = {open.begin, open.end};
    items(body, &first, depth + 1);
    bool const closed =
        sees("}") && !(by_indent_ && tokens_[at_].on_new_line && tokens_[at_].indent < first.indent);
    if (closed) {
      body.close = {tokens_[at_].begin, tokens_[at_].end};
      ++at_;
    } else {
      sound_ = false;
      auto const end = at_ < tokens_.size() ? tokens_[at_].begin : static_cast<std::uint32_t>(text_.size());
      body.close = {end, end};
    }
    out.body = std::move(body);
    return out;
  }

  Term term() {
    bool const word = tokens_[at_].kind == TermKind::word;
    auto out = simple();
    if (!word || !on_this_line("=")) return out;
    Term assignment{TermKind::assignment, out.span, out.text, {out}};
    auto const after = tokens_[at_++].end;
    bool const has_value = at_ < tokens_.size() && !tokens_[at_].on_new_line &&
                           (tokens_[at_].kind != TermKind::symbol || sees("["));
    assignment.items.push_back(has_value ? value(0) : Term{TermKind::word, {after, after}, "", {}});
    assignment.span.end = assignment.items.back().span.end;
    return assignment;
  }

  bool on_this_line(std::string_view symbol) const { return sees(symbol) && !tokens_[at_].on_new_line; }

  Term simple() {
    auto const& token = tokens_[at_];
    auto const written = spelled(at_++);
    Term out{token.kind, {token.begin, token.end}, std::string(written), {}};
    if (token.kind == TermKind::text) {
      std::vector<Span> bad;
      out.text = grammar::text_of(written, grammar::end_of_text(text_, token.begin), bad);
    } else if (token.kind == TermKind::column) {
      auto const closed = grammar::end_of_column(text_, token.begin).closed;
      out.text = written.substr(1, written.size() - (closed ? 2 : 1));
    }
    return out;
  }

  Term value(int depth) {
    if (sees("[")) return list(depth);
    bool const word = tokens_[at_].kind == TermKind::word;
    auto out = simple();
    if (!word || !on_this_line("(")) return out;
    auto const after = tokens_[at_++].end;
    Term call{TermKind::call, {out.span.begin, after}, out.text, {}};
    bool const argument =
        at_ < tokens_.size() && !tokens_[at_].on_new_line && tokens_[at_].kind == TermKind::text;
    call.items.push_back(argument ? simple() : Term{TermKind::text, {after, after}, "", {}});
    call.span.end = call.items.back().span.end;
    if (on_this_line(")")) call.span.end = tokens_[at_++].end;
    return call;
  }

  // A list that is not closed ends before what is no part of one: a brace, or a line that begins a setting.
  Term list(int depth) {
    Term out{TermKind::list, {tokens_[at_].begin, tokens_[at_].end}, "", {}};
    ++at_;
    while (at_ < tokens_.size() && !sees("]") && !sees("{") && !sees("}")) {
      auto const& token = tokens_[at_];
      auto const next = spelled(at_ + 1);
      if (token.kind == TermKind::word && token.on_new_line && next != "," && next != "]" && next != "(")
        break;
      if (token.kind == TermKind::symbol && (!sees("[") || depth == kMaxDepth)) {
        ++at_;
        continue;
      }
      out.items.push_back(value(depth + 1));
    }
    if (sees("]")) ++at_;
    out.span.end = tokens_[at_ - 1].end;
    return out;
  }

  std::string_view text_;
  std::vector<Token> const& tokens_;
  bool by_indent_;
  bool sound_ = true;
  std::size_t at_ = 0;
};

}  // namespace

syntax::File read_loosely(std::string_view text) {
  auto const tokens = Scanner(text).scan();
  auto out = Builder(text, tokens, false).build();
  if (out.sound) return out;
  out = Builder(text, tokens, true).build();
  out.sound = false;
  return out;
}

}  // namespace itera::dsl::language_server
