#include "levenshtein.hpp"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <vector>

std::size_t levenshtein(std::u32string_view a, std::u32string_view b) {
  if (a.size() < b.size()) std::swap(a, b);
  auto const head = std::mismatch(b.begin(), b.end(), a.begin()).first - b.begin();
  a.remove_prefix(static_cast<std::size_t>(head));
  b.remove_prefix(static_cast<std::size_t>(head));
  auto const tail = std::mismatch(b.rbegin(), b.rend(), a.rbegin()).first - b.rbegin();
  a.remove_suffix(static_cast<std::size_t>(tail));
  b.remove_suffix(static_cast<std::size_t>(tail));
  std::vector<std::uint32_t> cost(b.size() + 1);
  std::iota(cost.begin(), cost.end(), 0U);
  for (auto const row : a) {
    auto diagonal = cost[0]++;
    for (std::size_t i = 0; i < b.size(); ++i) {
      auto const above = cost[i + 1];
      cost[i + 1] = std::min({diagonal + (row == b[i] ? 0U : 1U), above + 1, cost[i] + 1});
      diagonal = above;
    }
  }
  return cost.back();
}
