#pragma once
#include <nlohmann/json_fwd.hpp>

#include "core/base/result.hpp"
#include "core/forecast/outlook.hpp"
#include "core/plan/ledger.hpp"
#include "core/plan/plan.hpp"

namespace itera::engine {

struct Lab;

/// What the ledger's newest split, and dev if it was run, say of the test set; counts only.
forecast::Known known_from(plan::Plan const& plan, plan::Ledger const& ledger);
/// What may be expected of so many rows in all before they are split: shares of the split, and slices where
/// the spec declares their traffic.
forecast::Known expected_from(plan::Plan const& plan, std::size_t rows);

/// The distribution that the `split` entry keeps; no row of the source is read again.
split::Distribution distribution_from(nlohmann::json const& split_body);

/// The reason of `accept underpowered`, if the spec has it.
std::optional<std::string> accepted_underpowered(plan::Plan const& plan);

/// Refuses a test that is too small to succeed unless the spec accepts it: before the first lock by what the
/// source can give at most, so that the split may still be changed; and once the rows are split, until the
/// second lock. Nothing is paid for before.
Status size_before_frame(Lab& lab);
Status size_phase(Lab& lab);
/// What `registered` keeps of it: test_rows, best_case {ships, replicates}, accepted.
nlohmann::json size_json(Lab const& lab);

/// The refusal, without "run": what was refused, and the ways on. `locked`: the split cannot be changed.
Error too_small_error(plan::Plan const& plan, forecast::Known const& known, forecast::BestCase const& best,
                      bool locked);

}  // namespace itera::engine
