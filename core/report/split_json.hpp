#pragma once
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "core/plan/ledger.hpp"

namespace itera::report {

/// What it means that an experiment has fewer than 50 rows, for a reader; empty for a fixed split. `split` is
/// the body of the ledger's entry.
std::string folds_note(nlohmann::json const& split);

/// Members of the evidence document, from the newest split of the ledger: how many rows stand where, and the
/// audit of them against production. Null and an empty list if there is no split.
nlohmann::json split_json(plan::Ledger const& ledger);
nlohmann::json distribution_json(plan::Ledger const& ledger);

}  // namespace itera::report
