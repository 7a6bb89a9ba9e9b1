#pragma once
#include <span>
#include <vector>

namespace itera::stats {

/// Holm's step-down adjusted p-values (Holm, Scand. J. Statist. 1979), each in the place of its own p: with p
/// sorted upward, adj_(r) = max over s <= r of min(1, (m - s + 1) p_(s)). What is not in [0, 1], NaN too,
/// counts as 1: no evidence. None in, none out. Thread-safe.
std::vector<double> holm(std::span<double const> p);

}  // namespace itera::stats
