#pragma once
#include <optional>
#include <vector>

#include "core/split/distribution.hpp"
#include "core/verdict/severity.hpp"

namespace itera::verdict {

struct ArmVerdict;

/// Which of several arms that ship is taken. Indices are into the verdict's arms.
struct Ranking {
  std::size_t first = 0, second = 0;  ///< the two best by effect, weighted by severity if one is declared
  bool weighted = false;
  /// First against second, on the rows that both have: by weight, or on production's mix where the rule asks
  /// for that.
  stats::PairedEffect difference;
  double p = 1;     ///< two-sided
  bool tie = true;  ///< p > .05: nothing shows that the first is better
  std::size_t chosen = 0;
  std::optional<double> first_cost, second_cost;  ///< US dollars a call; nothing where not all is known
  /// Without the weights another arm would be the first.
  std::optional<std::size_t> first_unweighted;
};

/// Nothing with fewer than two candidates. Between two that do not differ significantly the cheaper one is
/// taken; with equal or unknown costs the first stays.
std::optional<Ranking> rank_arms(plan::Plan const& plan, Tally const& tally,
                                 std::vector<ArmVerdict> const& arms,
                                 std::vector<std::size_t> const& candidates,
                                 std::vector<split::SliceValue> const& slices);

/// "`b` is ahead of `a` by ...: ..." as a sentence without its full stop.
std::string ranking_words(plan::Plan const& plan, Ranking const& ranking,
                          std::vector<ArmVerdict> const& arms);

}  // namespace itera::verdict
