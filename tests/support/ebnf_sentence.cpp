#include "tests/support/ebnf_sentence.hpp"

#include <algorithm>
#include <cctype>
#include <stdexcept>
#include <utility>

#include "tests/support/ebnf_match.hpp"

namespace itera::support::ebnf {
namespace {

using enum Node::Kind;

// Sentences beyond this depth or length end as soon as they can.
constexpr std::size_t kDepth = 24;
constexpr std::size_t kLength = 250;
constexpr std::size_t kTall = 1'000'000;

bool is_word(std::string_view text) {
  return !text.empty() && (std::isalpha(static_cast<unsigned char>(text.front())) != 0);
}

}  // namespace

Ends Language::ends(Node const& node, std::string_view text) const {
  Matcher matcher(grammar, [&](Node const& leaf, std::size_t at) -> std::optional<Ends> {
    if (leaf.kind == reference) return std::nullopt;
    if (leaf.kind == terminal)
      return text.substr(at).starts_with(leaf.text) ? Ends{at + leaf.text.size()} : Ends{};
    Ends out;
    auto const& meaning = characters.at(leaf.text);
    for (auto end = at + 1; end <= std::min(text.size(), at + 8); ++end)
      if (meaning.is(text.substr(at, end - at))) out.push_back(end);
    return out;
  });
  return matcher.ends(node, 0);
}

bool Language::is(Node const& node, std::string_view text) const {
  auto const found = ends(node, text);
  return std::binary_search(found.begin(), found.end(), text.size());
}

std::optional<std::size_t> Language::longest(Node const& node, std::string_view text) const {
  auto const found = ends(node, text);
  return found.empty() ? std::nullopt : std::optional(found.back());
}

bool Language::is(std::string_view production, std::span<Token const> all) const {
  Matcher matcher(grammar, [&](Node const& leaf, std::size_t at) -> std::optional<Ends> {
    if (leaf.kind == reference && !is_token(leaf)) return std::nullopt;
    if (leaf.kind == special) {
      auto const& condition = conditions.at(leaf.text);
      if (!condition.takes) return condition.holds(all, at) ? Ends{at} : Ends{};
      return at < all.size() && all[at].kind == "name" && condition.holds(all, at) ? Ends{at + 1} : Ends{};
    }
    if (at >= all.size()) return Ends{};
    bool const here = leaf.kind == terminal
                          ? all[at].text == leaf.text && (all[at].kind == "name" || all[at].kind == "symbol")
                          : all[at].kind == leaf.text;
    return here ? Ends{at + 1} : Ends{};
  });
  return matcher.reaches(grammar[production], 0, all.size());
}

bool Place::is_in(std::string_view production) const {
  return std::any_of(inside.begin(), inside.end(), [&](auto const& i) { return i.production == production; });
}

std::string_view Place::previous(std::size_t back) const {
  return back <= before.size() ? std::string_view(before[before.size() - back].text) : std::string_view();
}

Sentences::Sentences(Language const& language, Dice& dice, Likely likely)
    : language_(language), dice_(dice), likely_(std::move(likely)) {
  measure();
}

std::vector<Token> Sentences::sentence(std::string_view production, std::vector<Token> const& before) {
  for (int attempt = 0; attempt < 10'000; ++attempt) {
    tokens_ = before;
    inside_.clear();
    begun_.clear();
    pending_.clear();
    touched_.clear();
    try {
      // Kept, because what was begun speaks of its name.
      start_ = std::make_unique<Node>(Node{reference, std::string(production), {}, language_.grammar.parts});
      walk(*start_);
      for (auto const* condition : pending_)
        if (!language_.conditions.at(condition->text).holds(tokens_, tokens_.size())) throw DeadEnd{};
    } catch (DeadEnd const&) {
      continue;
    }
    used_.insert(touched_.begin(), touched_.end());
    return {tokens_.begin() + static_cast<std::ptrdiff_t>(before.size()), tokens_.end()};
  }
  throw std::runtime_error("no sentence of `" + std::string(production) + "` came up");
}

std::string Sentences::token(std::string_view production) {
  touched_.clear();
  auto out = characters(language_.grammar[production]);
  used_.insert(touched_.begin(), touched_.end());
  return out;
}

void Sentences::emit(Token token) {
  tokens_.push_back(std::move(token));
  for (auto const* condition : std::exchange(pending_, {}))
    if (!language_.conditions.at(condition->text).holds(tokens_, tokens_.size() - 1)) throw DeadEnd{};
}

void Sentences::make_up(std::string_view what, std::function<std::string()> const& chance) {
  auto text = likely_ ? likely_({what, tokens_, inside_}) : std::nullopt;
  auto const kind = language_.tokens.contains(what) ? what : std::string_view("name");
  emit({std::string(kind), text ? std::move(*text) : chance()});
}

void Sentences::walk(Node const& node) {
  touched_.insert(node.id);
  switch (node.kind) {
    case terminal:
      return emit({is_word(node.text) ? "name" : "symbol", node.text});
    case reference: {
      auto const& production = language_.grammar[node.text];
      if (language_.is_token(node)) return make_up(node.text, [&] { return characters(production); });
      inside_.push_back({node.text, tokens_.size()});
      begun_.push_back(inside_.back());
      walk(production);
      inside_.pop_back();
      return;
    }
    case special: {
      auto const& condition = language_.conditions.at(node.text);
      if (!condition.takes) {
        pending_.push_back(&node);
        return;
      }
      make_up(node.text, [&] { return characters(language_.grammar["name"]); });
      if (!condition.holds(tokens_, tokens_.size() - 1)) throw DeadEnd{};
      return;
    }
    case sequence:
      for (auto const& item : node.items) walk(item);
      return;
    case choice:
      return walk(pick(node));
    case optional:
      if (again(50)) walk(node.items[0]);
      return;
    case repeat:
      // Less often further down, where expressions are: there every part has to fit the others.
      while (again(inside_.size() > 5 ? 25 : 60)) walk(node.items[0]);
      return;
    case except: {
      auto const begin = tokens_.size();
      walk(node.items[0]);
      touched_.insert(node.items[1].id);
      // An exception is one token here, and so is what it is an exception from.
      if (tokens_.size() != begin + 1) throw std::logic_error("an exception from several tokens");
      for (auto const& text :
           terminals(node.items[1].kind == reference ? language_.grammar[node.items[1].text] : node.items[1]))
        if (tokens_.back().text == text) throw DeadEnd{};
      return;
    }
  }
}

std::string Sentences::characters(Node const& node) {
  touched_.insert(node.id);
  std::string out;
  switch (node.kind) {
    case terminal:
      return node.text;
    case reference:
      return characters(language_.grammar[node.text]);
    case special:
      return language_.characters.at(node.text).any(dice_);
    case sequence:
      for (auto const& item : node.items) out += characters(item);
      return out;
    case choice:
      return characters(node.items[dice_.below(node.items.size())]);
    case optional:
      return dice_.chance(40) ? characters(node.items[0]) : out;
    case repeat:
      while (dice_.chance(70)) out += characters(node.items[0]);
      return out;
    case except:
      touched_.insert(node.items[1].id);
      do out = characters(node.items[0]);
      while (language_.is(node.items[1], out));
      return out;
  }
  return out;
}

bool Sentences::again(std::size_t percent) {
  return inside_.size() < kDepth && tokens_.size() < kLength && dice_.chance(percent);
}

Node const& Sentences::pick(Node const& choice) {
  if (inside_.size() < kDepth && tokens_.size() < kLength)
    return choice.items[dice_.below(choice.items.size())];
  return *std::min_element(choice.items.begin(), choice.items.end(),
                           [&](Node const& a, Node const& b) { return height(a) < height(b); });
}

std::size_t Sentences::height(Node const& node) const {
  auto const it = heights_.find(node.id);
  return it == heights_.end() ? kTall : it->second;
}

// Rounds until nothing changes: each may know more productions than the one before.
void Sentences::measure() {
  std::function<std::size_t(Node const&)> const of = [&](Node const& node) -> std::size_t {
    std::size_t out = 0;
    if (node.kind == reference && !language_.is_token(node)) {
      out = 1 + height(language_.grammar[node.text]);
    } else if (node.kind == choice) {
      out = kTall;
      for (auto const& item : node.items) out = std::min(out, of(item));
    } else {
      for (auto const& item : node.items) {
        auto const inner = of(item);
        if (node.kind == sequence || node.kind == except) out = std::max(out, inner);
      }
    }
    return heights_[node.id] = std::min(out, kTall);
  };
  for (std::map<std::size_t, std::size_t> before = {{0, 0}}; before != heights_;) {
    before = heights_;
    for (auto const& [name, production] : language_.grammar.productions) of(production);
  }
}

}  // namespace itera::support::ebnf
