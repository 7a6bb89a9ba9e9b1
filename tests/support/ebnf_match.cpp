#include "tests/support/ebnf_match.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

namespace itera::support::ebnf {

Ends const& Matcher::ends(Node const& node, std::size_t at) {
  auto const key = at * grammar_.parts + node.id;
  if (auto const it = known_.find(key); it != known_.end()) return it->second;
  auto found = find(node, at);
  return known_[key] = std::move(found);
}

bool Matcher::reaches(Node const& node, std::size_t at, std::size_t end) {
  auto const& found = ends(node, at);
  return std::binary_search(found.begin(), found.end(), end);
}

Ends Matcher::find(Node const& node, std::size_t at) {
  using enum Node::Kind;
  std::set<std::size_t> out;
  auto const add = [&](Ends const& more) { out.insert(more.begin(), more.end()); };
  switch (node.kind) {
    case terminal:
    case special:
      return leaf_(node, at).value_or(Ends{});
    case reference:
      if (auto const found = leaf_(node, at)) return *found;
      return ends(grammar_[node.text], at);
    case sequence:
      out.insert(at);
      for (auto const& item : node.items) {
        auto const before = std::exchange(out, {});
        for (auto const begin : before) add(ends(item, begin));
      }
      break;
    case choice:
      for (auto const& item : node.items) add(ends(item, at));
      break;
    case optional:
      out.insert(at);
      add(ends(node.items[0], at));
      break;
    case repeat:
      out.insert(at);
      // A set grows in order while it is walked: what is added lies further on.
      for (auto it = out.begin(); it != out.end(); ++it) add(ends(node.items[0], *it));
      break;
    case except: {
      auto const& whole = ends(node.items[0], at);
      auto const& but = ends(node.items[1], at);
      Ends left;
      std::set_difference(whole.begin(), whole.end(), but.begin(), but.end(), std::back_inserter(left));
      return left;
    }
  }
  return {out.begin(), out.end()};
}

}  // namespace itera::support::ebnf
