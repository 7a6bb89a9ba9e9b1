#include "core/verdict/decide.hpp"

#include <utility>

namespace itera::verdict {

std::string_view to_string(CheckStatus status) {
  constexpr std::string_view names[] = {"pass", "fail", "unproven", "n/a"};
  return names[static_cast<int>(status)];
}

std::string_view to_string(Outcome outcome) {
  constexpr std::string_view names[] = {"ship", "ship narrowly", "kill", "inconclusive", "invalid"};
  return names[static_cast<int>(outcome)];
}

int rank(Outcome outcome) {
  constexpr int ranks[] = {4, 3, 1, 2, 0};
  return ranks[static_cast<int>(outcome)];
}

Decision decide(Statuses const& s) {
  using enum CheckStatus;
  if (s.c0 == fail) return {Outcome::invalid, "C0"};
  if (s.blind) return {Outcome::inconclusive, "blind"};
  if (s.below_threshold_shown || s.harm_shown) return {Outcome::kill, "C3"};
  for (auto const& [status, name] : {std::pair{s.c5, "C5"}, {s.c6, "C6"}, {s.c7, "C7"}})
    if (status == fail) return {Outcome::kill, name};
  for (auto const& [status, name] : {std::pair{s.c1, "C1"}, {s.c2, "C2"}, {s.c3, "C3"}})
    if (status == fail || status == unproven) return {Outcome::inconclusive, name};
  if (s.c4 == fail) return {s.narrow_qualifies ? Outcome::ship_narrowly : Outcome::kill, "C4"};
  for (auto const& [status, name] :
       {std::pair{s.c0, "C0"}, {s.c4, "C4"}, {s.c5, "C5"}, {s.c6, "C6"}, {s.c7, "C7"}})
    if (status == unproven) return {Outcome::inconclusive, name};
  return {Outcome::ship, "C1"};
}

}  // namespace itera::verdict
