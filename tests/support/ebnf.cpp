#include "tests/support/ebnf.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

namespace itera::support::ebnf {
namespace {

using Kind = Node::Kind;

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

class Reader {
 public:
  Reader(Grammar& grammar, std::string_view text) : grammar_(grammar), text_(text) {}

  void read() {
    for (skip(); at_ < text_.size(); skip()) {
      auto name = word();
      expect('=');
      auto node = choice();
      expect(';');
      if (!grammar_.productions.emplace(name, std::move(node)).second) fail(name + " is defined twice");
    }
  }

 private:
  [[noreturn]] void fail(std::string_view what) const {
    auto const line = 1 + std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(at_), '\n');
    throw std::runtime_error(fmt::format("line {} of the EBNF: {}", line, what));
  }

  void skip() {
    while (at_ < text_.size()) {
      if (text_[at_] == ' ' || text_[at_] == '\n') {
        ++at_;
      } else if (text_.substr(at_).starts_with("(*")) {
        auto const end = text_.find("*)", at_);
        if (end == text_.npos) fail("a comment is not closed");
        at_ = end + 2;
      } else {
        return;
      }
    }
  }

  bool take(char c) {
    skip();
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!take(c)) fail(fmt::format("expected `{}`", c));
  }

  std::string word() {
    skip();
    auto const begin = at_;
    while (at_ < text_.size() && is_name(text_[at_])) ++at_;
    if (begin == at_) fail("expected a name");
    return std::string(text_.substr(begin, at_ - begin));
  }

  // What stands up to the next `mark`.
  std::string until(char mark) {
    auto const end = text_.find(mark, at_);
    if (end == text_.npos || end == at_) fail(fmt::format("expected something and a closing `{}`", mark));
    auto out = std::string(text_.substr(at_, end - at_));
    at_ = end + 1;
    return out;
  }

  Node node(Kind kind, std::string text, std::vector<Node> items = {}) {
    return {kind, std::move(text), std::move(items), grammar_.parts++};
  }

  Node choice() {
    std::vector<Node> items{sequence()};
    while (take('|')) items.push_back(sequence());
    return items.size() == 1 ? std::move(items.front()) : node(Kind::choice, {}, std::move(items));
  }

  Node sequence() {
    std::vector<Node> items;
    for (skip(); at_ < text_.size() && std::string_view("|)]};").find(text_[at_]) == std::string_view::npos;
         skip())
      items.push_back(difference());
    return items.size() == 1 ? std::move(items.front()) : node(Kind::sequence, {}, std::move(items));
  }

  Node difference() {
    auto out = primary();
    if (!take('-')) return out;
    std::vector<Node> items{std::move(out), primary()};
    return node(Kind::except, {}, std::move(items));
  }

  Node primary() {
    skip();
    if (take('"')) return node(Kind::terminal, until('"'));
    if (take('\'')) return node(Kind::terminal, until('\''));
    if (take('?')) {
      auto words = until('?');
      auto const begin = words.find_first_not_of(' ');
      if (begin == words.npos) fail("the words between `?` and `?` are missing");
      return node(Kind::special, words.substr(begin, words.find_last_not_of(' ') + 1 - begin));
    }
    for (auto const& [open, close, kind] :
         {std::tuple{'(', ')', Kind::sequence}, {'[', ']', Kind::optional}, {'{', '}', Kind::repeat}}) {
      if (!take(open)) continue;
      auto inner = choice();
      expect(close);
      if (kind == Kind::sequence) return inner;
      return node(kind, {}, {std::move(inner)});
    }
    return node(Kind::reference, word());
  }

  Grammar& grammar_;
  std::string_view text_;
  std::size_t at_ = 0;
};

void visit(Node const& node, auto const& what) {
  what(node);
  for (auto const& item : node.items) visit(item, what);
}

}  // namespace

Node const& Grammar::operator[](std::string_view name) const {
  auto const it = productions.find(name);
  if (it == productions.end()) throw std::runtime_error(fmt::format("the EBNF has no `{}`", name));
  return it->second;
}

std::vector<std::string> blocks(std::string_view markdown) {
  constexpr std::string_view open = "\n```ebnf\n";
  std::vector<std::string> out;
  for (auto at = markdown.find(open); at != markdown.npos; at = markdown.find(open, at)) {
    at += open.size();
    out.emplace_back(markdown.substr(at, markdown.find("\n```\n", at) - at));
  }
  return out;
}

void read(Grammar& grammar, std::string_view text) {
  Reader(grammar, text).read();
}

void require_closed(Grammar const& grammar) {
  for (auto const& [name, production] : grammar.productions)
    visit(production, [&](Node const& node) {
      if (node.kind == Kind::reference && !grammar.productions.contains(node.text))
        throw std::runtime_error(fmt::format("`{}` refers to `{}`, which is not there", name, node.text));
    });
}

std::vector<std::string> terminals(Node const& node) {
  std::vector<std::string> out;
  visit(node, [&](Node const& part) {
    if (part.kind == Kind::terminal) out.push_back(part.text);
  });
  return out;
}

std::vector<std::string> first_terminals(Grammar const& grammar, Node const& node) {
  if (node.kind == Kind::terminal) return {node.text};
  if (node.kind == Kind::reference) return first_terminals(grammar, grammar[node.text]);
  std::vector<std::string> out;
  for (auto const& item : node.items) {
    auto const first = first_terminals(grammar, item);
    out.insert(out.end(), first.begin(), first.end());
    if (node.kind == Kind::except) break;
    if (node.kind == Kind::sequence && item.kind != Kind::optional && item.kind != Kind::repeat &&
        item.kind != Kind::special)
      break;
  }
  return out;
}

}  // namespace itera::support::ebnf
