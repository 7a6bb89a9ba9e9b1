#pragma once
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "core/plan/plan.hpp"
#include "core/split/distribution.hpp"
#include "core/stats/blind.hpp"
#include "core/verdict/tally.hpp"

namespace itera::engine {

/// Rows of dev and test by the values of every slice and of the expected answer, as the `split` entry keeps
/// them: counts, so that what test will hold can be foretold while it is sealed. A column that is text (see
/// split::distribution_of) makes no strata.
nlohmann::json strata_json(plan::Plan const& plan, split::Distribution const& distribution,
                           std::vector<split::Row const*> const& dev,
                           std::vector<split::Row const*> const& test);

/// The strata with the rows of dev that `hit` (parallel to `dev`). Those with fewer than 30 dev rows are
/// taken together: alone, the prior would speak louder than they do. One stratum for a ledger that has none.
std::vector<stats::StratumCounts> strata_of(plan::Plan const& plan, nlohmann::json const& split_body,
                                            std::vector<split::Row> const& dev, std::vector<bool> const& hit);

/// Fewest rows on which two arms differ that can show an effect at 5%, two-sided.
constexpr std::int64_t kFewestDiscordant = 6;
/// Test is blind to an arm if it holds so many with less than this chance, and weak below the other.
constexpr double kBlind = .5, kWeak = .8;

/// Per arm of the plan: what dev's differing rows foretell of test. Nothing for the baseline and controls.
std::vector<std::optional<stats::Foresight>> foresee_discordance(plan::Plan const& plan,
                                                                 nlohmann::json const& split_body,
                                                                 std::vector<split::Row> const& dev,
                                                                 verdict::Tally const& counts);

}  // namespace itera::engine
