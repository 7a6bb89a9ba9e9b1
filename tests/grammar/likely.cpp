#include "tests/grammar/likely.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace itera::grammar_test {
namespace {

using support::Dice;
using support::ebnf::Place;

struct Pair {
  std::string_view before;
  std::string_view text;
};

std::string_view behind(std::span<Pair const> pairs, std::string_view word) {
  auto const it = std::find_if(pairs.begin(), pairs.end(), [&](Pair const& p) { return p.before == word; });
  return it == pairs.end() ? std::string_view() : it->text;
}

std::string number(Place const& place, Dice& dice) {
  constexpr Pair pairs[] = {{"trials", "3"},   {"sample", "4000"}, {"crosscheck", "5"},
                            {"budget", "$40"}, {"weight", "2.5"},  {"cap", "3"},
                            {"seed", "7"},     {">=", "+5pp"},     {"<=", "-20%"}};
  if (place.is_in("sum")) {
    constexpr std::string_view some[] = {"50k", "2.5", "1_000", "-1", "+3", "1/3"};
    return std::string(some[dice.below(std::size(some))]);
  }
  if (place.is_in("split") && place.previous() == ",") return "1/3";
  if (auto const text = behind(pairs, place.previous()); !text.empty()) return std::string(text);
  return "30%";
}

// The word that begins the clause.
std::string_view head(Place const& place) {
  for (auto i = place.inside.rbegin(); i != place.inside.rend(); ++i)
    if (i->production == "clause" || i->production == "iteration")
      return i->begin < place.before.size() ? std::string_view(place.before[i->begin].text) : "";
  return "";
}

std::string plugin(Place const& place) {
  constexpr Pair pairs[] = {{"rows", "csv"},        {"baseline", "openai"},     {"arm", "anthropic"},
                            {"control", "process"}, {"iteration", "anthropic"}, {"report", "charts"}};
  auto const name = behind(pairs, head(place));
  return std::string(name.empty() ? "llm" : name);
}

}  // namespace

support::ebnf::Sentences::Likely likely_tokens(Dice& dice) {
  return [&dice, fresh = 0](Place const& place) mutable -> std::optional<std::string> {
    if (place.what == "nl") return std::nullopt;
    if (place.what == "number") return number(place, dice);
    if (place.what == "text") return place.previous() == "matches" ? "\"^[a-z]+$\"" : "\"some words\"";
    auto const before = place.previous();
    bool const in_setting = !place.inside.empty() && place.inside.back().production == "setting";
    std::string name = fmt::format("n{}", ++fresh);
    if (before == "using" || place.is_in("plugin")) {
      if (!in_setting && !place.is_in("value")) name = plugin(place);
    } else if (before == "from" || before == "baseline") {
      name = "base";
    } else if (before == "sprint") {
      name = "cand";
    } else if (before == "per") {
      name = "vendor";
    } else if (before == "every") {
      name = "tier";
    }
    return place.what == "column" ? "`" + name + "`" : name;
  };
}

std::string surroundings(std::string_view head) {
  constexpr Pair clauses[] = {
      {"question", "\"does it?\""},
      {"hypothesis", "\"it does\""},
      {"rows", "from csv { path = \"rows.csv\" }"},
      {"origin", "production"},
      {"row", "{ key id  input body  expected label  slice tier  entity vendor }"},
      {"split", "{ seed 7 }"},
      {"baseline", "base using openai { ref \"r\"  model = \"m\"  api_key = env(\"K\") }"},
      {"arm", "cand from base { model = \"n\" }"},
      {"metric", "score using exact"},
      {"also", "polite using exact"},
      {"failure", "silent weight 1 \"no answer\""},
      {"ship", "when effect >= 5pp"}};
  constexpr std::string_view several[] = {"arm", "also", "failure"};
  std::string out;
  for (auto const& [word, rest] : clauses)
    if (word != head || std::find(std::begin(several), std::end(several), word) != std::end(several))
      out += fmt::format("  {} {}\n", word, rest);
  return out;
}

}  // namespace itera::grammar_test
