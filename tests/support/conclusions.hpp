#pragma once
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/support/cli.hpp"

namespace itera::test {

/// Ways in which an experiment can end, for tests of what is written about it: "narrowly" (two arms with
/// trials, one from the other, in two slices), "categories" (a team's judge that tags failures),
/// "inconclusive", "clauses" (a relative rule, a guard and a control), "programs" (which have latencies),
/// "broken" (too many test rows without a score) and "closed" (test could not be opened).
std::vector<std::string> const& ends();

/// Runs the experiment that ends so in a workspace; its folder is `exp`. `report` is the spec's report
/// clause.
Outcome conclude(Workspace const& workspace, std::string const& end,
                 std::string const& report = "report using markdown");

/// What `reports` of an evidence document says of the charts with their default settings.
nlohmann::json charts_report();

}  // namespace itera::test
