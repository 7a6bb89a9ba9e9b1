#pragma once
#include <functional>
#include <string>
#include <vector>

#include "dsl/draft/profile.hpp"

namespace itera::test {

/// A profile of `n` rows of text cells; `row` gives the cells of the i-th.
inline dsl::Profile profile_of(std::vector<std::string> const& names, std::size_t n,
                               std::function<std::vector<std::string>(std::size_t)> const& row,
                               std::size_t most_values = 4'000'000) {
  std::vector<ports::Column> columns;
  for (auto const& name : names) columns.push_back({name, "text"});
  dsl::Profiler profiler(columns, most_values);
  for (std::size_t i = 0; i < n; ++i) {
    auto const texts = row(i);
    profiler.add({texts.begin(), texts.end()});
  }
  return profiler.finish();
}

}  // namespace itera::test
