#pragma once
#include <nlohmann/json_fwd.hpp>

namespace itera::report {

/// What a program is told of a verdict (docs/schemas/verdict-1.json), taken from the evidence document:
/// outcome, winner, arms with their clauses, the rule, the clause that decided, what is not shown, what to do
/// next. How the command ended and where its files are is the caller's to add.
nlohmann::json verdict_json(nlohmann::json const& evidence);

}  // namespace itera::report
