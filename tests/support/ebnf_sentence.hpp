#pragma once
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/dice.hpp"
#include "tests/support/ebnf.hpp"
#include "tests/support/ebnf_match.hpp"

namespace itera::support::ebnf {

/// A token of a sentence: `kind` is the production that describes it ("number"), or "symbol" for what only
/// stands in quotes. A word in quotes is a "name" like any other.
struct Token {
  std::string kind;
  std::string text;
  bool begins_line = false;  ///< where that is known
  friend bool operator==(Token const&, Token const&) = default;
};

/// A grammar with what its words between question marks mean.
struct Language {
  Grammar grammar;
  /// Productions that describe tokens: nothing stands between their parts.
  std::set<std::string, std::less<>> tokens;

  /// Inside of tokens: what is meant, by chance; and whether a text is it.
  struct Characters {
    std::function<std::string(Dice&)> any;
    std::function<bool(std::string_view)> is;
  };
  std::map<std::string, Characters, std::less<>> characters;

  /// Between tokens: whether it holds of `tokens` at the position, which may be their end. One that `takes`
  /// is said of the name that stands there and takes it; one that does not looks only.
  struct Condition {
    bool takes = false;
    std::function<bool(std::span<Token const> tokens, std::size_t at)> holds;
  };
  std::map<std::string, Condition, std::less<>> conditions;

  bool is_token(Node const& reference) const { return tokens.contains(reference.text); }
  /// Whether the text, as a whole, is what a part of a token's production describes.
  bool is(Node const& node, std::string_view text) const;
  /// How much of the beginning of a text the part of a token's production describes at most.
  std::optional<std::size_t> longest(Node const& node, std::string_view text) const;
  /// Whether the tokens, as a whole, are a sentence of the production.
  bool is(std::string_view production, std::span<Token const> tokens) const;

 private:
  Ends ends(Node const& node, std::string_view text) const;
};

/// Where a token is to be made up: its kind or its condition, what stands before it, and the productions that
/// it is in, the outermost first, each with the position at which it begins.
struct Place {
  std::string_view what;
  std::span<Token const> before;
  struct Inside {
    std::string_view production;
    std::size_t begin;
  };
  std::span<Inside const> inside;
  bool is_in(std::string_view production) const;
  /// The text of the token `back` tokens before; empty if there is none.
  std::string_view previous(std::size_t back = 1) const;
};

/// Makes up sentences by chance.
class Sentences {
 public:
  /// A text for a token that is as good as any other there, or nothing: then chance decides.
  using Likely = std::function<std::optional<std::string>(Place const&)>;
  Sentences(Language const& language, Dice& dice, Likely likely = {});

  /// Of the production, behind `before`, which the result does not have again.
  std::vector<Token> sentence(std::string_view production, std::vector<Token> const& before = {});
  /// A token's text alone.
  std::string token(std::string_view production);
  /// Where productions began in the sentence that was made last, in the order of the text.
  std::vector<Place::Inside> const& begun() const { return begun_; }
  /// The ids of all parts that sentences were made of.
  std::set<std::size_t> const& used() const { return used_; }

 private:
  struct DeadEnd {};
  void walk(Node const& node);
  std::string characters(Node const& node);
  Node const& pick(Node const& choice);
  bool again(std::size_t percent);
  void emit(Token token);
  void make_up(std::string_view what, std::function<std::string()> const& chance);
  std::size_t height(Node const& node) const;
  void measure();

  Language const& language_;
  Dice& dice_;
  Likely likely_;
  std::map<std::size_t, std::size_t> heights_;  // of the lowest tree below a part
  std::vector<Token> tokens_;
  std::vector<Place::Inside> inside_;
  std::vector<Place::Inside> begun_;
  std::unique_ptr<Node> start_;
  std::vector<Node const*> pending_;  // conditions on the token that comes next
  std::set<std::size_t> touched_;
  std::set<std::size_t> used_;
};

}  // namespace itera::support::ebnf
