#include "dsl/explain/explain.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "dsl/explain/tables.hpp"

namespace itera::dsl {
namespace {

bool same(std::string_view a, std::string_view b) {
  auto const upper = [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return upper(x) == upper(y); });
}

}  // namespace

std::vector<Explanation> const& explanations() {
  static auto const all = [] {
    std::vector<Explanation> out;
    for (auto const part : {tables::text(), tables::clauses(), tables::method(), tables::plugins()})
      out.insert(out.end(), part.begin(), part.end());
    // Warnings stand in the table of what they are about, and last in the list.
    std::stable_partition(out.begin(), out.end(), [](auto const& e) { return e.code.id[0] == 'E'; });
    return out;
  }();
  return all;
}

Explanation const* explanation_of(std::string_view id) {
  auto const& all = explanations();
  auto const it = std::find_if(all.begin(), all.end(), [&](auto const& e) { return same(e.code.id, id); });
  return it == all.end() ? nullptr : &*it;
}

MethodRule const* rule_of(std::string_view id) {
  auto const all = method_rules();
  auto const it = std::find_if(all.begin(), all.end(), [&](auto const& r) { return same(r.id, id); });
  return it == all.end() ? nullptr : &*it;
}

std::vector<Excuse> excuses_for(std::string_view rule) {
  std::vector<Excuse> out;
  for (auto const& excuse : excuses())
    if (auto const at = excuse.rules.find(rule); at != std::string_view::npos) {
      auto const end = at + rule.size();
      if (end == excuse.rules.size() || excuse.rules[end] == ' ') out.push_back(excuse);
    }
  return out;
}

std::string codes_as_markdown() {
  std::string out = "| code | title | the way on |\n|---|---|---|\n";
  for (auto const& e : explanations())
    out += fmt::format("| {} | {} | {} |\n", e.code.id, e.code.title, e.way);
  return out;
}

}  // namespace itera::dsl
