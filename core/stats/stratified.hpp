#pragma once
#include <optional>
#include <span>

#include "core/stats/paired.hpp"

namespace itera::stats {

/// One stratum: its share of production and the effect that was measured on its rows.
struct Stratum {
  double share = 0;
  PairedEffect effect;
};

/// The effect on production from strata that the rows hold in other shares: sum of share x effect, with
/// SE^2 = sum of share^2 x SE^2 (strata are independent; rows of one entity should not stand in two). The
/// interval is centred like the strata's own, on the sum of share x centre, with Welch and Satterthwaite's
/// degrees of freedom; with one stratum it is that stratum's.
///
/// Shares are scaled to add up to 1. Nothing if a share is negative or not finite, all are 0, or a stratum
/// with a share has no interval: what nobody measured has no effect, and one row has no spread. `n` and
/// `groups` are the sums over the strata with a share; what belongs to one set of rows alone (c2, deff,
/// n_kish, g_eff) keeps its initial value.
std::optional<PairedEffect> post_stratified(std::span<Stratum const> strata);

}  // namespace itera::stats
