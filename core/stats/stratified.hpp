#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "core/stats/paired.hpp"

namespace itera::stats {

/// One stratum: its share of production and the effect that was measured on its rows.
struct Stratum {
  double share = 0;
  PairedEffect effect;
};

/// The effect on production from strata that the rows hold in other shares: sum of share x effect, with
/// SE^2 = sum of share^2 x SE^2: strata are independent, unless rows of one cluster stand in several
/// (`join_clusters`). The interval is centred like the strata's own, on the sum of share x centre, with Welch
/// and Satterthwaite's degrees of freedom; with one stratum it is that stratum's.
///
/// Shares are scaled to add up to 1. Nothing if a share is negative or not finite, all are 0, or a stratum
/// with a share has no interval: what nobody measured has no effect, and one row has no spread. `n` and
/// `groups` are the sums over the strata with a share; what belongs to one set of rows alone (c2, deff,
/// n_kish, g_eff) keeps its initial value.
std::optional<PairedEffect> post_stratified(std::span<Stratum const> strata);

/// A row's part of the effect's error: share / rows of its stratum x (d - the stratum's effect).
struct StratifiedRow {
  std::size_t stratum = 0;
  int cluster = 0;
  double error = 0;
};

/// Rows of one cluster err together also where they stand in several strata: SE^2 grows by the ratio of the
/// cluster sums' squares to those within strata, between 1 and the most strata that one cluster reaches
/// (which it is where neither has any spread), and the degrees of freedom are fewer than the clusters.
/// Nothing changes where every cluster lies in one stratum. The same for every order of the rows.
void join_clusters(PairedEffect& effect, std::vector<StratifiedRow> rows);

}  // namespace itera::stats
