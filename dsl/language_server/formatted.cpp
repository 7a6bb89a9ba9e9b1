#include <algorithm>

#include "dsl/format/format.hpp"
#include "dsl/grammar/parse.hpp"
#include "dsl/language_server/analysis.hpp"

namespace itera::dsl::language_server {

std::optional<std::vector<Fix>> formatted(SourceMap const& source) {
  Diagnostics problems;
  auto const tree = parse(source, problems);
  if (!tree.sound || problems.has_errors()) return std::nullopt;
  auto const& before = source.text();
  auto const after = format(tree, source);
  if (after == before) return std::vector<Fix>();

  auto const shorter = std::min(before.size(), after.size());
  auto same = static_cast<std::size_t>(
      std::mismatch(before.begin(), before.begin() + static_cast<std::ptrdiff_t>(shorter), after.begin())
          .first -
      before.begin());
  while (same > 0 && before[same - 1] != '\n') --same;
  std::size_t tail = 0;
  while (tail < shorter - same && before[before.size() - 1 - tail] == after[after.size() - 1 - tail]) ++tail;
  while (tail > 0 && before[before.size() - 1 - tail] != '\n') --tail;
  return std::vector{Fix{{static_cast<std::uint32_t>(same), static_cast<std::uint32_t>(before.size() - tail)},
                         after.substr(same, after.size() - tail - same)}};
}

}  // namespace itera::dsl::language_server
